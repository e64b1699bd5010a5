"""How does the timeline read in Timesketch?

Source: Timesketch's import formats: one event a line with `message`, `datetime`, `timestamp_desc`, and more.
"""

import csv
import io
from collections.abc import Iterator

import orjson

from cloison.model.cells import cell
from cloison.report.exports.told import Row, Told, moment, text

COLUMNS = ("message", "datetime", "timestamp_desc", "data_type", "system", "principal", "standing", "event_uid", "tag")
_DESCRIPTION = "Event Logged"


def write_lines(told: Told) -> Iterator[bytes]:
    """JSON lines; tags are a list."""
    for row in told.rows("timeline"):
        event = _event(row)
        yield orjson.dumps({**event, "tag": [event["tag"]]}, option=orjson.OPT_APPEND_NEWLINE)


def write_csv(told: Told) -> Iterator[bytes]:
    """CSV with Timesketch's columns first; no cell is a formula to a spreadsheet."""
    yield _line(COLUMNS)
    for row in told.rows("timeline"):
        yield _line([cell(value) for value in _event(row).values()])


def _event(row: Row) -> dict[str, str]:
    found = (row["what"], moment(row["time"]), _DESCRIPTION, "cloison:timeline", row["system"], row["principal"])
    return dict(zip(COLUMNS, map(text, (*found, row["standing"], row["event_uid"], row["standing"])), strict=True))


def _line(values: tuple[str, ...] | list[str]) -> bytes:
    held = io.StringIO()
    csv.writer(held, lineterminator="\n").writerow(values)
    return held.getvalue().encode()
