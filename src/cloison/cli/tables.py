"""How are tables, explanations and sources printed for a person?"""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cloison.cli.safe import shown
from cloison.model.wording import many
from cloison.service.explaining import Explanation, Record

_HIDDEN_COLUMNS = {"evidence_uid", "length", "event_uid", "rule", "cause_kind", "cause_uid", "exposed_uid"}
_WIDEST = 60


def print_table(console: Console, columns: Sequence[str], rows: Sequence[Sequence[object]], total: int) -> None:
    """Print rows as a table; the last line says how many rows there are."""
    keep = [
        at
        for at, name in enumerate(columns)
        if name not in _HIDDEN_COLUMNS or (name == "event_uid" and len(columns) < 8)
    ]
    if not console.is_terminal:
        _print_plain(console, [columns[at] for at in keep], [[row[at] for at in keep] for row in rows])
        return
    table = Table(*[columns[at] for at in keep], box=None, pad_edge=False)
    for row in rows:
        table.add_row(*[Text(shown(row[at], width=_WIDEST)) for at in keep])
    console.print(table)
    console.print(Text(f"{len(rows):,} of {many(total, 'row')}", style="dim"))


def _print_plain(console: Console, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Whole cells, one row a line, parted by tabs: for a pipe or a file."""
    for line in (columns, *rows):
        console.file.write("\t".join(shown(value) for value in line) + "\n")


def print_explanation(console: Console, found: Explanation) -> None:
    """Print the rows that a uid names, its chain of causes, and the raw records."""
    for name, row in found.rows:
        console.print(Text(f"{name}: ", style="bold") + Text(_pairs(row)), soft_wrap=True)
    for link in found.chain:
        line = f"{link['kind']} {link['uid']} is {link['standing']} since {shown(link['since'])}: {link['why']}"
        console.print(Text("  because ", style="dim") + Text(shown(line)), soft_wrap=True)
    for record in found.records:
        _print_record(console, record)
    if found.more:
        console.print(Text(f"and {found.more:,} more records: --limit shows them", style="dim"))


def _print_record(console: Console, record: Record) -> None:
    place = f"{record.evidence} · {_place(record)} · sha256 {record.sha256}"
    head = f"event {record.event['event_uid']} · {place}" if "event_uid" in record.event else place
    console.print(Text(shown(head), style="bold"), soft_wrap=True)
    console.print(Text("  " + _pairs(record.event)), soft_wrap=True)
    console.print(Text("  raw: ", style="dim") + Text(shown(record.raw.decode("utf-8", "replace"))), soft_wrap=True)


def _place(record: Record) -> str:
    if record.unit == "rows":
        return f"row {record.offset}, counted from 0"
    return f"offset {record.offset} · {record.length} bytes"


def _pairs(row: dict[str, object]) -> str:
    return " · ".join(f"{name}={shown(value)}" for name, value in row.items() if value is not None)


def print_sources(console: Console, listed: Sequence[dict[str, object]]) -> None:
    """Print what each source can say, prove and not show."""
    for source in listed:
        console.print(
            Text(f"{source['name']}", style="bold") + Text(f"  {source['title']} · system {source['system']}"),
            soft_wrap=True,
        )
        carriers, proofs, blind = source["carriers"], source["proofs"], source["blind"]
        if isinstance(carriers, list):
            console.print(Text(f"  carriers: {', '.join(map(str, carriers))}", style="dim"), soft_wrap=True)
        for proof in proofs if isinstance(proofs, list) else []:
            console.print(Text(f"  proves: {proof}", style="green"), soft_wrap=True)
        for gap in blind if isinstance(blind, list) else []:
            console.print(Text(f"  cannot show: {gap}", style="yellow"), soft_wrap=True)


def print_source(console: Console, one: dict[str, object]) -> None:
    """Print one source in full, a line for each thing that it says."""
    for name, value in one.items():
        console.print(Text(name.replace("_", " "), style="bold"), soft_wrap=True)
        for line in _lines_of(value):
            console.print(Text(f"  {shown(line)}"), soft_wrap=True)


def _lines_of(value: object) -> list[str]:
    if isinstance(value, dict):
        return [f"{name}: {', '.join(_lines_of(below))}" for name, below in value.items() if below]
    if isinstance(value, list):
        return [str(below) for below in value] or ["nothing"]
    return [str(value) or "not said"]
