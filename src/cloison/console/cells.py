"""Which columns of a table are shown on a page, and how is each value set: a time, a badge, a way to somewhere?"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import quote

from markupsafe import Markup

from cloison.console.asking import Words, address, hours_of, written
from cloison.service.viewing_rows import TIMES, Page

_EVENT: Final = (
    "time", "system", "principal", "action", "resource_kind", "resource_uid", "src_ip", "status_id", "event_code",
    "event_uid",
)  # fmt: skip
SHOWN: Final[Mapping[str, tuple[str, ...]]] = {
    "events": _EVENT,
    "acts": _EVENT,
    "timeline": ("time", "system", "principal", "what", "standing", "event_uid"),
    "sightings": ("time", "indicator_value", "system", "principal", "field", "observed", "caution", "event_uid"),
    "detections": ("time", "level", "title", "system", "principal", "src_ip", "resource_uid", "events", "event_uid"),
    "rules_run": ("title", "level", "logsource", "runs", "why", "events", "detections"),
    "sessions": (
        "first_at", "last_at", "system", "principal", "network", "client", "events", "standing", "why", "session_uid",
    ),
    "compromised": (
        "uid", "kind", "system", "since", "until", "last_seen_at", "standing", "why", "rule", "cause_uid", "event_uid",
    ),
    "touched": (
        "resource_uid", "resource_kind", "system", "action", "outcome", "events", "first_at", "standing",
        "principals", "session_uid", "event_uid",
    ),
    "scope": ("resource_kind", "system", "attempted", "read", "taken", "at_most", "total"),
    "rotations": (
        "credential_uid", "kind", "system", "principal", "verdict", "misused", "exposed_at", "last_use_at",
        "uses_after_exposure", "why", "gap", "last_use",
    ),
    "coverage": ("source", "system", "first_at", "last_at", "events", "gaps", "levels", "late", "fetchable_until"),
    "absences": ("access", "system", "verdict", "seen", "events", "why", "covered_hours", "gaps", "event_uid"),
    "account": ("evidence", "source", "received", "stored", "duplicate", "rejected", "unrecognised"),
    "rejects": ("evidence", "offset", "length", "reason"),
}  # fmt: skip
"""What a page shows of each table; the rest of a row is in its record, and all of it in the API."""

PIVOTS: Final = frozenset(
    {"principal", "src_ip", "address", "credential_uid", "resource_uid", "uid", "cause_uid", "indicator_value",
     "observed", "network", "dst_ip", "dst_host", "target_principal", "actor_name", "actor_email", "actor_uid",
     "src_host", "vendor_session_uid", "minted_credential_uid", "target_app", "target_credential_uid", "file_name",
     "file_hash", "user_agent", "resource_name"}
)  # fmt: skip
"""Columns whose value other records may hold too."""
RECORDS: Final = frozenset({"event_uid", "first_event_uid", "last_use", "revoked_by", "closed_by"})
LEADS: Final = frozenset({"what", "title", "resource_uid", "uid", "evidence", "access", "source"})
TONES: Final[Mapping[tuple[str, str], str]] = {
    ("standing", "proven"): "bad",
    ("standing", "suspected"): "unsure",
    ("standing", "unknown"): "unsure",
    ("standing", "expected"): "good",
    ("verdict", "proven"): "good",
    ("verdict", "refuted"): "bad",
    ("verdict", "unknown"): "unsure",
    ("level", "critical"): "bad",
    ("level", "high"): "bad",
    ("level", "medium"): "unsure",
    ("outcome", "success"): "bad",
    ("outcome", "unknown"): "unsure",
    ("misused", "yes"): "bad",
    ("status_id", "failure"): "unsure",
}
_PROSE: Final = frozenset({"why", "reason", "caution", "message"})
_BADGES: Final = frozenset(column for column, _ in TONES)
_STATUS: Final = {0: "unknown", 1: "success", 2: "failure"}
_ROTATION: Final = {"proven": "proven dead", "refuted": "alive", "unknown": "unknown"}


@dataclass(frozen=True)
class Cell:
    """A value as it is shown: `style` says how it is set, `href` where it leads, `exact` what is copied of it."""

    label: str
    value: object
    style: str = ""
    tone: str = ""
    href: Markup | None = None
    exact: str = ""


@dataclass(frozen=True)
class Row:
    """The cells of a row, and the uid that marks of it are about; "" where it has none."""

    cells: tuple[Cell, ...]
    uid: str
    time: datetime | None


@dataclass(frozen=True)
class Column:
    """A column's head: `href` orders by it, `order` says how it is ordered now."""

    label: str
    style: str
    href: Markup
    order: str


def record_href(uid: str, time: object = None, words: Words | None = None) -> Markup:
    """Where the record of an event is."""
    at = written(time) if isinstance(time, datetime) else None
    return address(f"/record/{quote(uid, safe='')}", hours_of(words or {}), at=at)


def cells(page: Page, words: Words) -> list[Row]:
    """The rows of a page as they are shown."""
    begin = TIMES.get(page.table, ("", ""))[0]
    return [_row(page.table, row, row.get(begin), words) for row in page.told()]


def _row(table: str, row: Mapping[str, object], time: object, words: Words) -> Row:
    shown = tuple(cell(table, name, row.get(name), row, words) for name in SHOWN.get(table, tuple(row)))
    uid = str(next((row[name] for name in _NAMES if row.get(name)), ""))
    return Row(shown, uid, time if isinstance(time, datetime) else None)


def cell(table: str, name: str, value: object, row: Mapping[str, object], words: Words) -> Cell:
    """One value as it is shown."""
    label = name.removesuffix("_uid").removesuffix("_id").replace("_", " ") if name != "uid" else "what"
    if value is None or value in ("", []):
        return Cell(label, None, _style(name, value))
    if name in RECORDS:
        time = row.get(TIMES.get(table, ("", ""))[0]) if name == "event_uid" else None
        return Cell(label, str(value)[:8], "record", href=record_href(str(value), time, words), exact=str(value))
    if name == "session_uid":
        return Cell(
            "session", str(value)[:8], "record", href=address(f"/session/{quote(str(value), safe='')}", hours_of(words))
        )
    if name in _BADGES:
        told = _told(table, name, value)
        return Cell(label, told, "standing", TONES.get((name, str(value if name == "verdict" else told)), ""))
    if name in PIVOTS and isinstance(value, str):
        return Cell(
            label, value, _style(name, value), href=address("/pivot", hours_of(words), value=value), exact=value
        )
    shown = ", ".join(map(str, value)) if isinstance(value, list | tuple) else _told(table, name, value)
    return Cell(label, shown, _style(name, value))


def _told(table: str, name: str, value: object) -> object:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name == "status_id":
        return _STATUS.get(int(str(value)), "unknown")
    return _ROTATION.get(str(value), value) if (table, name) == ("rotations", "verdict") else value


def _style(name: str, value: object) -> str:
    if isinstance(value, datetime):
        return "time"
    if isinstance(value, int) and not isinstance(value, bool):
        return "number"
    return "lead" if name in LEADS else "prose" if name in _PROSE else ""


def heads(page: Page, order: str, path: str, words: Words) -> list[Column]:
    """The heads of the columns that are shown; each leads to the page ordered by it, a second time the other way."""
    found = []
    rest = {name: value for name, value in words.items() if name != "after"}
    first = next(page.told(), {})
    for name in SHOWN.get(page.table, page.columns):
        following = f"-{name}" if order == name else name
        told = {name: "ascending", f"-{name}": "descending"}.get(order, "")
        label = cell(page.table, name, None, {}, words).label
        found.append(Column(label, _set(page.table, name, first), address(path, rest, order=following), told))
    return found


def _set(table: str, name: str, row: Mapping[str, object]) -> str:
    """How the values of a column are set."""
    return cell(table, name, row.get(name), row, {}).style


def values(event: Mapping[str, object], words: Words) -> list[Cell]:
    """Every field of one thing, below one another."""
    return [
        cell("events", name, value, event, words)
        for name, value in event.items()
        if name != "event_uid" and value is not None
    ]


def chosen(table: str, columns: Iterable[str]) -> Sequence[str]:
    """The columns that a filter may name: those that name things first, and of these what is shown."""
    shown = SHOWN.get(table, ())
    return sorted(
        columns, key=lambda name: (name != "principal", name not in PIVOTS, name not in shown, name not in LEADS, name)
    )


def asked_for(table: str) -> tuple[str, ...]:
    """The columns that a page of a table takes: what is shown, what marks are about, and the time of a row."""
    return (*SHOWN.get(table, ()), *_NAMES, TIMES.get(table, ("", ""))[0]) if table in SHOWN else ()


_NAMES = ("event_uid", "session_uid", "uid", "exposed_uid")
"""Which columns name a row, the first that it has."""
