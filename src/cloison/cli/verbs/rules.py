"""Which verbs list, check and run rules?"""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from cloison.cli import options, output
from cloison.cli.listener import Bar
from cloison.cli.safe import shown
from cloison.cli.tables import print_table
from cloison.service import acts


@click.group(invoke_without_command=True)
@options.json
@click.pass_context
def rules(context: click.Context, as_json: bool) -> None:
    """List the detection rules that ship; `spread` lists the rules by which compromise spreads."""
    if context.invoked_subcommand is None:
        _listed(acts.list_detection_rules(), ("title", "level", "logsource", "tags", "origin"), as_json=as_json)


@rules.command("check")
@click.argument("folder", type=options.PATH)
@options.json
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
        output.emit([acts.checked_json(one) for one in checked])
    else:
        click.echo(acts.checked_total(checked))
    sys.exit(2 if any(one.wrong for one in checked) else 0)


@rules.command("run")
@click.argument("rule_files", nargs=-1, required=True, type=options.PATH)
@click.argument("path", type=options.PATH)
@click.option("--logsource", default="", metavar="P/C/S", help="What the records are: product/category/service.")
@click.option("--time", "time", default="", metavar="FIELD", help="The field that says when a record was written.")
@options.memory
@options.json
@options.quiet
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
        tables = {one.name: output.records(one.columns, one.rows) for one in (found, listed)}
        output.emit({"records": ran.records, "refused": ran.refused, **tables})
    else:
        print_table(output.console(), found.columns, found.rows, len(found.rows))
        click.echo(ran.told(), err=True)
    sys.exit(10 if found.rows else 11 if ran.refused else 0)


@rules.command()
@options.json
def spread(as_json: bool) -> None:
    """List how compromise spreads: each rule, its ATT&CK technique, and when it carries."""
    _listed(acts.list_rules(), ("name", "technique", "when"), as_json=as_json)


def _listed(listed: Sequence[Mapping[str, object]], names: tuple[str, ...], *, as_json: bool) -> None:
    if as_json:
        output.emit(listed)
    else:
        rows: list[tuple[object, ...]] = [tuple(one[name] for name in names) for one in listed]
        print_table(output.console(), names, rows, len(rows))
