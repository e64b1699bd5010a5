"""How does an answer go to stdout: as JSON, as CSV, or to a console?"""

import csv
import io
import sys
from collections.abc import Sequence

import click
import orjson
from rich.console import Console

from cloison.cli.safe import cell, jsonable


def console() -> Console:
    """Where answers are printed for a person; nothing in them is coloured by guesswork."""
    return Console(highlight=False)


def emit(value: object) -> None:
    """Write a value as JSON."""
    sys.stdout.buffer.write(
        orjson.dumps(value, default=jsonable, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    )
    sys.stdout.buffer.flush()


def records(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> list[dict[str, object]]:
    """Rows as JSON holds them: each an object, its times with their Z."""
    return [{name: jsonable(value) for name, value in zip(columns, row, strict=True)} for row in rows]


def emit_csv(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Write rows as CSV that a spreadsheet can open without harm."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([[cell(value) for value in row] for row in rows])
    click.echo(out.getvalue(), nl=False)
