"""What stands behind one event: its fields, the raw record in custody, its OCSF form, what it led to and from?"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from cloison.errors import EvidenceError, InputError
from cloison.lake.folding import FOLDED
from cloison.ocsf.events import EVENTS
from cloison.service.explaining import NAMED_BY, Record, chain_of, record_of, rows_named
from cloison.service.viewing import View
from cloison.service.viewing_rows import TIMES
from cloison.sources.paths import quoted

SHOWN_BYTES = 64 << 10
"""A longer record is cut here, and says how long it is."""
_MARKED_BY = ("sightings", "detections", "timeline", "compromised", "touched")
_TIMED = ("timeline", "acts", "sightings", "detections", "compromised", "touched", "sessions")
"""Small tables that may know when an event was, so that not every event has to be asked."""


@dataclass(frozen=True)
class Raw:
    """A raw record as text, with its place in custody; `cut` is how many bytes are not shown.

    `readable` is JSON with a line for each member; it is "" where the record is no JSON, or the text says as much.
    """

    record: Record
    text: str
    readable: str
    cut: int
    ocsf: str


@dataclass(frozen=True)
class Seen:
    """An event with its raw records, the rows of answers that rest on it, and the chain of causes."""

    uid: str
    time: datetime
    event: dict[str, object]
    raws: tuple[Raw, ...]
    rows: tuple[tuple[str, dict[str, object]], ...]
    chain: tuple[dict[str, object], ...]
    gone: str = ""
    """Why a raw record is not shown; "" where all are."""


@dataclass(frozen=True)
class About:
    """What the answers say of a uid: rows by table, and the chain of causes that leads to it."""

    uid: str
    rows: tuple[tuple[str, dict[str, object]], ...]
    chain: tuple[dict[str, object], ...]


def record(view: View, uid: str, at: datetime | None = None) -> Seen:
    """One event; with `at`, its time, it is found at once.

    Raises:
        InputError: no event has that uid.
    """
    found = _event(view, uid, at)
    if found is None:
        raise InputError(f"no event is called {uid[:80]!r}", remedy="take an event_uid from a row")
    raws, gone = _raws(view, (found, *_folded(view, found)))
    rows = tuple(row for name in _MARKED_BY if name in view.tables for row in _rows_of(view, name, uid))
    with view.connection() as cursor:
        chain = tuple(chain_of(cursor, uid))
    time = found["time"]
    if not isinstance(time, datetime):
        raise InputError(f"the event {uid[:80]!r} has no time", remedy="look at its source")
    return Seen(uid, time.replace(tzinfo=UTC), found, raws, rows, chain, gone)


def _raws(view: View, events: Iterable[dict[str, object]]) -> tuple[tuple[Raw, ...], str]:
    """The raw records behind events; where evidence is gone, those before, and what is wrong."""
    raws: list[Raw] = []
    try:
        for event in events:
            raws.append(_raw(record_of(view.custody, event)))  # noqa: PERF401, those before a fault are kept
    except EvidenceError as fault:
        return tuple(raws), str(fault)
    return tuple(raws), ""


def about(view: View, uid: str) -> About:
    """What the answers say of a session, object, credential, principal, address or indicator."""
    with view.connection() as cursor:
        named = [row for name, test in NAMED_BY.items() for row in rows_named(cursor, name, test, uid)]
        return About(uid, tuple(named), tuple(chain_of(cursor, uid)))


def _event(view: View, uid: str, at: datetime | None) -> dict[str, object] | None:
    moments = [at.replace(tzinfo=None)] if at else []
    for time in (*moments, *_times_of(view, uid)):
        found = view.plain("SELECT * FROM events WHERE time = ? AND event_uid = ?", [time, uid])
        if found:
            return found[0]
    found = view.plain("SELECT * FROM events WHERE event_uid = ? LIMIT 1", [uid])
    return found[0] if found else None


def _times_of(view: View, uid: str) -> list[datetime]:
    parts = [
        f"SELECT {TIMES[name][0]} AS time FROM {quoted(name)} WHERE event_uid = $uid"
        for name in _TIMED
        if name in view.tables
    ]
    with view.connection() as cursor:
        read = cursor.execute(f"SELECT DISTINCT time FROM ({' UNION ALL '.join(parts)}) LIMIT 3", {"uid": uid})
        return [time for (time,) in read.fetchall() if time is not None]


def _folded(view: View, event: dict[str, object]) -> list[dict[str, object]]:
    """The other records that tell this event."""
    if event.get("pair_uid") is None:
        return []
    listed = ", ".join(map(quoted, EVENTS.columns))
    return view.plain(
        f"""SELECT {listed} FROM raw_events WHERE pair_uid = ? AND superseded = '{FOLDED}'
        ORDER BY time, record_offset LIMIT 20""",
        [event["pair_uid"]],
    )


def _rows_of(view: View, name: str, uid: str) -> list[tuple[str, dict[str, object]]]:
    return [(name, row) for row in view.told(f"SELECT * FROM {quoted(name)} WHERE event_uid = ? LIMIT 20", [uid])]


def _raw(one: Record) -> Raw:
    shown = one.raw[:SHOWN_BYTES].decode("utf-8", "replace")
    ocsf = json.dumps(one.ocsf, indent=2, ensure_ascii=False, default=str)[:SHOWN_BYTES] if one.ocsf else ""
    cut = max(0, len(one.raw) - SHOWN_BYTES)
    return Raw(one, shown, "" if cut else _readable(shown), cut, ocsf)


def _readable(text: str) -> str:
    try:
        held = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    return json.dumps(held, indent=2, ensure_ascii=False) if isinstance(held, dict) else ""
