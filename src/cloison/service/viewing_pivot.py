"""Where else does a value stand: in which column of which table, how often, from when to when?"""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

import msgspec

from cloison.service.viewing import View
from cloison.service.viewing_rows import Question, ends_of, time_in, total, where
from cloison.sources.paths import quoted

_NAMING: Final = (
    "principal", "actor_name", "actor_email", "actor_uid", "src_ip", "src_host", "dst_ip", "dst_host", "credential_uid",
    "minted_credential_uid", "vendor_session_uid", "resource_uid", "target_principal", "target_app",
    "target_credential_uid", "file_name", "file_hash", "user_agent", "event_uid",
)  # fmt: skip
"""The columns of events that name something that other records may name too."""


class Place(msgspec.Struct, frozen=True):
    """So many rows of a table have the value in this column."""

    table: str
    column: str
    rows: int
    of: int
    first_at: datetime | None
    last_at: datetime | None


def pivot(view: View, value: str, since: datetime | None = None, until: datetime | None = None) -> tuple[Place, ...]:
    """Every place of a value in the events and in the answers, the events first; compared as it is written."""
    if not value:
        return ()
    return view.keeping(("pivot", value, since, until), lambda: tuple(_places(view, value, since, until)))


def _places(view: View, value: str, since: datetime | None, until: datetime | None) -> Iterator[Place]:
    for table in ("events", *(name for name in view.tables if name != "events")):
        columns = view.tables[table]
        asked = where(view, Question(table, since, until))
        named = [name for name, kind in columns.items() if kind == "string" and (table != "events" or name in _NAMING)]
        parts = [
            f"SELECT {number}, count(*), {ends_of(table)} FROM {quoted(table)} WHERE {quoted(name)} = ? AND {asked.sql}"
            for number, name in enumerate(named)
        ]
        if not parts:
            continue
        parameters = [one for _ in named for one in (value, *asked.parameters)]
        for number, rows, first, last in view.ask(" UNION ALL ".join(parts), parameters):
            if rows:
                place = named[int(str(number))]
                yield Place(table, place, int(str(rows)), total(view, table), time_in(first), time_in(last))
