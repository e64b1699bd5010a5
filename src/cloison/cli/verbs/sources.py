"""Which verbs list, make and check sources?"""

import sys
from pathlib import Path

import click

from cloison.cli import options, output
from cloison.cli.safe import shown
from cloison.cli.tables import print_source, print_sources
from cloison.model.wording import many
from cloison.service import acts


class _Sources(click.Group):
    """A group in which any other word is the name of a source."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The verb of that name, or the one that describes the source of that name."""
        return super().get_command(ctx, cmd_name) or click.Command(cmd_name, callback=lambda: _described(ctx, cmd_name))


@click.group(cls=_Sources, invoke_without_command=True, subcommand_metavar="[NAME | new | check]")
@options.json
@click.pass_context
def sources(context: click.Context, as_json: bool) -> None:
    """List the sources: what each can say and prove, and what it cannot show; with NAME that one in full."""
    if context.invoked_subcommand is not None:
        return
    listed = acts.list_sources()
    if as_json:
        output.emit(listed)
    else:
        print_sources(output.console(), listed)


def _described(context: click.Context, name: str) -> None:
    described = acts.describe_source(name)
    if context.params.get("as_json"):
        output.emit(described)
    else:
        print_source(output.console(), described)


@sources.command()
@click.argument("name")
@click.option("--in", "below", type=options.PATH, default=Path(), help="Where to make it. For a case: CASE/sources.")
def new(name: str, below: Path) -> None:
    """Make the folder of a new source NAME, to fill in: a commented source.toml and a corpus."""
    folder = acts.make_source(name, below)
    click.echo(f"{folder} is made. Fill in its source.toml, put records into its corpus/, then:")
    click.echo(f"cloison sources check {folder}")


@sources.command()
@click.argument("folder", type=options.PATH)
@click.option(
    "--rows", is_flag=True, help="Print the rows that its corpus becomes, as JSON, by the file that keeps them."
)
def check(folder: Path, rows: bool) -> None:
    """Say all that is wrong with the source in FOLDER: its words, its places and patterns, and what its corpus becomes.

    Exit code: 0 nothing, 2 something.
    """
    checked = acts.check_source(folder)
    if rows:
        output.emit(checked.rows)
    for fault in checked.faults:
        click.echo(shown(str(fault)), err=rows)
    held = {"carrier": checked.carriers, "event": checked.events, "rotation": checked.rotations}
    parts = ", ".join(many(count, word) for word, count in held.items())
    told = f"{parts}, all exercised by {many(checked.records, 'record')}"
    found = many(len(checked.faults), "fault")
    click.echo(f"{checked.name}: {found if checked.faults else told}", err=rows)
    sys.exit(2 if checked.faults else 0)
