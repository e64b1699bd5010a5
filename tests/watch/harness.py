"""What do the tests of a watch need: a case, a running watch, and who is told?"""

import atexit
import json
import os
import shutil
import signal
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from tests.service.harness import INSTALLED, SOURCE, cloison

INDICATOR = "203.0.113.77"
ADMIN_RULE = """
title: Account put in an administrators' group
id: 5b7f7c3e-0a53-4d0b-8c0e-3c7a2b1f9d10
level: high
tags: [attack.persistence, attack.t1098]
logsource: {product: ocsf, category: group_management}
detection:
  selection:
    activity_id: 3
    status_id: 1
    group.name|contains: admin
  condition: selection
"""


def case_with(folder: Path, *, rule: str = ADMIN_RULE) -> Path:
    """A case that knows an indicator and a rule, and holds no evidence."""
    case = folder / "case"
    shutil.copytree(_investigated(), case)
    (case / "rules").mkdir()
    (case / "rules" / "admin.yml").write_text(rule)
    return case


@cache
def _investigated() -> Path:
    """A case that was investigated without evidence: made once, and copied."""
    folder = Path(mkdtemp(prefix="cloison-watch-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "indicators.txt").write_text(f"{INDICATOR}\n")
    ran = cloison("investigate", folder / "case", "--indicators", folder / "indicators.txt", "--quiet")
    assert ran.code == 0
    return folder / "case"


def told_in(out: Path) -> list[dict[str, Any]]:
    """What stands in a file of messages, whole lines alone."""
    if not out.exists():
        return []
    text = out.read_bytes()
    return [json.loads(line) for line in text[: text.rfind(b"\n") + 1].splitlines()]


SHIPPED = f"""
{INSTALLED}
from cloison.cli.main import main
main()
"""
OWN_RULES = f"""
{INSTALLED}
import cloison.service.rule_files as files
files.shipped_rules = lambda: []
from cloison.cli.main import main
main()
"""
"""The command line without the rules that ship: they take most of the time in which a watch begins."""


class Watching:
    """A running watch that appends JSON to a file; with the rules that ship only where it is asked for."""

    def __init__(
        self,
        case: Path,
        *arguments: "str | Path",
        out: Path | None = None,
        stdin: bool = False,
        shipped: bool = False,
    ) -> None:
        self.out = out or case.parent / "told.jsonl"
        self.notes = case.parent / "notes.txt"
        command = [
            sys.executable,
            "-c",
            SHIPPED if shipped else OWN_RULES,
            "watch",
            str(case),
            *map(str, arguments),
            "--json",
            "-o",
            str(self.out),
        ]
        self._notes = self.notes.open("ab")
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
            stderr=self._notes,
            env=os.environ | {"PYTHONPATH": str(SOURCE), "CLOISON_WATCH_TOKEN": "a-token-of-a-test-run"},
        )

    def told(self) -> list[dict[str, Any]]:
        """What was told so far, whole lines alone."""
        return told_in(self.out)

    def wait_for(self, wanted: Callable[[list[dict[str, Any]]], bool], seconds: float = 60) -> list[dict[str, Any]]:
        """What was told as soon as it is what is wanted."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if wanted(told := self.told()):
                return told
            assert self.process.poll() is None, self.notes.read_text()
            time.sleep(0.02)
        raise AssertionError(f"not told in {seconds} s: {self.told()}\n{self.notes.read_text()}")

    def noted(self, start: str, seconds: float = 60, *, number: int = 0) -> str:
        """The rest of the first note that begins so, or of a later one."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            found = [line for line in self.notes.read_text().splitlines() if line.startswith(f"cloison: {start}")]
            if len(found) > number:
                return found[number].removeprefix(f"cloison: {start}").strip()
            assert self.process.poll() is None, self.notes.read_text()
            time.sleep(0.02)
        raise AssertionError(f"no note {start!r}: {self.notes.read_text()}")

    def ready(self) -> None:
        """Wait until it watches."""
        self.noted("watching with")

    def end(self, number: int = signal.SIGTERM, seconds: float = 60) -> int:
        """End it by a signal; its exit code."""
        self.process.send_signal(number)
        code = self.process.wait(seconds)
        self._notes.close()
        return code


@contextmanager
def watching(case: Path, *arguments: "str | Path", **more: Any) -> Iterator[Watching]:
    """A watch that is ready, and is ended."""
    running = Watching(case, *arguments, **more)
    try:
        running.ready()
        yield running
    finally:
        if running.process.poll() is None:
            running.end()


@contextmanager
def served(handler: type[BaseHTTPRequestHandler]) -> Iterator[HTTPServer]:
    """A web server of this machine."""
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()


@contextmanager
def serving(handler: type[socketserver.BaseRequestHandler], kind: type[socketserver.BaseServer]) -> Iterator[Any]:
    """A server of this machine of another kind."""
    with kind(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()


def sighted(told: list[dict[str, Any]]) -> list[str]:
    """The principals of sightings, in order, each as often as it was told."""
    return [one["principal"].partition("@")[0] for one in told if one["kind"] == "sighting"]
