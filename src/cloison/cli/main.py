"""Which verbs does the command line know, and how does each end?

Exit codes: 0 done · 1 a fault of cloison · 2 an input or argument cannot be understood · 3 evidence cannot be read ·
4 the case cannot be used · 10 a sweep found something · 11 a sweep could not read all · 130 interrupted.
"""

import csv
import io
import sys
from collections.abc import Sequence
from pathlib import Path

import click
import orjson
from rich.console import Console

from cloison import __version__
from cloison.cli.listener import Bar
from cloison.cli.safe import cell, jsonable, shown
from cloison.cli.screen import print_screen
from cloison.cli.tables import print_explanation, print_source, print_sources, print_table
from cloison.cli.watching import watch
from cloison.errors import CloisonError
from cloison.model.wording import plural
from cloison.service import acts

PATH = click.Path(path_type=Path)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="cloison")
def cli() -> None:
    """What did a leaked credential do, how far did it reach, is it closed, and can we prove it?

    cloison answers from logs that you already have, offline. Start with `investigate`.
    """


def _source(context: click.Context, parameter: click.Parameter, values: Sequence[str]) -> list[tuple[str, Path]]:
    pairs = []
    for value in values:
        name, separator, path = value.partition("=")
        if not separator or not name or not path:
            raise click.BadParameter(f"{value!r}: write NAME=PATH, for example okta_system_log=export.json")
        pairs.append((name, Path(path)))
    return pairs


_quiet = click.option("--quiet", "-q", is_flag=True, help="No progress on stderr.")
_json = click.option("--json", "as_json", is_flag=True, help="Answer as JSON on stdout.")
_sources = click.option(
    "--source",
    "sources",
    multiple=True,
    callback=_source,
    metavar="NAME=PATH",
    help="Take PATH as evidence of the source NAME instead of recognising it. Repeatable.",
)
_reference = click.option(
    "--reference", is_flag=True, help="Leave evidence where it is instead of copying it into the case."
)
_memory = click.option(
    "--memory", default=acts.MEMORY, show_default=True, metavar="SIZE", help="The engine's memory limit."
)


@cli.command()
@click.argument("case", type=PATH)
@click.option("--evidence", multiple=True, type=PATH, help="A file or folder of logs, as they come. Repeatable.")
@click.option(
    "--indicators", multiple=True, type=PATH, help="Indicators in any form that `cloison indicators` reads. Repeatable."
)
@click.option(
    "--exposed",
    multiple=True,
    type=PATH,
    help="CSV: system,kind,credential_uid,principal,exposed_at and, where a secret lies in an object, found_in.",
)
@click.option("--networks", multiple=True, type=PATH, help="CSV: network,label of your own networks.")
@click.option("--totals", multiple=True, type=PATH, help="CSV: system,resource_kind,total: the denominators.")
@click.option(
    "--cautions",
    multiple=True,
    type=PATH,
    help="CSV: value,why,follow: what shall not be followed blindly, and with follow = yes what shall all the same.",
)
@click.option("--from", "since", default=None, metavar="TIME", help="UTC. Nothing before it counts as compromise.")
@click.option("--to", "until", default=None, metavar="TIME", help="UTC. Events from then on are left out.")
@click.option(
    "--zone", default=None, metavar="ZONE", help="IANA name of the zone of logs that state none. Default UTC."
)
@_sources
@_reference
@_memory
@_json
@_quiet
def investigate(
    case: Path,
    evidence: tuple[Path, ...],
    indicators: tuple[Path, ...],
    exposed: tuple[Path, ...],
    networks: tuple[Path, ...],
    totals: tuple[Path, ...],
    cautions: tuple[Path, ...],
    since: str | None,
    until: str | None,
    zone: str | None,
    sources: list[tuple[str, Path]],
    reference: bool,
    memory: str,
    as_json: bool,
    quiet: bool,
) -> None:
    """Take evidence into CASE (a folder, made if absent), investigate it, and print the answer on one screen.

    Running it again with more evidence adds to the case; the same evidence twice changes nothing.
    """
    inputs = {
        "indicators": list(indicators),
        "exposed": list(exposed),
        "networks": list(networks),
        "totals": list(totals),
        "cautions": list(cautions),
    }
    with Bar(quiet=quiet) as bar:
        done = acts.investigate_all(
            case,
            list(evidence),
            sources,
            inputs,
            since=since,
            until=until,
            zone=zone,
            by_reference=reference,
            memory=memory,
            progress=bar,
        )
    if as_json:
        _emit(done.dossier_json())
    else:
        print_screen(Console(highlight=False), done.dossier, str(done.report))


@cli.command()
@click.argument("case", type=PATH)
@click.argument("paths", nargs=-1, required=True, type=PATH)
@_sources
@_reference
@_json
@_quiet
def take(
    case: Path, paths: tuple[Path, ...], sources: list[tuple[str, Path]], reference: bool, as_json: bool, quiet: bool
) -> None:
    """Take evidence at PATHS (files or folders) into CASE, and account for every record."""
    with Bar(quiet=quiet) as bar:
        taken = acts.take_evidence(case, list(paths), sources, by_reference=reference, progress=bar)
    if as_json:
        _emit({"new": taken.new, "known": taken.known})
    else:
        click.echo(
            f"{taken.new} files taken, {taken.known} already in the case. "
            f"`cloison show {case} account` accounts for every record."
        )


@cli.command()
@click.argument("case", type=PATH)
@click.argument("table", required=False)
@_json
@click.option("--csv", "as_csv", is_flag=True, help="Answer as CSV on stdout, safe to open in a spreadsheet.")
@click.option("--limit", default=0, metavar="N", help="At most N rows; says how many there are.")
@_quiet
def show(case: Path, table: str | None, as_json: bool, as_csv: bool, limit: int, quiet: bool) -> None:
    """Show a TABLE of CASE; without TABLE, list the tables."""
    if table is None:
        click.echo("\n".join(acts.TABLES))
        return
    with Bar(quiet=quiet) as bar:
        found = acts.show(case, table, progress=bar)
    rows = found.rows[:limit] if limit else found.rows
    if as_json:
        _emit([{name: jsonable(value) for name, value in zip(found.columns, row, strict=True)} for row in rows])
    elif as_csv:
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(found.columns)
        writer.writerows([[cell(value) for value in row] for row in rows])
        click.echo(out.getvalue(), nl=False)
    else:
        print_table(Console(highlight=False), found.columns, rows, len(found.rows))


@cli.command()
@click.argument("case", type=PATH)
@click.argument("uid")
@click.option("--limit", default=20, show_default=True, metavar="N", help="At most N raw records.")
@_json
@_quiet
def explain(case: Path, uid: str, limit: int, as_json: bool, quiet: bool) -> None:
    """Show what stands behind UID, down to the raw records.

    UID is an event, session, object, credential, account, app, address or indicator, as the tables show it.
    """
    with Bar(quiet=quiet) as bar:
        found = acts.explain(case, uid, limit=limit, progress=bar)
    if as_json:
        _emit(acts.explanation_json(found))
    else:
        print_explanation(Console(highlight=False), found)


@cli.command()
@click.argument("case", type=PATH)
@_quiet
def report(case: Path, quiet: bool) -> None:
    """Write the HTML report of CASE and print where it lies."""
    with Bar(quiet=quiet) as bar:
        click.echo(str(acts.report(case, progress=bar)))


@cli.group(invoke_without_command=True)
@_json
@click.pass_context
def rules(context: click.Context, as_json: bool) -> None:
    """List the detection rules that ship; `spread` lists the rules by which compromise spreads."""
    if context.invoked_subcommand is not None:
        return
    listed = acts.list_detection_rules()
    if as_json:
        _emit(listed)
    else:
        names = ("title", "level", "logsource", "tags", "origin")
        rows: list[tuple[object, ...]] = [tuple(one[name] for name in names) for one in listed]
        print_table(Console(highlight=False), names, rows, len(rows))


@rules.command("check")
@click.argument("folder", type=PATH)
@_json
def check_rules(folder: Path, as_json: bool) -> None:
    """Say of every rule at or below FOLDER whether it runs or why not, and run its cases.

    Exit code: 0 all cases are right, 2 one is wrong.
    """
    checked = []
    for one in acts.check_rules(folder):
        checked.append(one)
        if not as_json:
            for line in acts.checked_lines(one):
                click.echo(shown(line))
    if as_json:
        _emit([acts.checked_json(one) for one in checked])
    else:
        click.echo(acts.checked_total(checked))
    sys.exit(2 if any(one.wrong for one in checked) else 0)


@rules.command("run")
@click.argument("rule_files", nargs=-1, required=True, type=PATH)
@click.argument("path", type=PATH)
@click.option("--logsource", default="", metavar="P/C/S", help="What the records are: product/category/service.")
@click.option("--time", "time", default="", metavar="FIELD", help="The field that says when a record was written.")
@_memory
@_json
@_quiet
def run_rules(
    rule_files: tuple[Path, ...], path: Path, logsource: str, time: str, memory: str, as_json: bool, quiet: bool
) -> None:
    """Run RULE_FILES (files or folders of Sigma rules) over JSON lines at PATH, without a case.

    Exit code: 0 nothing found, 10 something found, 11 nothing found, but some lines are no JSON objects.
    """
    with Bar(quiet=quiet) as bar:
        ran = acts.run_rules(list(rule_files), [path], logsource, time=time, memory=memory, progress=bar)
    found, listed = ran.detections, ran.rules
    if as_json:
        tables = {
            one.name: [dict(zip(one.columns, map(jsonable, row), strict=True)) for row in one.rows]
            for one in (found, listed)
        }
        _emit({"records": ran.records, "refused": ran.refused, **tables})
    else:
        print_table(Console(highlight=False), found.columns, found.rows, len(found.rows))
        click.echo(ran.told(), err=True)
    sys.exit(10 if found.rows else 11 if ran.refused else 0)


@rules.command()
@_json
def spread(as_json: bool) -> None:
    """List how compromise spreads: each rule, its ATT&CK technique, and when it carries."""
    listed = acts.list_rules()
    if as_json:
        _emit(listed)
    else:
        names = ("name", "technique", "when")
        rows: list[tuple[object, ...]] = [tuple(one[name] for name in names) for one in listed]
        print_table(Console(highlight=False), names, rows, len(rows))


class _Sources(click.Group):
    """A group in which any other word is the name of a source."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The verb of that name, or the one that describes the source of that name."""
        return super().get_command(ctx, cmd_name) or click.Command(cmd_name, callback=lambda: _described(ctx, cmd_name))


@cli.group(cls=_Sources, invoke_without_command=True, subcommand_metavar="[NAME | new | check]")
@_json
@click.pass_context
def sources(context: click.Context, as_json: bool) -> None:
    """List the sources: what each can say and prove, and what it cannot show; with NAME that one in full."""
    if context.invoked_subcommand is not None:
        return
    listed = acts.list_sources()
    if as_json:
        _emit(listed)
    else:
        print_sources(Console(highlight=False), listed)


def _described(context: click.Context, name: str) -> None:
    described = acts.describe_source(name)
    if context.params.get("as_json"):
        _emit(described)
    else:
        print_source(Console(highlight=False), described)


@sources.command()
@click.argument("name")
@click.option("--in", "below", type=PATH, default=Path(), help="Where to make it. For a case: CASE/sources.")
def new(name: str, below: Path) -> None:
    """Make the folder of a new source NAME, to fill in: a commented source.toml and a corpus."""
    folder = acts.make_source(name, below)
    click.echo(f"{folder} is made. Fill in its source.toml, put records into its corpus/, then:")
    click.echo(f"cloison sources check {folder}")


@sources.command()
@click.argument("folder", type=PATH)
@click.option("--rows", is_flag=True, help="Print the rows that its corpus becomes, as JSON.")
def check(folder: Path, rows: bool) -> None:
    """Say all that is wrong with the source in FOLDER: its words, its places and patterns, and what its corpus becomes.

    Exit code: 0 nothing, 2 something.
    """
    checked = acts.check_source(folder)
    if rows:
        _emit(list(checked.rows))
    for fault in checked.faults:
        click.echo(shown(str(fault)), err=rows)
    held = {"carrier": checked.carriers, "event": checked.events, "rotation": checked.rotations}
    parts = ", ".join(f"{count} {plural(word, count)}" for word, count in held.items())
    told = f"{parts}, all exercised by {checked.records} {plural('record', checked.records)}"
    number = len(checked.faults)
    found = f"{number} {plural('fault', number)}"
    click.echo(f"{checked.name}: {found if number else told}", err=rows)
    sys.exit(2 if checked.faults else 0)


@cli.command()
@click.argument("files", nargs=-1, required=True, type=PATH)
@click.option("--cautions", multiple=True, type=PATH, help="CSV: value,why,follow, as for `investigate`.")
@click.option("--to", "form", type=click.Choice(tuple(acts.FORMS)), help="Write them in this form, to the file of -o.")
@click.option("--output", "-o", type=PATH, help="The file to write.")
@_json
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
        _emit(understood.as_json())
    else:
        for line in understood.as_lines():
            click.echo(shown(line))
    if form is not None and output is not None:
        click.echo(shown(acts.hand_on(understood, form, output)), err=True)


@cli.command()
@click.argument("indicators", type=PATH)
@click.argument("paths", nargs=-1, required=True, type=PATH)
@_memory
@_json
@_quiet
def sweep(indicators: Path, paths: tuple[Path, ...], memory: str, as_json: bool, quiet: bool) -> None:
    """Sweep raw logs at PATHS for INDICATORS without a case; or the events of a case, where PATHS is its folder.

    A case is swept through an index of what can be looked for, made when it is first asked for and kept up to date.

    Exit code: 0 nothing seen, 10 something seen, 11 something could not be read.
    """
    with Bar(quiet=quiet) as bar:
        swept = acts.sweep(indicators, list(paths), memory=memory, progress=bar)
    if as_json:
        _emit(acts.sweep_json(swept))
    else:
        for line in swept.as_lines():
            click.echo(shown(line))
    sys.exit(swept.exit_code)


cli.add_command(watch)


def _emit(value: object) -> None:
    sys.stdout.buffer.write(
        orjson.dumps(value, default=jsonable, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    )
    sys.stdout.buffer.flush()


def main() -> None:
    """Run the command line; errors are one line on stderr, an interrupt leaves nothing broken."""
    try:
        code = cli.main(standalone_mode=False)
    except click.exceptions.Exit as done:
        code = done.exit_code
    except click.Abort:
        code = _say("interrupted; what was committed stands, run the same command again to go on", 130)
    except click.ClickException as fault:
        fault.show()
        code = 2
    except CloisonError as fault:
        code = _say(str(fault), fault.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        code = 0
    except KeyboardInterrupt:
        code = _say("interrupted; what was committed stands, run the same command again to go on", 130)
    sys.exit(code if isinstance(code, int) else 0)


def _say(text: str, code: int) -> int:
    sys.stderr.write(f"cloison: {shown(text)}\n")
    return code
