"""A case that holds the worst that a log can say, in every field that a page shows, and the console that serves it."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from tests.service.harness import okta, okta_lines

from cloison.model.roles import Role
from cloison.server.app import Served, make_app
from cloison.server.settings import Settings
from cloison.service.acts import investigate_all
from cloison.service.desk import Desk
from cloison.service.marking import Kind, mark
from cloison.service.progress import Silent

HOSTILE = (
    "<script>document.title='owned'</script>",
    '"><img src=x onerror="document.title=\'owned\'">',
    "' onmouseover='document.title=1' x='",
    "</textarea></title></style><svg onload=document.title='owned'>",
    "{{7*7}}{% for a in b %}${7*7}#{7*7}<%= 7*7 %>",
    "javascript:document.title='owned'",
    "\x1b[31m\x1b]0;owned\x07\x1b[2J",
    "admin\u202egnp.exe\u2066\u200b\u00ad",
    "=cmd|' /C calc'!A0",
    "../../../../etc/passwd",
    "&lt;b&gt;&amp;&#x3c;script&#x3e;",
    "a\u0000b\r\nset-cookie: owned=1",
    "'; DROP TABLE events; --",
    "Z" * 3_000,
)
"""What must stay text, wherever it stands."""

INDICATOR = "198.51.100.66"
FOLDER = "<b>case</b> & 'co'"


def hostile_records() -> list[dict[str, object]]:
    """Records in which every text is one of `HOSTILE`, once of an unknown kind and once a sign-in."""
    return [
        okta(
            5_000 + 2 * number + known,
            eventType="user.session.start" if known else text,
            displayMessage=text,
            actor={"id": text, "type": text, "alternateId": text, "displayName": text},
            client={"ipAddress": INDICATOR, "userAgent": {"rawUserAgent": text}},
            authenticationContext={"externalSessionId": text},
            target=[{"id": text, "type": "AppInstance", "alternateId": text, "displayName": text}],
        )
        for number, text in enumerate(HOSTILE)
        for known in (0, 1)
    ]


def hostile_case(folder: Path) -> Path:
    """A case of ordinary records and hostile ones, with indicators, a ledger and totals."""
    evidence = folder / "evidence" / "<img src=x onerror=alert(1)>"
    evidence.mkdir(parents=True)
    (evidence / "okta.jsonl").write_bytes(okta_lines(range(120)))
    hostile = "".join(json.dumps(one) + "\n" for one in hostile_records())
    (evidence / "<script>alert(1)</script>.jsonl".replace("/", "_")).write_text(hostile, encoding="utf-8")
    (evidence / "=cmd.log").write_bytes(b"<script>no source reads this</script>\n")
    given = {
        "indicators": f"kind,value\nip,{INDICATOR}\n",
        "exposed": "system,kind,credential_uid,principal,exposed_at\n"
        "okta,account,,user1@corp.example,2025-03-04T00:00:00Z\n"
        'okta,"<i>kind</i>","<script>x</script>","user2@corp.example",2025-03-04T00:00:00Z\n',
        "totals": "system,resource_kind,total\nokta,application,50\n",
    }
    paths: dict[str, list[Path]] = {"networks": []}
    for name, text in given.items():
        paths[name] = [folder / f"{name}.csv"]
        paths[name][0].write_text(text, encoding="utf-8")
    case = folder / FOLDER
    investigate_all(
        case, [folder / "evidence"], [], paths, since=None, until=None, by_reference=False, progress=Silent()
    )
    return case


@dataclass(frozen=True)
class Running:
    """A console that answers: where, of what, and what to ask for more links."""

    base: str
    desk: Desk
    served: Served

    def link(self) -> str:
        """A link that lets one in once."""
        return f"{self.base}/enter?token={self.served.door.once.renewed()}"


@contextmanager
def console(case: Path) -> Iterator[Running]:
    """Serve a case on a free port of this machine, its answers made, the rules run."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        desk = Desk(case)
        desk.begin()
        assert desk.wait(240).state == "ready", desk.standing()
        settings = Settings((f"127.0.0.1:{port}",), port, requests_a_minute=100_000)
        served = make_app(desk, settings, owner="ada", note=len)
        server = uvicorn.Server(uvicorn.Config(served.app, log_level="critical", lifespan="on"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        try:
            yield Running(f"http://127.0.0.1:{port}", desk, served)
        finally:
            server.should_exit = True
            thread.join(20)
            desk.end()


def marked(case: Desk) -> None:
    """Say hostile things about events, as anyone with a login could."""
    view = case.view()
    for (uid,) in view.ask("SELECT event_uid FROM events WHERE src_ip = ? ORDER BY time LIMIT 3", [INDICATOR]):
        for kind in (Kind.COMMENT, Kind.TAG, Kind.PROMOTE, Kind.REPORT):
            mark(case.case, kind, str(uid), "<script>document.title='owned'</script>", who="<b>eve</b>")
        mark(case.case, Kind.STAR, str(uid), "", who="ada")


__all__ = ["HOSTILE", "INDICATOR", "Role", "Running", "console", "hostile_case", "marked"]
