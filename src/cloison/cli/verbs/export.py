"""Which verb hands answers on to other programs?"""

from pathlib import Path

import click

from cloison.cli import options
from cloison.cli.listener import Bar
from cloison.service import acts


@click.command()
@click.argument("case", type=options.PATH)
@click.option(
    "--format",
    "form",
    required=True,
    type=click.Choice(acts.EXPORT_FORMS),
    help="The form: what reads it stands in docs/exports.md.",
)
@click.option("-o", "--output", "to", required=True, type=options.PATH, help="A file; for csv and parquet a folder.")
@options.quiet
def export(case: Path, form: str, to: Path, quiet: bool) -> None:
    """Hand the answers of CASE on in a form that other programs read.

    The same case gives the same bytes. Nothing that a spreadsheet would compute stands in CSV.
    """
    with Bar(quiet=quiet) as bar:
        written = acts.export_case(case, form, to, progress=bar)
    for path in written:
        click.echo(str(path))
