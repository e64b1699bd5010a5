"""What listens for pushed events: HTTP, syslog over UDP and TCP, and standard input. Each hands on lines."""

import hmac
import json
import selectors
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import IO, Protocol

Take = Callable[[list[bytes]], int]
"""Has lines on the disk when it returns; raises OSError when they are not."""

BODY_BYTES = 16 << 20
CONNECTIONS = 64
_TIMEOUT_SECONDS = 30
_DATAGRAM = 65_536
_FULL_SECONDS = 0.1
_FINISH_SECONDS = 1.0


class FrameCutter(Protocol):
    """Cuts a stream into messages."""

    def feed(self, data: bytes, *, last: bool = False) -> list[bytes]:
        """The messages that are complete; with `last` also what is left."""


class HttpListener:
    """Takes POST /events with a bearer token; answers 202 when what came is on the disk.

    Args:
        address: host and port; port 0 takes a free one.
        token: what a sender must know.
        lines_of: the lines of a body, given its content coding; raises ValueError when it cannot be taken.
        take: keeps them.
    """

    def __init__(
        self, address: tuple[str, int], token: str, lines_of: Callable[[bytes, str], list[bytes]], take: Take
    ) -> None:
        free = threading.BoundedSemaphore(CONNECTIONS)

        class Handler(_Handler):
            expected = token.encode()
            lines = staticmethod(lines_of)
            keep = staticmethod(take)
            room = free

        family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        server = type("Server", (ThreadingHTTPServer,), {"address_family": family, "daemon_threads": True})
        self._server: ThreadingHTTPServer = server(address, Handler)
        self.address: tuple[str, int] = self._server.server_address[:2]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.2,), name="http", daemon=True)

    def start(self) -> None:
        """Listen."""
        self._thread.start()

    def stop(self) -> None:
        """Take nothing more."""
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "cloison", ""
    timeout = _TIMEOUT_SECONDS
    disable_nagle_algorithm = True
    expected = b""
    lines: Callable[[bytes, str], list[bytes]]
    keep: Take
    room: threading.BoundedSemaphore

    def do_GET(self) -> None:
        """Whether it listens."""
        self._answer(200 if self.path == "/health" else 404, {"listening": self.path == "/health"})

    def do_POST(self) -> None:
        """Take events."""
        if not self.room.acquire(timeout=5):
            self._refuse(503, "busy: try again")
            return
        try:
            self._post()
        finally:
            self.room.release()

    def _post(self) -> None:
        said = self.headers.get("Authorization", "")
        if not hmac.compare_digest(said.removeprefix("Bearer ").encode("utf-8", "replace"), self.expected):
            self._refuse(401, "no such token: send `Authorization: Bearer TOKEN`")
            return
        if self.path.split("?")[0].rstrip("/") != "/events":
            self._refuse(404, "POST to /events")
            return
        length = self.headers.get("Content-Length", "")
        if not length.isdigit():
            self._refuse(411, "say how long it is: Content-Length")
            return
        if int(length) > BODY_BYTES:
            self._refuse(413, f"more than {BODY_BYTES} bytes: send less at once")
            return
        body = self.rfile.read(int(length))
        if len(body) < int(length):
            self.close_connection = True
            return
        self._take(body)

    def _take(self, body: bytes) -> None:
        try:
            count = self.keep(self.lines(body, self.headers.get("Content-Encoding", "").strip().lower()))
        except ValueError as fault:
            self._answer(400, {"error": str(fault)})
        except OSError as fault:
            self._refuse(503, f"cannot be kept: {fault.strerror}")
        else:
            self._answer(202, {"taken": count})

    def _refuse(self, code: int, why: str) -> None:
        """The body is not read: the connection ends with it."""
        self.close_connection = True
        self._answer(code, {"error": why})

    def _answer(self, code: int, told: dict[str, object]) -> None:
        body = json.dumps(told).encode() + b"\n"
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing of each request."""


class SyslogListener:
    """Takes syslog over UDP and TCP at one address; what came is kept a few times a second.

    Args:
        udp, tcp: host and port of each; None for none.
        frames: makes what cuts a TCP stream into messages.
        line_of: a message as a line.
        take: keeps lines.
    """

    def __init__(
        self,
        udp: tuple[str, int] | None,
        tcp: tuple[str, int] | None,
        frames: Callable[[], FrameCutter],
        line_of: Callable[[bytes], bytes],
        take: Take,
        failed: Callable[[str], None],
    ) -> None:
        self._frames, self._line_of, self._take, self._failed = frames, line_of, take, failed
        self._selector = selectors.DefaultSelector()
        self._lines: list[bytes] = []
        self._cutters: dict[int, FrameCutter] = {}
        self._stopping = threading.Event()
        self.udp = self._bound(udp, socket.SOCK_DGRAM)
        self.tcp = self._bound(tcp, socket.SOCK_STREAM)
        self._thread = threading.Thread(target=self._listen, name="syslog", daemon=True)

    def _bound(self, address: tuple[str, int] | None, kind: socket.SocketKind) -> tuple[str, int] | None:
        if address is None:
            return None
        bound = socket.socket(socket.AF_INET6 if ":" in address[0] else socket.AF_INET, kind)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if kind == socket.SOCK_DGRAM:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
        bound.bind(address)
        bound.setblocking(False)
        if kind == socket.SOCK_STREAM:
            bound.listen(CONNECTIONS)
        self._selector.register(bound, selectors.EVENT_READ, kind)
        told: tuple[str, int] = bound.getsockname()[:2]
        return told

    def start(self) -> None:
        """Listen."""
        self._thread.start()

    def stop(self) -> None:
        """Take nothing more; what came is kept."""
        self._stopping.set()
        self._thread.join(timeout=5)

    def _listen(self) -> None:
        while not self._stopping.is_set():
            for key, _ in self._selector.select(timeout=0.1):
                self._ready(key)
            self._keep()
        self._finish()

    def _finish(self) -> None:
        """Take what has arrived until now, also what does not end, and close everything."""
        until = time.monotonic() + _FINISH_SECONDS
        while (ready := self._selector.select(timeout=0)) and time.monotonic() < until:
            for key, _ in ready:
                self._ready(key)
        for cutter in self._cutters.values():
            self._lines += [self._line_of(one) for one in cutter.feed(b"", last=True)]
        for key in list(self._selector.get_map().values()):
            self._selector.unregister(key.fileobj)
            key.fileobj.close()  # type: ignore[union-attr]
        self._keep()

    def _ready(self, key: selectors.SelectorKey) -> None:
        held: socket.socket = key.fileobj  # type: ignore[assignment]
        if key.data == socket.SOCK_DGRAM:
            self._datagrams(held)
        elif key.data == socket.SOCK_STREAM:
            self._accept(held)
        else:
            self._stream(held)

    def _datagrams(self, held: socket.socket) -> None:
        with suppress(BlockingIOError):
            for _ in range(2_000):
                self._lines.append(self._line_of(held.recv(_DATAGRAM)))

    def _accept(self, held: socket.socket) -> None:
        try:
            connection, _ = held.accept()
        except (BlockingIOError, ConnectionError):
            return
        except OSError:  # too many open files: it is waited for, and those that are connected are read on
            time.sleep(_FULL_SECONDS)
            return
        if len(self._cutters) >= CONNECTIONS:
            connection.close()
            return
        connection.setblocking(False)
        self._cutters[connection.fileno()] = self._frames()
        self._selector.register(connection, selectors.EVENT_READ, "stream")

    def _stream(self, held: socket.socket) -> None:
        try:
            data = held.recv(1 << 18)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        cutter = self._cutters[held.fileno()]
        self._lines += [self._line_of(one) for one in cutter.feed(data, last=not data)]
        if not data:
            del self._cutters[held.fileno()]
            self._selector.unregister(held)
            held.close()

    def _keep(self) -> None:
        lines, self._lines = [line for line in self._lines if line], []
        try:
            self._take(lines)
        except OSError as fault:
            self._failed(f"{len(lines)} syslog messages are lost: {fault.strerror}")


class LineReader:
    """Takes lines from an open file, such as standard input, until it ends."""

    def __init__(self, file: IO[bytes], take: Take, failed: Callable[[str], None]) -> None:
        self._file, self._take, self._failed = file, take, failed
        self.ended = threading.Event()
        self._thread = threading.Thread(target=self._read, name="lines", daemon=True)

    def start(self) -> None:
        """Read."""
        self._thread.start()

    def _read(self) -> None:
        try:
            held = b""
            while data := self._file.read1(1 << 20):  # type: ignore[attr-defined]
                *lines, held = (held + data).split(b"\n")
                self._take([line for line in lines if line.strip()])
            self._take([held] if held.strip() else [])
        except OSError as fault:
            self._failed(f"standard input is read no more: {fault.strerror}")
        finally:
            self.ended.set()
