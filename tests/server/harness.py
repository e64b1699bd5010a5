"""What do the tests of the console need: a small case, a running server, and someone who asks it?"""

import secrets
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pyotp
import pytest
import uvicorn
from argon2 import PasswordHasher
from tests.service.harness import okta_lines

from cloison.model.roles import Role
from cloison.server.app import Served, make_app
from cloison.server.settings import ALONE, TEAM, Settings
from cloison.service.acts import investigate_all
from cloison.service.case import Case
from cloison.service.desk import Desk
from cloison.service.managing import make_key
from cloison.service.marking_views import save_view, share
from cloison.service.people import People, Person
from cloison.service.progress import Silent

FAST = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD = "a whole sentence"  # noqa: S105  # of nobody


def small_case(folder: Path) -> Path:
    """A case of 300 sign-ins, of which one address is an indicator, with its answers."""
    given = folder.parent / f"{folder.name}-given"
    given.mkdir()
    (given / "okta.jsonl").write_bytes(okta_lines(range(300)))
    (given / "indicators.txt").write_text("198.51.100.7\n")
    inputs = {"indicators": [given / "indicators.txt"], "exposed": [], "networks": [], "totals": []}
    investigate_all(
        folder, [given / "okta.jsonl"], [], inputs, since=None, until=None, by_reference=False, progress=Silent()
    )
    return folder


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        """The seconds."""
        return self.now


@dataclass
class Console:
    """A server that runs, with what it said."""

    base: str
    served: Served
    clock: Clock
    people: People
    said: list[str] = field(default_factory=list)
    secrets: dict[str, str] = field(default_factory=dict)

    @property
    def case(self) -> Case:
        """The case that it serves."""
        return self.served.door.desk.case

    def client(self) -> httpx.Client:
        """A browser without cookies."""
        return httpx.Client(base_url=self.base, timeout=30)

    def alone(self) -> httpx.Client:
        """A browser in which the one-time link was opened."""
        client = self.client()
        client.get("/enter", params={"token": self.served.door.once.renewed()}).raise_for_status()
        return client

    def let_in(self, role: Role, name: str = "", *, guest: bool = False) -> httpx.Client:
        """A browser with a session of that role, begun beside the pages where one logs in; a guest has a link."""
        client, person = self.client(), Person(name or role, role)
        if guest:
            view = save_view(self.case, "shown", "/timeline", "", who="lea")
            _, made = share(self.case, view.number, days=1, who="lea")
            person = Person("link", role, str(view.number), made.number)
        cookie = self.served.door.sessions.begin(person, None)
        client.cookies.set(cookie.key, cookie.value or "")
        return client

    def program(self, role: Role, *, days: int = 1) -> httpx.Client:
        """A program with a key of that role, made by a lead."""
        name = f"{role}-{secrets.token_hex(4)}"
        made = make_key(self.case.folder, name, role, days=days, by="lea", at_most=Role.LEAD)
        return httpx.Client(
            base_url=self.base, timeout=30, headers={"authorization": f"Bearer {made.secret}", "x-name": name}
        )

    def add(self, name: str, role: Role) -> None:
        """Someone with a password and codes."""
        self.secrets[name] = self.people.add(name, role, password=PASSWORD)

    def code(self, name: str, steps: int = 0) -> str:
        """The code that their app shows now, or so many steps later."""
        return pyotp.TOTP(self.secrets[name]).at(int(time.time()) + 30 * steps)


def csrf(client: httpx.Client) -> str:
    """The token that forms carry, which is the value of a cookie."""
    client.get("/login")
    return next(value for name, value in client.cookies.items() if name.endswith("-form"))


def log_in(client: httpx.Client, name: str, password: str, code: str, **more: str) -> httpx.Response:
    """Send the form of the page where one logs in."""
    form = {"name": name, "password": password, "code": code, "_csrf_token": csrf(client), **more}
    return client.post("/login", data=form)


@contextmanager
def running(folder: Path, **changed: object) -> Iterator[Console]:
    """A server on a free port of this machine; `changed` are its settings."""
    clock, people, said = Clock(), People(folder, FAST), list[str]()
    config = uvicorn.Config(
        "", host="127.0.0.1", port=0, log_config=None, access_log=False, ws="none", server_header=False
    )
    listening = config.bind_socket()
    port = listening.getsockname()[1]
    changed.setdefault("lasts", TEAM if changed.get("team") else ALONE)
    settings = Settings((f"127.0.0.1:{port}", f"localhost:{port}"), port, **changed)  # type: ignore[arg-type]
    desk = Desk(folder)
    served = make_app(desk, settings, owner="ada", people=people, clock=clock, note=said.append)
    config.app = served.app
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    desk.begin()
    desk.wait()
    try:
        while not server.started:
            time.sleep(0.01)
        yield Console(f"http://127.0.0.1:{port}", served, clock, people, said)
    finally:
        server.should_exit = True
        thread.join()
        desk.end()


@pytest.fixture(scope="session")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case with all its answers, for tests to copy."""
    folder = small_case(tmp_path_factory.mktemp("answered") / "case")
    desk = Desk(folder)
    desk.begin()
    assert desk.wait().state == "ready"
    desk.end()
    return folder


@pytest.fixture
def case_folder(answered: Path, tmp_path: Path) -> Path:
    """A case of a test's own."""
    return Path(shutil.copytree(answered, tmp_path / "case"))


@pytest.fixture(scope="module")
def console(answered: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    """A console for one person, which the tests of a file share."""
    with running(Path(shutil.copytree(answered, tmp_path_factory.mktemp("alone") / "case"))) as one:
        yield one


@pytest.fixture
def team(case_folder: Path) -> Iterator[Console]:
    """A console for a team with a lead, a responder and a viewer, of a test's own."""
    with running(case_folder, team=True) as one:
        for name, role in (("lea", Role.LEAD), ("rob", Role.RESPONDER), ("vic", Role.VIEWER)):
            one.add(name, role)
        yield one
