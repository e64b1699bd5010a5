"""How is the console of a case started?"""

import getpass
import os
import sys
from importlib import import_module
from pathlib import Path

import click

from cloison.cli.options import PATH
from cloison.cli.safe import shown
from cloison.errors import InputError

_SERVER = "cloison.server.starting"


@click.command()
@click.argument("case", type=PATH)
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="The address to listen on.")
@click.option("--port", default=7423, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
@click.option("--team", is_flag=True, help="People log in: see `cloison users`. Without it, one person by a link.")
@click.option("--cert", type=PATH, help="Speak TLS with this certificate and its chain, PEM.")
@click.option("--key", type=PATH, help="The certificate's key, PEM.")
@click.option(
    "--behind-proxy",
    "proxy",
    default="",
    metavar="ADDRESS",
    help="A proxy there speaks TLS; its X-Forwarded-For says who asks.",
)
@click.option(
    "--name",
    "names",
    multiple=True,
    metavar="HOST[:PORT]",
    help="Under which name browsers ask; all other names are refused. Repeatable.",
)
@click.option("--oidc-issuer", "issuer", default="", metavar="URL", help="With --team: also log in by this provider.")
@click.option(
    "--oidc-client-id",
    "client_id",
    default="",
    metavar="ID",
    help="As which client; its secret, if it has one, from CLOISON_OIDC_SECRET.",
)
def serve(
    case: Path,
    host: str,
    port: int,
    team: bool,
    cert: Path | None,
    key: Path | None,
    proxy: str,
    names: tuple[str, ...],
    issuer: str,
    client_id: str,
) -> None:
    """Open the console of CASE: pages for a browser and JSON for programs, until Ctrl-C.

    Alone, it listens on this machine and prints a link that lets its holder in once. With --team people log in with
    password and code, or by an identity provider; beyond this machine that and TLS are needed.
    """
    try:
        server = import_module(_SERVER)
    except ModuleNotFoundError as fault:
        raise InputError(f"{fault.name} is not installed", remedy="pip install 'cloison[serve]'") from fault
    secret = os.environ.get("CLOISON_OIDC_SECRET", "")
    wanted = server.Wanted(host, port, team, cert, key, proxy, names, issuer, client_id, secret)
    server.serve(case, wanted, owner=user(), note=_note)


def user() -> str:
    """Who runs this."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user without a name, as in a container
        return str(os.getuid())


def _note(text: str) -> None:
    sys.stderr.write("".join(f"cloison: {shown(line)}\n" for line in text.splitlines()))
    sys.stderr.flush()
