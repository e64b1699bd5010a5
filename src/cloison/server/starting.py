"""How is the console started, and how does it end?"""

import contextlib
import getpass
import socket
from collections.abc import Callable
from pathlib import Path

import uvicorn

from cloison.errors import InputError
from cloison.server.app import make_app
from cloison.server.settings import Settings
from cloison.service.desk import Desk

_QUEUE = 128
_CLOSE_SECONDS = 3


def serve(folder: Path, *, host: str, port: int, note: Callable[[str], None]) -> None:
    """Serve a case until it is interrupted."""
    desk = Desk(folder)
    listening = _bound(host, port)
    address, port = listening.getsockname()[:2]
    hosts = tuple(f"{name}:{port}" for name in (f"[{address}]" if ":" in address else address, "localhost"))
    served = make_app(desk, Settings(hosts, port), owner=getpass.getuser(), note=note)
    desk.begin()
    note(f"open http://{hosts[0]}/enter?token={served.once.renewed()} (works once; Ctrl-C ends the console)\n")
    config = uvicorn.Config(
        served.app,  # type: ignore[arg-type]
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws="none",
        timeout_graceful_shutdown=_CLOSE_SECONDS,
    )
    with contextlib.closing(listening):
        uvicorn.Server(config).run(sockets=[listening])


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(_QUEUE)
    except OSError as fault:
        listening.close()
        raise InputError(
            f"cannot listen there: {fault.strerror}",
            where=f"{host}:{port}",
            remedy="name another with --port, 0 takes a free one",
        ) from fault
    return listening
