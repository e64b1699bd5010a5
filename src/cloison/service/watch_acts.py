"""What does a user ask of a watch, and can it be done?"""

import hashlib
import os
import secrets
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import IO, Any
from urllib.parse import SplitResult, urlsplit

from cloison import __version__
from cloison.connect.telling import Lines, Mail, Syslog, Webhook
from cloison.errors import InputError
from cloison.service.case import Case, make_case
from cloison.service.sources_known import catalogue_of
from cloison.service.watch_custody import watch_folder
from cloison.service.watch_telling import Logged, Mailed, Posted, Sink, Written
from cloison.service.watching import Inputs, Telling, watch
from cloison.watch.forms import as_json, as_slack, as_syslog, as_teams
from cloison.watch.message import LEVELS

SECRETS = ("WATCH_TOKEN", "SMTP_USER", "SMTP_PASSWORD")
_FORMS = {"webhook": as_json, "slack": as_slack, "teams": as_teams}
_SMTP = {"smtp": "plain", "smtp+starttls": "starttls", "smtps": "tls"}
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


def watch_case(
    folder: Path,
    paths: list[Path],
    given: Mapping[str, Any],
    environment: Mapping[str, str],
    note: Callable[[str], None],
) -> int:
    """Make or open a case and watch; the number of the signal that ended it, else 0.

    Args:
        folder: the case.
        paths: files and folders to follow.
        given: the options of the command line, by name.
        environment: the secrets of `SECRETS`, empty where there is none.
        note: told what is worth a line.

    Raises:
        CloisonError: whatever a user has to know; the case stays usable.
    """
    inputs = Inputs(
        tuple(_there(path) for path in paths),
        given["http"],
        given["syslog_udp"],
        given["syslog_tcp"],
        given["stdin"],
        given["from_now"],
        given["once"],
    )
    if not paths and not inputs.listens:
        raise InputError(
            "nothing to watch", remedy="name files or folders that grow, or --http, --syslog-udp, --syslog-tcp, --stdin"
        )
    sinks = (*_hooks(given), *_mails(given, environment), *_logs(given))
    case = make_case(folder, written_by=__version__)
    watch_folder(case).mkdir(exist_ok=True)
    token = _token(case, given, environment, note)
    with _opened(given["output"]) as file:
        name = f"file {given['output'].resolve()}" if given["output"] else "stdout"
        written = Written(name, Lines(file), as_json=given["as_json"])
        telling = Telling(written, sinks, given["level"], given["every"], given["span"])
        return watch(case, catalogue_of(case), inputs, telling, note, token=token)


def _there(path: Path) -> Path:
    if path.exists():
        return path
    if path.parent.is_dir():
        return path  # a log that is not written yet
    raise InputError("no such file or folder", where=str(path), remedy="check the spelling of the path")


def _opened(path: Path | None) -> IO[bytes]:
    try:
        return path.open("ab") if path else os.fdopen(os.dup(1), "wb", closefd=True)
    except OSError as fault:
        raise InputError(f"cannot be written: {fault.strerror}", where=str(path), remedy="name another file") from fault


def _token(case: Case, given: Mapping[str, Any], environment: Mapping[str, str], note: Callable[[str], None]) -> str:
    """What a sender over HTTP must know: as given, or made once and kept where only its owner reads it."""
    if not given["http"]:
        return ""
    if given["http"][0] not in _LOOPBACK:
        note("listening beyond this machine, without encryption: let a proxy with TLS stand before it")
    path: Path = given["token_file"] or watch_folder(case) / "token"
    if not given["token_file"] and environment["WATCH_TOKEN"]:
        return environment["WATCH_TOKEN"]
    if not given["token_file"]:
        with suppress(FileExistsError):
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_urlsafe(32) + "\n")
        note(f"senders need the token in {path}")
    try:
        token = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as fault:
        raise InputError("the token cannot be read", where=str(path), remedy="put it on a line of its own") from fault
    if len(token) < 16:
        raise InputError("the token is too short", where=str(path), remedy="16 characters at least")
    return token


def _hooks(given: Mapping[str, Any]) -> list[Sink]:
    hooks: list[Sink] = []
    for kind, form in _FORMS.items():
        for url in given[kind]:
            parts = urlsplit(url)
            if parts.scheme not in {"http", "https"} or not parts.hostname:
                raise InputError("not the URL of a webhook", where=f"--{kind}", remedy="write https://HOST/PATH")
            hooks.append(Posted(f"{kind} {parts.hostname} {_short(url)}", Webhook(url), form))
    return hooks


def _short(url: str) -> str:
    """What tells two webhooks of one host apart, and does not tell what is secret of them."""
    return hashlib.sha256(url.encode()).hexdigest()[:8]


def _mails(given: Mapping[str, Any], environment: Mapping[str, str]) -> list[Sink]:
    if not given["mail"]:
        return []
    parts = _parts(given["smtp"], "--smtp", tuple(_SMTP), 465 if given["smtp"].startswith("smtps") else 25)
    for address in (*given["mail"], given["mail_from"]):
        if "@" not in address or any(mark in address for mark in "\r\n ,;<>"):
            raise InputError(f"{address!r} is no address", where="--mail", remedy="write name@example.com")
    user = environment["SMTP_USER"]
    login = (user, environment["SMTP_PASSWORD"]) if user else None
    mail = Mail((parts[1], parts[2]), _SMTP[parts[0]], given["mail_from"], tuple(given["mail"]), login)
    return [Mailed(f"mail {', '.join(given['mail'])}", mail)]


def _logs(given: Mapping[str, Any]) -> list[Sink]:
    form = partial(as_syslog, host=socket.gethostname() or "-", process=os.getpid())
    return [
        Logged(f"syslog {kind}://{host}:{port}", Syslog(host, port, tcp=kind == "tcp"), form)
        for kind, host, port in (_parts(url, "--syslog", ("udp", "tcp"), 514) for url in given["syslog"])
    ]


def _parts(url: str, option: str, schemes: tuple[str, ...], port: int) -> tuple[str, str, int]:
    try:
        parts: SplitResult = urlsplit(url)
        found = parts.scheme, parts.hostname, parts.port or port
    except ValueError:
        found = "", None, 0
    if found[0] not in schemes or not found[1]:
        raise InputError(f"{url!r} is no such URL", where=option, remedy=f"write {schemes[0]}://HOST:{port}")
    return found[0], found[1], found[2]


__all__ = ["LEVELS", "SECRETS", "watch_case"]
