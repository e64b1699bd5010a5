"""Which verbs list the rules?"""

import click

from cloison.cli import options, output
from cloison.cli.tables import print_table
from cloison.service import acts


@click.group()
def rules() -> None:
    """List the rules by which cloison judges."""


@rules.command()
@options.json
def spread(as_json: bool) -> None:
    """List how compromise spreads: each rule, its ATT&CK technique, and when it carries."""
    listed = acts.list_rules()
    if as_json:
        output.emit(listed)
    else:
        names = ("name", "technique", "when")
        rows: list[tuple[object, ...]] = [tuple(one[name] for name in names) for one in listed]
        print_table(output.console(), names, rows, len(rows))
