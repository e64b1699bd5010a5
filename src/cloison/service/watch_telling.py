"""Who is told, and how does a message reach each exactly as often as can be held?

Standard output or a file is written by the watch itself, right after the commit. The others are told each by a thread
of its own, in order, again and again until they answer: what they were told is marked then, so that after a sudden
death at that very moment they are told once more, with the same id.
"""

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from cloison.connect.telling import Lines, Mail, RefusedError, Syslog, UnreachableError, Webhook
from cloison.model.wording import many
from cloison.watch.checkpoint import Checkpoint
from cloison.watch.forms import as_json, as_line, as_subject, as_text
from cloison.watch.message import Message

_AT_ONCE = 100
_WAITS_SECONDS = (1, 2, 5, 10, 30, 60, 120, 300)


class Sink(Protocol):
    """Somebody who is told."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def at_once(self) -> int:
        """So many messages it is told at most in one."""

    def tell(self, messages: list[Message]) -> None:
        """Tell some messages, all of them or none."""


@dataclass(frozen=True)
class Posted:
    """A webhook, with the form that it takes."""

    name: str
    hook: Webhook
    form: Callable[[Message], bytes]
    at_once: int = 1

    def tell(self, messages: list[Message]) -> None:
        """Post them."""
        for one in messages:
            self.hook.post(self.form(one), one.id)


@dataclass(frozen=True)
class Mailed:
    """Mail: what waits is told in one."""

    name: str
    mail: Mail
    at_once: int = 20

    def tell(self, messages: list[Message]) -> None:
        """Send them as one mail."""
        text = "\n\n".join(map(as_text, messages)) + "\n"
        self.mail.send(as_subject(messages), text, messages[0].id, datetime.now(UTC))


@dataclass(frozen=True)
class Logged:
    """A syslog server."""

    name: str
    syslog: Syslog
    form: Callable[[Message], bytes]
    at_once: int = 1

    def tell(self, messages: list[Message]) -> None:
        """Send them."""
        for one in messages:
            self.syslog.send(self.form(one))


class Written:
    """Standard output or a file, written by the watch itself."""

    def __init__(self, name: str, lines: Lines, *, as_json: bool) -> None:
        self.name, self._lines, self._json = name, lines, as_json

    def tell_all(self, checkpoint: Checkpoint) -> int:
        """Write what is pending; how many messages that were."""
        count = 0
        while pending := checkpoint.pending(self.name, _AT_ONCE):
            self._lines.write([(one.id, self._form(one)) for _, one in pending])
            checkpoint.told(self.name, pending[-1][0])
            count += len(pending)
        return count

    def _form(self, message: Message) -> bytes:
        return as_json(message) if self._json else as_line(message).encode()


class Teller(threading.Thread):
    """Tells one sink what is pending, in order."""

    def __init__(self, sink: Sink, checkpoint: Path, note: Callable[[str], None]) -> None:
        super().__init__(name=sink.name, daemon=True)
        self._sink, self._path, self._note = sink, checkpoint, note
        self._wake, self._stopping = threading.Event(), threading.Event()
        self._failed = 0

    def wake(self) -> None:
        """Something may be pending."""
        self._wake.set()

    def stop(self, seconds: float) -> None:
        """Tell what is pending if it can be told at once, and end."""
        self._stopping.set()
        self._wake.set()
        self.join(timeout=seconds)

    def run(self) -> None:
        """Tell until stopped."""
        checkpoint = Checkpoint(self._path)
        try:
            while True:
                told = self._tell(checkpoint)
                if self._stopping.is_set():
                    return
                if self._failed:
                    self._stopping.wait(_WAITS_SECONDS[min(self._failed, len(_WAITS_SECONDS)) - 1])
                elif not told:
                    self._wake.wait(timeout=5)
                    self._wake.clear()
        finally:
            checkpoint.close()

    def _tell(self, checkpoint: Checkpoint) -> bool:
        """Tell some of what is pending; whether there was any."""
        pending = checkpoint.pending(self._sink.name, self._sink.at_once)
        if not pending:
            return False
        try:
            self._sink.tell([one for _, one in pending])
        except UnreachableError as fault:
            if not self._failed:
                self._note(f"{self._sink.name} cannot be told, tried again until it can: {fault}")
            self._failed += 1
            return True
        except RefusedError as fault:
            self._note(f"{self._sink.name} does not take {many(len(pending), 'message')}, kept aside: {fault}")
            for seq, one in pending:
                checkpoint.refuse(self._sink.name, seq, one, str(fault))
        else:
            checkpoint.told(self._sink.name, pending[-1][0])
        if self._failed:
            self._note(f"{self._sink.name} is told again")
        self._failed = 0
        return True


def stop_all(tellers: list[Teller], seconds: float = 5) -> None:
    """Stop all, together within so many seconds each."""
    for one in tellers:
        with suppress(RuntimeError):
            one.stop(seconds)
