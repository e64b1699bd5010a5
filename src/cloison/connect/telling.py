"""What tells messages to the world: lines to standard output or a file, a webhook, mail, syslog.

Each is handed bytes that are ready and says whether they arrived. `UnreachableError` is worth another try.
"""

import os
import select
import smtplib
import socket
import ssl
import stat
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from http.client import responses
from typing import IO
from urllib.parse import urlsplit

_TIMEOUT_SECONDS = 10
_TRY_AGAIN = {401, 403, 404, 408, 409, 425, 429}
"""Answers that a person, or time, can change; another 4xx is about the message itself."""
_TAIL = 4 << 20


class UnreachableError(Exception):
    """It cannot be told now."""


class RefusedError(Exception):
    """It will never be taken."""


class Lines:
    """Writes lines to an open file. In a regular file what stands there already is not written again.

    A line is written whole or, after a sudden death, completed: so a regular file holds every line exactly once. To a
    pipe or a terminal what was written but not yet marked as told, is written again after a sudden death.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._descriptor = file.fileno()
        self._regular = stat.S_ISREG(os.fstat(self._descriptor).st_mode)
        self._first = self._regular

    def write(self, lines: Sequence[tuple[str, bytes]]) -> None:
        """Write lines, each with the id that it holds.

        Raises:
            BrokenPipeError: nobody reads any more.
            UnreachableError: the disk takes no more.
        """
        rest = self._missing(lines) if self._first else b"".join(line + b"\n" for _, line in lines)
        self._first = False
        try:
            left = memoryview(rest)  # without a buffer, which would keep what the disk did not take, and write it twice
            while left:
                left = left[self._put(left) :]
            if self._regular:
                os.fsync(self._descriptor)
        except BrokenPipeError:
            raise
        except OSError as fault:
            self._first = self._regular
            raise UnreachableError(fault.strerror or str(fault)) from fault

    def _put(self, left: memoryview) -> int:
        try:
            return os.write(self._descriptor, left)
        except BlockingIOError:  # a pipe that somebody made not to wait
            select.select([], [self._descriptor], [])
            return 0

    def _missing(self, lines: Sequence[tuple[str, bytes]]) -> bytes:
        """What of the lines the file does not hold yet: of one that was cut off, its end."""
        held = self._tail()
        whole, _, torn = held.rpartition(b"\n")
        written = []
        for uid, line in lines:
            if uid.encode() in whole:
                continue
            begun = torn if torn and line.startswith(torn) else b""
            torn = b"" if begun else torn
            written.append(line[len(begun) :] + b"\n")
            torn = b""
        return b"".join(written)

    def _tail(self) -> bytes:
        size = os.fstat(self._descriptor).st_size
        with open(f"/proc/self/fd/{self._descriptor}", "rb") as file:  # noqa: PTH123 - the same file, opened to be read
            file.seek(max(0, size - _TAIL))
            return file.read()


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """A webhook is where it was said to be."""


@dataclass(frozen=True)
class Webhook:
    """Posts JSON to a URL, of which only the host is ever shown: the rest is often a secret."""

    url: str

    @property
    def shown(self) -> str:
        """Its host."""
        return urlsplit(self.url).hostname or "?"

    def post(self, body: bytes, uid: str) -> None:
        """Post one message.

        Raises:
            UnreachableError: no answer, or one that may change.
            RefusedError: it is not wanted.
        """
        headers = {"Content-Type": "application/json", "Idempotency-Key": uid, "User-Agent": "cloison"}
        request = urllib.request.Request(self.url, body, headers, method="POST")  # noqa: S310 - http and https alone
        opener = urllib.request.build_opener(_NoRedirect)
        try:
            with opener.open(request, timeout=_TIMEOUT_SECONDS) as answer:
                answer.read(1 << 16)
        except urllib.error.HTTPError as answer:
            with answer:
                self._refused(answer.code)
        except (OSError, ValueError) as fault:
            raise UnreachableError(f"{self.shown}: {_why(fault)}") from None

    def _refused(self, code: int) -> None:
        words = f"{self.shown} answered {code} {responses.get(code, '')}".strip()
        if 400 <= code < 500 and code not in _TRY_AGAIN:
            raise RefusedError(words)
        raise UnreachableError(words)


@dataclass(frozen=True)
class Mail:
    """Sends mail over SMTP.

    Attributes:
        server: host and port.
        security: plain, starttls, or tls from the first byte.
        login: user and password; None for none.
    """

    server: tuple[str, int]
    security: str
    sender: str
    receivers: tuple[str, ...]
    login: tuple[str, str] | None = None

    @property
    def shown(self) -> str:
        """To whom."""
        return ", ".join(self.receivers)

    def send(self, subject: str, text: str, uid: str, at: datetime) -> None:
        """Send one mail.

        Raises:
            UnreachableError: the server cannot be reached, or does not take it now.
            RefusedError: it is not wanted.
        """
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self.sender, ", ".join(self.receivers), subject
        mail["Date"], mail["Message-ID"] = format_datetime(at), f"<{uid}@cloison.invalid>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(text)
        try:
            with self._opened() as server:
                server.send_message(mail)
        except smtplib.SMTPRecipientsRefused as fault:
            self._judged(min(code for code, _ in fault.recipients.values()), "no receiver is taken")
        except smtplib.SMTPResponseException as fault:
            self._judged(fault.smtp_code, str(fault.smtp_error))
        except (OSError, smtplib.SMTPException) as fault:
            raise UnreachableError(f"{self.server[0]}: {_why(fault)}") from None

    def _opened(self) -> smtplib.SMTP:
        secure = ssl.create_default_context()
        if self.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(*self.server, timeout=_TIMEOUT_SECONDS, context=secure)
        else:
            server = smtplib.SMTP(*self.server, timeout=_TIMEOUT_SECONDS)
        if self.security == "starttls":
            server.starttls(context=secure)
        if self.login:
            server.login(*self.login)
        return server

    def _judged(self, code: int, why: str) -> None:
        told = f"{self.server[0]} answered {code}: {why}"
        if code in {552, 554}:  # about this mail itself; the rest a person can change
            raise RefusedError(told)
        raise UnreachableError(told)


class Syslog:
    """Sends syslog over UDP or TCP; over TCP each message with its length before it."""

    def __init__(self, host: str, port: int, *, tcp: bool) -> None:
        self._address, self._tcp = (host, port), tcp
        self._socket: socket.socket | None = None

    @property
    def shown(self) -> str:
        """Where."""
        return f"{self._address[0]}:{self._address[1]}"

    def send(self, message: bytes) -> None:
        """Send one message. UDP does not say whether it arrives.

        Raises:
            UnreachableError: there is no connection.
        """
        try:
            if self._socket is None:
                self._socket = self._opened()
            self._socket.sendall(b"%d %s" % (len(message), message) if self._tcp else message[:60_000])
        except OSError as fault:
            if self._socket is not None:
                self._socket.close()
            self._socket = None
            raise UnreachableError(f"{self.shown}: {_why(fault)}") from None

    def _opened(self) -> socket.socket:
        if self._tcp:
            return socket.create_connection(self._address, timeout=_TIMEOUT_SECONDS)
        family, kind, protocol, _, address = socket.getaddrinfo(*self._address, type=socket.SOCK_DGRAM)[0]
        opened = socket.socket(family, kind, protocol)
        opened.connect(address)
        return opened


def _why(fault: Exception) -> str:
    reason = getattr(fault, "reason", None)
    return str(
        getattr(reason, "strerror", None) or reason or getattr(fault, "strerror", None) or fault or type(fault).__name__
    )
