"""How is the console started, and how does it end?"""

import contextlib
import ipaddress
import socket
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import uvicorn

from cloison.errors import InputError
from cloison.model.roles import Role
from cloison.server.app import Served, make_app
from cloison.server.logging_in_outside import CALLBACK
from cloison.server.oidc import Provider
from cloison.server.settings import ALONE, TEAM, Settings
from cloison.service.desk import Desk
from cloison.service.people import People

_QUEUE = 128
_CLOSE_SECONDS = 3
_IDLE_SECONDS = 15


@dataclass(frozen=True)
class Wanted:
    """How someone wants the console to be run, as the command line says it.

    Args:
        host: the address to listen on.
        port: its port, 0 for a free one.
        team: whether people log in, instead of one by a link that works once.
        cert: the certificate for TLS, PEM, with its chain.
        key: the certificate's key, PEM.
        proxy: the address of a proxy that speaks TLS and is believed what it says of who asks; "" for none.
        names: under which names browsers ask, each with its port where that is not the usual one.
        issuer: an identity provider.
        client_id: as whom it is asked.
        client_secret: with what.
    """

    host: str
    port: int
    team: bool = False
    cert: Path | None = None
    key: Path | None = None
    proxy: str = ""
    names: tuple[str, ...] = ()
    issuer: str = ""
    client_id: str = ""
    client_secret: str = ""


def serve(folder: Path, wanted: Wanted, *, owner: str, note: Callable[[str], object]) -> None:
    """Serve a case until it is interrupted.

    Raises:
        InputError: it would be reached from outside without a login or without TLS, or the port is taken.
        CaseError: there is no case.
    """
    check(wanted)
    desk = Desk(folder)
    if wanted.team:
        _check_people(desk)
    listening = _bound(wanted.host, wanted.port)
    with contextlib.closing(listening):
        served = make_app(desk, settings_of(wanted, listening.getsockname()[1]), owner=owner, note=note)
        server = uvicorn.Server(_config(served, wanted))
        desk.begin()
        note(told(served))
        try:
            with contextlib.suppress(KeyboardInterrupt):  # which is how one ends it
                server.run(sockets=[listening])
        finally:
            desk.end()
        note("the console has ended\n")


def check(wanted: Wanted) -> None:
    """Refuse what would open the case to strangers.

    Raises:
        InputError: says what is missing.
    """
    tls = bool(wanted.cert and wanted.key)
    faults = {
        "--cert and --key go together": bool(wanted.cert) != bool(wanted.key),
        "with TLS of its own there is no proxy to believe": tls and bool(wanted.proxy),
        "--oidc-issuer and --oidc-client-id go together": bool(wanted.issuer) != bool(wanted.client_id),
        "an identity provider is for a team: add --team": bool(wanted.issuer) and not wanted.team,
        "browsers ask under a name: add --name": (tls or bool(wanted.proxy)) and not wanted.names,
        "beyond this machine people log in: add --team": not _on_loopback(wanted.host) and not wanted.team,
        "behind a proxy people log in: add --team": bool(wanted.proxy) and not wanted.team,
        "beyond this machine only with TLS: add --cert and --key, or --behind-proxy": (
            not _on_loopback(wanted.host) and not tls and not wanted.proxy
        ),
    }
    wrong = [said for said, so in faults.items() if so]
    if wrong:
        raise InputError("; ".join(wrong), where=f"{wanted.host}:{wanted.port}", remedy="see `cloison serve --help`")


def settings_of(wanted: Wanted, port: int) -> Settings:
    """How the application is to be, once it is known on which port it listens."""
    here = (f"[{wanted.host}]" if ":" in wanted.host else wanted.host, "localhost")
    hosts = wanted.names or tuple(f"{name}:{port}" for name in here)
    secure = bool(wanted.cert or wanted.proxy)
    made = Settings(hosts, port, wanted.team, secure=secure, lasts=TEAM if wanted.team else ALONE)
    if not wanted.issuer:
        return made
    provider = Provider(wanted.issuer, wanted.client_id, f"{made.base}{CALLBACK}", wanted.client_secret)
    return replace(made, provider=provider)


def told(served: Served) -> str:
    """What the terminal says when the console is there."""
    base, door = served.door.settings.base, served.door
    if door.settings.team:
        return f"the console of {door.desk.name} is at {base}/ (Ctrl-C ends it)\n"
    return f"open {base}/enter?token={door.once.renewed()} (works once; Ctrl-C ends the console)\n"


def _check_people(desk: Desk) -> None:
    if not any(one.role is Role.LEAD for one in People(desk.folder).listed()):
        raise InputError(
            "nobody is a lead of this case",
            where=str(desk.folder),
            remedy=f"`cloison users {desk.folder} add NAME --role lead`",
        )


def _config(served: Served, wanted: Wanted) -> uvicorn.Config:
    proxied: dict[str, Any] = {"forwarded_allow_ips": wanted.proxy} if wanted.proxy else {}
    return uvicorn.Config(
        served.app,
        log_config=None,
        access_log=False,
        server_header=False,
        ws="none",
        proxy_headers=bool(wanted.proxy),
        ssl_certfile=wanted.cert,
        ssl_keyfile=wanted.key,
        timeout_keep_alive=_IDLE_SECONDS,
        timeout_graceful_shutdown=_CLOSE_SECONDS,
        **proxied,
    )


def _on_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _bound(host: str, port: int) -> socket.socket:
    try:
        family, kind, number, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind, number)
    except OSError as fault:
        raise InputError(f"this is no address: {fault.strerror}", where=host, remedy="write 127.0.0.1") from fault
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(address)
        listening.listen(_QUEUE)
    except OSError as fault:
        listening.close()
        raise InputError(
            f"cannot listen there: {fault.strerror}",
            where=f"{host}:{port}",
            remedy="name another with --port; 0 takes a free one",
        ) from fault
    return listening
