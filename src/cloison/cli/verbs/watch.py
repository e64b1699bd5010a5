"""How is a watch asked for on the command line?"""

import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from cloison.cli.safe import shown
from cloison.service import watch_acts

_PATH = click.Path(path_type=Path)
_SPANS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


class _Address(click.ParamType[tuple[str, int], Any]):
    """`HOST:PORT`, `:PORT` or `PORT`; the host is loopback where none is named."""

    name = "address"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, int]:
        if isinstance(value, tuple):
            return value
        host, _, port = str(value).rpartition(":")
        if not port.isdigit() or int(port) > 65_535:
            self.fail(f"{value!r}: write HOST:PORT, such as 127.0.0.1:8472", param, ctx)
        return host.strip("[]") or "127.0.0.1", int(port)


class _Span(click.ParamType[timedelta, Any]):
    """`90s`, `10m`, `2h`."""

    name = "span"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        if isinstance(value, timedelta):
            return value
        text = str(value)
        if not text[:-1].isdigit() or text[-1] not in _SPANS:
            self.fail(f"{value!r}: write 90s, 10m or 2h", param, ctx)
        return timedelta(seconds=int(text[:-1]) * _SPANS[text[-1]])


_ADDRESS, _SPAN = _Address(), _Span()


@click.command()
@click.argument("case", type=_PATH)
@click.argument("paths", nargs=-1, type=_PATH)
@click.option(
    "--http", type=_ADDRESS, metavar="[HOST:]PORT", help="Take POST /events: JSON or JSON lines, with the token."
)
@click.option("--syslog-udp", type=_ADDRESS, metavar="[HOST:]PORT", help="Take syslog over UDP.")
@click.option("--syslog-tcp", type=_ADDRESS, metavar="[HOST:]PORT", help="Take syslog over TCP.")
@click.option("--stdin", is_flag=True, help="Take JSON lines, or lines of a log, on standard input.")
@click.option(
    "--token-file", type=_PATH, help="The token of --http. Else CLOISON_WATCH_TOKEN, else one is made in CASE/watch/."
)
@click.option("--from-now", is_flag=True, help="At the first start, begin at the end of the files that are there.")
@click.option("--once", is_flag=True, help="End when all that is there is read and told.")
@click.option("--output", "-o", type=_PATH, help="Append to this file instead of writing to stdout.")
@click.option("--json", "as_json", is_flag=True, help="Tell as JSON, an object a line.")
@click.option("--webhook", multiple=True, metavar="URL", help="Post each message as JSON. Repeatable.")
@click.option("--slack", multiple=True, metavar="URL", help="Post to an incoming webhook of Slack. Repeatable.")
@click.option("--teams", multiple=True, metavar="URL", help="Post to a workflow's webhook of Teams. Repeatable.")
@click.option("--mail", multiple=True, metavar="ADDRESS", help="Send mail to. Repeatable; all are told in one mail.")
@click.option("--mail-from", default="cloison@localhost", show_default=True, metavar="ADDRESS", help="Who sends it.")
@click.option(
    "--smtp",
    default="smtp://127.0.0.1:25",
    show_default=True,
    metavar="URL",
    help="smtp://, smtp+starttls:// or smtps://HOST:PORT; login from CLOISON_SMTP_USER and CLOISON_SMTP_PASSWORD.",
)
@click.option("--syslog", multiple=True, metavar="URL", help="Send syslog to udp:// or tcp://HOST:PORT. Repeatable.")
@click.option(
    "--level",
    type=click.Choice(watch_acts.LEVELS),
    default="informational",
    show_default=True,
    help="Tell what is at least so grave.",
)
@click.option(
    "--every", type=_SPAN, default="10m", show_default=True, help="At most so often, what happens again is told."
)
@click.option(
    "--span", type=_SPAN, default="60m", show_default=True, help="What did not happen for so long is told as new."
)
@click.option("--quiet", "-q", is_flag=True, help="No notes on stderr.")
def watch(case: Path, paths: tuple[Path, ...], quiet: bool, **given: Any) -> None:
    """Follow logs at PATHS (files or folders that grow) and what is pushed; tell at once what CASE makes of it.

    CASE is a folder, made if absent; its indicators, exposed credentials, networks and rules are those that
    `investigate` was given. What is pushed is kept in it as evidence. Stopped or killed, the same command goes on where
    it was: nothing is lost, and a file is told nothing twice.
    """
    environment = {name: os.environ.get(f"CLOISON_{name}", "") for name in watch_acts.SECRETS}
    ended = watch_acts.watch_case(case, list(paths), given, environment, lambda text: _note(text, quiet=quiet))
    sys.exit(128 + ended if ended == 2 else 0)


def _note(text: str, *, quiet: bool) -> None:
    if not quiet:
        sys.stderr.write(f"cloison: {shown(text)}\n")
        sys.stderr.flush()
