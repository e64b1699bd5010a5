"""Which verbs read indicators, hand them on, and look for them?"""

import sys
from pathlib import Path

import click

from cloison.cli import options
from cloison.cli.listener import Bar
from cloison.cli.output import emit
from cloison.cli.safe import shown
from cloison.service import sweep_acts as acts


@click.command()
@click.argument("files", nargs=-1, required=True, type=options.PATH)
@click.option("--cautions", multiple=True, type=options.PATH, help="CSV: value,why,follow, as for `investigate`.")
@click.option("--to", "form", type=click.Choice(tuple(acts.FORMS)), help="Write them in this form, to the file of -o.")
@click.option("--output", "-o", type=options.PATH, help="The file to write.")
@options.json
def indicators(
    files: tuple[Path, ...], cautions: tuple[Path, ...], form: str | None, output: Path | None, as_json: bool
) -> None:
    """Say what FILES of indicators give: by kind, what is flagged, and what is not understood, with place and reason.

    FILES are STIX 2, MISP, OpenIOC, JSON records, tables, lists, hosts files, or accounts as text, Markdown, AsciiDoc,
    HTML or PDF.
    """
    if (form is None) != (output is None):
        raise click.UsageError("--to and -o go together: --to stix -o indicators.json")
    understood = acts.understand(files, cautions)
    if as_json:
        emit(understood.as_json())
    else:
        for line in understood.as_lines():
            click.echo(shown(line))
    if form is not None and output is not None:
        click.echo(shown(acts.hand_on(understood, form, output)), err=True)


@click.command()
@click.argument("indicators", type=options.PATH)
@click.argument("paths", nargs=-1, required=True, type=options.PATH)
@click.option("--cautions", multiple=True, type=options.PATH, help="CSV: value,why,follow, as for `investigate`.")
@options.memory
@options.json
@options.quiet
def sweep(
    indicators: Path, paths: tuple[Path, ...], cautions: tuple[Path, ...], memory: str, as_json: bool, quiet: bool
) -> None:
    """Sweep raw logs at PATHS for INDICATORS without a case; or the events of a case, where PATHS is its folder.

    A case is swept through an index of what can be looked for, made when it is first asked for and kept up to date.

    Exit code: 0 nothing seen, 10 something seen, 11 something could not be read.
    """
    with Bar(quiet=quiet) as bar:
        swept = acts.sweep(indicators, list(paths), cautions=cautions, memory=memory, progress=bar)
    if as_json:
        emit(acts.sweep_json(swept))
    else:
        for line in swept.as_lines():
            click.echo(shown(line))
    sys.exit(swept.exit_code)
