"""Which options do verbs share?"""

from collections.abc import Sequence
from pathlib import Path

import click

from cloison.service.case import MEMORY

PATH = click.Path(path_type=Path)


def _source(context: click.Context, parameter: click.Parameter, values: Sequence[str]) -> list[tuple[str, Path]]:
    pairs = []
    for value in values:
        name, separator, path = value.partition("=")
        if not separator or not name or not path:
            raise click.BadParameter(f"{value!r}: write NAME=PATH, for example okta_system_log=export.json")
        pairs.append((name, Path(path)))
    return pairs


quiet = click.option("--quiet", "-q", is_flag=True, help="No progress on stderr.")
json = click.option("--json", "as_json", is_flag=True, help="Answer as JSON on stdout.")
sources = click.option(
    "--source",
    "sources",
    multiple=True,
    callback=_source,
    metavar="NAME=PATH",
    help="Take PATH as evidence of the source NAME instead of recognising it. Repeatable.",
)
reference = click.option(
    "--reference", is_flag=True, help="Leave evidence where it is instead of copying it into the case."
)
memory = click.option("--memory", default=MEMORY, show_default=True, metavar="SIZE", help="The engine's memory limit.")
