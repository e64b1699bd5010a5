"""A load of events for a watch: so many a second, of several logs, with marks among them that it has to tell."""

import json
import random
import threading
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import FileIO
from pathlib import Path
from typing import BinaryIO

INDICATOR = "203.0.113.77"
_STEP_SECONDS = 0.05
_PEOPLE, _TICKETS = 2_000, 50_000


def okta_line(at: str, number: int, who: str, ip: str) -> str:
    """A sign-in as Okta's system log tells it."""
    return json.dumps(
        {
            "uuid": f"00000000-0000-4000-8000-{number:012x}",
            "published": at,
            "eventType": "user.session.start",
            "severity": "INFO",
            "displayMessage": "User login to Okta",
            "outcome": {"result": "SUCCESS"},
            "actor": {"id": f"00u{who}", "type": "User", "alternateId": f"{who}@corp.example", "displayName": who},
            "client": {"ipAddress": ip, "userAgent": {"rawUserAgent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/119.0"}},
            "authenticationContext": {"externalSessionId": f"idx-{who}"},
            "target": [{"id": "0oa1", "type": "AppInstance", "alternateId": "wiki", "displayName": "Wiki"}],
        }
    )


def jira_line(at: datetime, number: int, who: str, ip: str) -> str:
    """A request as Jira's access log tells it."""
    stamp = at.strftime("%d/%b/%Y:%H:%M:%S +0000")
    return (
        f'{ip} {number % 1440}x{number}x1 {who} [{stamp}] "GET /browse/OPS-{number % _TICKETS} HTTP/1.1" 200 512 0.04 '
        f'"https://jira.corp.example/" "Mozilla/5.0 (X11; Linux x86_64) Chrome/119.0" "s-{who}"'
    )


def web_line(at: datetime, number: int, who: str, ip: str) -> str:
    """A request as a web server's combined log tells it."""
    stamp = at.strftime("%d/%b/%Y:%H:%M:%S +0000")
    return f'{ip} - {who} [{stamp}] "GET /page/{number % _TICKETS} HTTP/1.1" 200 512 "-" "Mozilla/5.0 Chrome/119"'


@dataclass
class Load:
    """Writes events below a folder, a second's worth a second; `marks` says when each mark was written.

    Args:
        folder: where the logs grow.
        rate: events a second.
        marks_a_second: of them, so many come from the indicator's address, each by a principal of its own.
        rotate_seconds: so often each log is rotated, by renaming and by cutting in turn; 0 for never.
    """

    folder: Path
    rate: int
    marks_a_second: int = 5
    rotate_seconds: float = 0
    marks: dict[str, float] = field(default_factory=dict)
    written: int = 0
    behind_seconds: float = 0.0
    _stop: threading.Event = field(default_factory=threading.Event)

    def run(self, seconds: float, told: Callable[[float], None] = lambda _: None) -> None:
        """Write for so long."""
        chance = random.Random(7)
        files = {name: (self.folder / name).open("ab", buffering=0) for name in ("okta.jsonl", "jira.log", "web.log")}
        begun = time.monotonic()
        step = 0
        while (step * _STEP_SECONDS) < seconds and not self._stop.is_set():
            due = begun + step * _STEP_SECONDS
            time.sleep(max(0.0, due - time.monotonic()))
            self.behind_seconds = max(self.behind_seconds, time.monotonic() - due)
            self._step(step, chance, files)
            told(time.monotonic() - begun)
            step += 1
        for file in files.values():
            file.close()

    def stop(self) -> None:
        """Write no more."""
        self._stop.set()

    def _step(self, step: int, chance: random.Random, files: Mapping[str, BinaryIO | FileIO]) -> None:
        count = round(self.rate * _STEP_SECONDS * (step + 1)) - round(self.rate * _STEP_SECONDS * step)
        now = datetime.now(UTC)
        at = now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        okta, jira, web = [], [], []
        for number in range(self.written, self.written + count):
            who = f"user{chance.randrange(_PEOPLE)}"
            ip = f"198.51.100.{zlib.crc32(who.encode()) % 250 + 1}"
            kind = number % 10
            if kind < 3:
                okta.append(okta_line(at, number, who, ip))
            elif kind < 7:
                jira.append(jira_line(now, number, who, ip))
            else:
                web.append(web_line(now, number, who, ip))
        every = max(1, round(1 / (_STEP_SECONDS * self.marks_a_second)))
        if step % every == 0:
            mark = f"mark{step // every}"
            okta.append(okta_line(at, 10**9 + step, mark, INDICATOR))
            count += 1
            self.marks[mark] = time.time()
        for name, lines in (("okta.jsonl", okta), ("jira.log", jira), ("web.log", web)):
            if lines:
                files[name].write("\n".join(lines).encode() + b"\n")
        self.written += count
