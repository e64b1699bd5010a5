"""How is the console of a case started?"""

import sys
from importlib import import_module
from pathlib import Path

import click

from cloison.cli.options import PATH
from cloison.errors import InputError

_SERVER = "cloison.server.starting"


@click.command()
@click.argument("case", type=PATH)
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="The address to listen on.")
@click.option("--port", default=7423, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
def serve(case: Path, host: str, port: int) -> None:
    """Open the console of CASE in a browser: pages and JSON over its answers, until Ctrl-C."""
    try:
        server = import_module(_SERVER)
    except ModuleNotFoundError as fault:
        raise InputError(f"{fault.name} is not installed", remedy="pip install 'cloison[serve]'") from fault
    server.serve(case, host=host, port=port, note=sys.stderr.write)
