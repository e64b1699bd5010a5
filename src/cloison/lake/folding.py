"""How do several lines of a log that tell one event become one row?

Rows with one `pair_uid` are one event, as the lines of an audited system call are. The row whose rule comes first
in its source speaks for them; it takes from the others, in the order of the log, what it does not say itself. The
others stay in the lake as `folded`: they count as stored, and `explain` shows them behind the one that speaks. Lines
that a part of the lake holds and its others are taken in another act stay events of their own.
"""

import duckdb

from cloison.ocsf.events import EVENTS
from cloison.sources.paths import quoted

FOLDED = "folded"

_OWN = {"event_uid", "source", "carrier", "system", "evidence_uid", "record_offset", "record_length", "record_part"}
_OWN |= {"time", "time_assumed", "class_uid", "activity_id", "pair_uid", "phase"}


def fold(engine: duckdb.DuckDBPyConnection) -> None:
    """Fold the rows of the table `chunk`, which has `_lead`: the number of each row's rule; adds `_folded`."""
    held = [column[0] for column in engine.execute("SELECT * FROM chunk LIMIT 0").description]
    taken = [name for name in held if name in EVENTS.columns and name not in _OWN]
    told = ", ".join(f"arg_min({_said(name)}, place) AS {quoted(name)}" for name in taken)
    merged = ", ".join(_merged(name) if name in taken else f"c.{quoted(name)}" for name in held)
    engine.execute(
        f"""CREATE OR REPLACE TEMP TABLE chunk AS
        WITH placed AS (
          SELECT *, struct_pack(r := _lead, e := evidence_uid, o := record_offset) AS place FROM chunk
        ), told AS (
          SELECT pair_uid AS p, min(place) AS first, {told} FROM placed
          WHERE pair_uid IS NOT NULL GROUP BY pair_uid HAVING count(*) > 1
        )
        SELECT {merged}, coalesce(t.first <> c.place, FALSE) AS _folded
        FROM placed AS c LEFT JOIN told AS t ON t.p = c.pair_uid"""
    )


def _said(name: str) -> str:
    """What a row says in a column; an unknown status says nothing."""
    return f"nullif({quoted(name)}, 0)" if name == "status_id" else quoted(name)


def _merged(name: str) -> str:
    """A column of the row that speaks, out of all rows; of the others, their own."""
    column = quoted(name)
    said = "coalesce(t.status_id, 0)" if name == "status_id" else f"coalesce(c.{column}, t.{column})"
    return f"CASE WHEN t.first = c.place THEN {said} ELSE c.{column} END AS {column}"
