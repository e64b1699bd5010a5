"""Which verbs add to a case, and ask it?"""

from pathlib import Path

import click

from cloison.cli import options, output
from cloison.cli.listener import Bar
from cloison.cli.tables import print_explanation, print_table
from cloison.model.wording import many
from cloison.service import acts


@click.command()
@click.argument("case", type=options.PATH)
@click.argument("paths", nargs=-1, required=True, type=options.PATH)
@options.sources
@options.reference
@options.json
@options.quiet
def take(
    case: Path, paths: tuple[Path, ...], sources: list[tuple[str, Path]], reference: bool, as_json: bool, quiet: bool
) -> None:
    """Take evidence at PATHS (files or folders) into CASE, and account for every record."""
    with Bar(quiet=quiet) as bar:
        taken = acts.take_evidence(case, list(paths), sources, by_reference=reference, progress=bar)
    if as_json:
        output.emit({"new": taken.new, "known": taken.known})
    else:
        click.echo(
            f"{many(taken.new, 'file')} taken, {taken.known} already in the case. "
            f"`cloison show {case} account` accounts for every record."
        )


@click.command()
@click.argument("case", type=options.PATH)
@click.argument("table", required=False)
@options.json
@click.option("--csv", "as_csv", is_flag=True, help="Answer as CSV on stdout, safe to open in a spreadsheet.")
@click.option("--limit", default=0, metavar="N", help="At most N rows; says how many there are.")
@options.quiet
def show(case: Path, table: str | None, as_json: bool, as_csv: bool, limit: int, quiet: bool) -> None:
    """Show a TABLE of CASE; without TABLE, list the tables."""
    if table is None:
        click.echo("\n".join(acts.TABLES))
        return
    with Bar(quiet=quiet) as bar:
        found = acts.show(case, table, progress=bar)
    rows = found.rows[:limit] if limit else found.rows
    if as_json:
        output.emit(output.records(found.columns, rows))
    elif as_csv:
        output.emit_csv(found.columns, rows)
    else:
        print_table(output.console(), found.columns, rows, len(found.rows))


@click.command()
@click.argument("case", type=options.PATH)
@click.argument("uid")
@click.option("--limit", default=20, show_default=True, metavar="N", help="At most N raw records.")
@options.json
@options.quiet
def explain(case: Path, uid: str, limit: int, as_json: bool, quiet: bool) -> None:
    """Show what stands behind UID, down to the raw records.

    UID is an event, session, object, credential, account, app, address or indicator, as the tables show it.
    """
    with Bar(quiet=quiet) as bar:
        found = acts.explain(case, uid, limit=limit, progress=bar)
    if as_json:
        output.emit(acts.explanation_json(found))
    else:
        print_explanation(output.console(), found)


@click.command()
@click.argument("case", type=options.PATH)
@click.option(
    "--format", "form", default="html", show_default=True, type=click.Choice([*acts.REPORT_FORMS]), help="The form."
)
@click.option("--lang", default="en", show_default=True, type=click.Choice(acts.LANGUAGES), help="The language.")
@click.option(
    "--audience",
    default="technical",
    show_default=True,
    type=click.Choice(acts.AUDIENCES),
    help="For the public, names of people, accounts, addresses, hosts, credentials and objects are replaced by rule.",
)
@click.option(
    "--detections/--no-detections", default=True, show_default=True, help="Run the rules, and tell what they detect."
)
@click.option("-o", "--output", "to", type=options.PATH, help="A file; if absent, one in the case's `report/`.")
@options.quiet
def report(case: Path, form: str, lang: str, audience: str, detections: bool, to: Path | None, quiet: bool) -> None:
    """Write a report of CASE and print where it lies.

    Every number in it is that of a query that is run again and stands in its annex. The same case gives the same bytes.
    """
    wanted = acts.WantedReport(form, lang, audience, detections, to)
    with Bar(quiet=quiet) as bar:
        click.echo(str(acts.report(case, wanted, progress=bar)))
