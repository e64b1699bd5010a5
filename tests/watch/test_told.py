"""Is everybody told: by webhook, Slack, Teams, mail and syslog, in order, once, and again where they could not be?"""

import json
import socketserver
import time
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, ClassVar

from tests.watch.harness import case_with, served, serving, sighted, watching
from tests.watch.records import sign_in

HOSTILE = "mark\x1b[31m<!channel>\u202e*x*"


class Hook(BaseHTTPRequestHandler):
    """A webhook that first fails, then refuses one message, then takes all."""

    seen: ClassVar[list[tuple[str, str, Any]]] = []
    answers: ClassVar[list[int]] = []

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        code = self.answers.pop(0) if self.answers else 200
        if code == 200:
            self.seen.append((self.path, self.headers["Idempotency-Key"], body))
        self.send_response(code)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


class Mailbox(socketserver.StreamRequestHandler):
    """As much of SMTP as a sender needs."""

    mails: ClassVar[list[bytes]] = []

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"DATA":
                self.wfile.write(b"354 go\r\n")
                self.mails.append(b"".join(iter(self.rfile.readline, b".\r\n")))
            elif word == b"QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            self.wfile.write(b"250 ok\r\n")


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True


class Drain(socketserver.BaseRequestHandler):
    """A syslog server over UDP."""

    seen: ClassVar[list[bytes]] = []

    def handle(self) -> None:
        self.seen.append(self.request[0])


def until(wanted: Any, seconds: float = 60) -> None:
    begun = time.monotonic()
    while not wanted():
        assert time.monotonic() - begun < seconds
        time.sleep(0.05)


def test_everybody_is_told(tmp_path: Path) -> None:
    log = tmp_path / "okta.jsonl"
    log.write_bytes(sign_in(0) + b"\n" + sign_in(1, who=HOSTILE) + b"\n" + sign_in(2) + b"\n")
    Hook.seen, Hook.answers, Mailbox.mails, Drain.seen = [], [503], [], []
    case = case_with(tmp_path)
    with (
        served(Hook) as hook,
        serving(Mailbox, Server) as mailbox,
        serving(Drain, socketserver.ThreadingUDPServer) as drain,
    ):
        at = f"http://127.0.0.1:{hook.server_port}"
        options = [
            "--webhook", f"{at}/generic", "--slack", f"{at}/slack", "--teams", f"{at}/teams",
            "--mail", "duty@corp.example", "--smtp", f"smtp://127.0.0.1:{mailbox.server_address[1]}",
            "--syslog", f"udp://127.0.0.1:{drain.server_address[1]}",
        ]  # fmt: skip
        with watching(case, log, *options, shipped=True) as watch:
            told = watch.wait_for(lambda told: len(sighted(told)) >= 3)
            until(lambda: len(Hook.seen) >= 3 * len(watch.told()) and Mailbox.mails and len(Drain.seen) >= 3)
            time.sleep(0.5)
            told = watch.told()
    ids = [one["id"] for one in told]
    for path in ("/generic", "/slack", "/teams"):
        assert [key for where, key, _ in Hook.seen if where == path] == ids
    assert [body for where, _, body in Hook.seen if where == "/generic"] == told
    slack = json.dumps([body for where, _, body in Hook.seen if where == "/slack"])
    assert "<!channel>" not in "".join(one["text"] for one in json.loads(slack))
    assert "mrkdwn" not in slack
    teams = [body for where, _, body in Hook.seen if where == "/teams"]
    assert teams[0]["attachments"][0]["contentType"] == "application/vnd.microsoft.card.adaptive"
    mail = message_from_bytes(Mailbox.mails[0])
    assert mail["To"] == "duty@corp.example"
    assert mail["Subject"].startswith("[cloison] CRITICAL: A published address or client comes in: okta")
    text = mail.get_payload(decode=True).decode()  # type: ignore[union-attr]
    assert "mark0@corp.example" in text
    assert "\x1b" not in text
    assert Drain.seen[0].startswith(b"<82>1 ")
    assert b"\x1b" not in b"".join(Drain.seen)
    assert "cannot be told, tried again" in watch.notes.read_text()
    assert "is told again" in watch.notes.read_text()


def test_who_does_not_answer_is_told_after_a_restart(tmp_path: Path) -> None:
    log = tmp_path / "okta.jsonl"
    log.write_bytes(sign_in(0) + b"\n")
    Hook.seen, Hook.answers = [], [503] * 50
    case = case_with(tmp_path)
    with served(Hook) as hook:
        options = ["--webhook", f"http://127.0.0.1:{hook.server_port}/generic"]
        with watching(case, log, *options) as watch:
            watch.wait_for(lambda told: len(sighted(told)) >= 1)
            until(lambda: len(Hook.answers) < 50)
        assert Hook.seen == []
        Hook.answers = [400]
        with log.open("ab") as file:
            file.write(sign_in(1) + b"\n")
        with watching(case, log, *options) as watch:
            told = watch.wait_for(lambda told: len(sighted(told)) >= 2)
            until(lambda: len(Hook.seen) >= len(told) - 1)
    assert [key for _, key, _ in Hook.seen] == [one["id"] for one in told[1:]]  # the first was refused for good
    assert "does not take 1 message, kept aside: 127.0.0.1 answered 400 Bad Request" in watch.notes.read_text()


def test_what_happens_again_is_told_once_and_then_with_its_count(tmp_path: Path) -> None:
    log = tmp_path / "okta.jsonl"
    log.write_bytes(b"".join(sign_in(number, who="ada") + b"\n" for number in range(40)))
    with watching(case_with(tmp_path), log, "--every", "2s") as watch:
        told = watch.wait_for(lambda told: len(sighted(told)) >= 2)
    first, second = (one for one in told if one["kind"] == "sighting")
    assert (first["count"], first["update"], first["fold"]) == (1, 0, second["fold"])
    assert (second["count"], second["update"]) == (40, 1)
    assert first["id"] != second["id"]
    assert len(second["records"]) == 6
    assert (second["first_at"], second["last_at"]) == ("2025-03-04T09:00:00Z", "2025-03-04T09:00:39Z")
