"""How long does a page of the console take over a lake of a million or ten million events, and how much memory?

The server is a process of its own, asked over HTTP as a browser would ask it; every page is asked for with other hours,
values or places each time, so that few answers are known from before. Rules are not run: the page of detections is left
out. Run by itself this file is that server.
"""

import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from itertools import islice
from pathlib import Path
from random import Random
from time import perf_counter
from urllib.parse import urlencode, urlsplit

from benchmarks.lakes.lake import found, write_lake
from benchmarks.lakes.ready import command, make_ready
from benchmarks.lakes.running import run
from benchmarks.scale import place

_ROOT = Path(__file__).parents[1]
_PYTHONPATH = f"{_ROOT}:{_ROOT / 'src'}"
EVENTS = (1_000_000,)
TIMES = 40
HEADER = f"{'page':<34}{'p50':>9}{'p95':>9}{'most':>9}{'first':>9}{'bytes':>10}"


@dataclass(frozen=True)
class Timed:
    """The seconds that each answer to a kind of question took, in the order in which they were asked for."""

    name: str
    seconds: tuple[float, ...]
    size: int

    def told(self) -> str:
        """One row of the table, in milliseconds."""
        ordered = sorted(self.seconds)
        places = (len(ordered) // 2, max(0, -(-95 * len(ordered) // 100) - 1), -1)
        cells = "".join(f"{1000 * ordered[at]:>6.0f} ms" for at in places)
        return f"{self.name:<34}{cells}{1000 * self.seconds[0]:>6.0f} ms{self.size:>10,}"


@dataclass
class Browser:
    """One visitor who keeps the cookies that they are given."""

    host: str
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, path: str) -> tuple[int, bytes]:
        """The status and the body of an answer."""
        line = HTTPConnection(self.host, timeout=600)
        held = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        line.request("GET", path, headers={"cookie": held} if held else {})
        answer = line.getresponse()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        body = answer.read()
        line.close()
        return answer.status, body


def looked_at(sizes: tuple[int, ...], *, folder: Path | None = None, memory: str = "4GB") -> Iterator[str]:
    """Investigate a lake of each size, serve it, and ask for every page many times."""
    with place(folder) as here:
        for events in sizes:
            lake = here / f"lake-{events}"
            found(lake, events) or write_lake(lake, events)
            case = make_ready(lake)
            run([*command(lake), "--memory", memory, "-q"])
            yield from _served(case.folder, events)


def _served(case: Path, events: int) -> Iterator[str]:
    begun = perf_counter()
    words = [sys.executable, "-m", "benchmarks.console", str(case)]
    server = subprocess.Popen(words, stdout=subprocess.PIPE, env={"PYTHONPATH": _PYTHONPATH}, text=True)
    try:
        link = urlsplit((server.stdout.readline() if server.stdout else "").strip())
        browser = Browser(link.netloc)
        browser.ask(f"{link.path}?{link.query}")
        while browser.ask("/")[0] == 503:
            if server.poll() is not None:
                raise SystemExit("the console ended")
        yield f"{events:,} events, open to be looked at after {perf_counter() - begun:.1f} s"
        yield HEADER
        every: list[float] = []
        for name, paths in pages(browser):
            timed = _timed(browser, name, paths)
            every += timed.seconds
            yield timed.told()
        yield Timed("all pages", tuple(every), 0).told()
        yield f"memory of the server at most {_peak(server.pid):,} MB"
    finally:
        server.terminate()
        server.wait()


def pages(browser: Browser) -> Iterator[tuple[str, Iterator[str]]]:
    """Every kind of page with addresses that ask it differently."""
    chance = Random(7)
    since, until = _span(browser)

    def at() -> datetime:
        return since + timedelta(seconds=chance.randrange(int((until - since).total_seconds())))

    names = _values(browser, "principal")
    addresses = _values(browser, "src_ip")
    rows = re.findall(rb'href="(/record/[^"]+)"', browser.ask(_path("/timeline", layer="events"))[1])
    sessions = re.findall(rb'href="(/session/[^"]+)"', browser.ask("/scope")[1]) or [b"/scope"]
    kinds: dict[str, Callable[[], str]] = {
        "overview": lambda: "/",
        "timeline": lambda: "/timeline",
        "timeline, all events": lambda: _path("/timeline", layer="events"),
        "timeline, a day of events": lambda: _hours("/timeline", at(), timedelta(days=1), layer="events"),
        "timeline, five minutes of events": lambda: _hours("/timeline", at(), timedelta(minutes=5), layer="events"),
        "timeline, events from here on": lambda: _path("/timeline", layer="events", **{"from": f"{at():%FT%TZ}"}),
        "timeline, events of a principal": lambda: _path(
            "/timeline", layer="events", f=f"principal:is:{chance.choice(names)}"
        ),
        "timeline, events of an address": lambda: _path(
            "/timeline", layer="events", f=f"src_ip:is:{chance.choice(addresses)}"
        ),
        "timeline, a text in an object": lambda: _path(
            "/timeline", layer="events", f=f"resource_uid:has:{chance.randrange(10_000)}"
        ),
        "timeline, deep in the events": lambda: _path("/timeline", layer="events", after=f'["{at():%FT%T}","0"]'),
        "acts of the intruder": lambda: _path("/timeline", layer="acts"),
        "scope": lambda: "/scope",
        "session": lambda: chance.choice(sessions).decode().replace("&amp;", "&"),
        "graph": lambda: chance.choice(("/graph", "/graph?all=1")),
        "credentials": lambda: _path("/credentials", f=f"credential_uid:has:{chance.randrange(1_000)}"),
        "coverage": lambda: _hours("/coverage", at(), timedelta(days=chance.randrange(1, 30))),
        "all sessions": lambda: _path("/table/sessions", after=str(50 * chance.randrange(400))),
        "record": lambda: chance.choice(rows).decode().replace("&amp;", "&"),
        "pivot": lambda: _path("/pivot", value=chance.choice(names + addresses)),
    }
    for name, made in kinds.items():
        yield name, islice(iter(made, ""), TIMES)


def _timed(browser: Browser, name: str, paths: Iterator[str]) -> Timed:
    seconds, size = [], 0
    for path in paths:
        begun = perf_counter()
        status, body = browser.ask(path)
        seconds.append(perf_counter() - begun)
        size = max(size, len(body))
        if status != 200:
            raise SystemExit(f"{path} answers {status}")
    return Timed(name, tuple(seconds), size)


def _path(path: str, **words: str) -> str:
    return f"{path}?{urlencode(words)}"


def _hours(path: str, since: datetime, span: timedelta, **words: str) -> str:
    return _path(path, **words, **{"from": f"{since:%FT%TZ}", "to": f"{since + span:%FT%TZ}"})


def _span(browser: Browser) -> tuple[datetime, datetime]:
    times = re.findall(rb"\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ", browser.ask("/table/coverage")[1])
    found = sorted(datetime.strptime(one.decode(), "%Y-%m-%d %H:%M:%SZ").replace(tzinfo=UTC) for one in times)
    return found[0], found[-1]


def _values(browser: Browser, column: str) -> list[str]:
    """Some values of a column that the first events have."""
    body = browser.ask(_path("/timeline", layer="events", f=f"{column}:not:", limit="500"))[1].decode()
    label = column.replace("_", " ")
    return sorted(set(re.findall(rf'data-label="{label}"[^>]*><a class="pivot"[^>]*data-exact="([^"&]+)"', body)))


def _peak(pid: int) -> int:
    told = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(re.findall(r"VmHWM:\s+(\d+)", told)[0]) // 1000


def _serve(case: Path) -> None:
    """Serve a case whose answers are made, on a free port of this machine."""
    import uvicorn  # noqa: PLC0415, the server alone needs it

    from cloison.server.app import make_app  # noqa: PLC0415
    from cloison.server.settings import Settings  # noqa: PLC0415
    from cloison.service.desk import Desk  # noqa: PLC0415

    sockets = [_free()]
    port = sockets[0].getsockname()[1]
    desk = Desk(case, make=lambda _case, _progress: None)
    served = make_app(desk, Settings((f"127.0.0.1:{port}",), port, requests_a_minute=1_000_000), owner="benchmark")
    desk.begin()
    print(f"http://127.0.0.1:{port}/enter?token={served.door.once.renewed()}", flush=True)
    uvicorn.Server(uvicorn.Config(served.app, log_level="critical")).run(sockets=sockets)


def _free() -> socket.socket:
    made = socket.socket()
    made.bind(("127.0.0.1", 0))
    made.listen()
    return made


if __name__ == "__main__":
    _serve(Path(sys.argv[1]))
