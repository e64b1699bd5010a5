"""How is an incident told as a MISP event: the indicators with what was seen of each, and what was found compromised?

Source: the MISP core format (draft-dulaunoy-misp-core-format).
"""

from collections.abc import Iterator
from datetime import UTC, datetime

from cloison.hunt.intel.writing.misp import attribute_of
from cloison.report.exports.told import Row, Told, document, sightings_of, text, uid

_FOUND = {
    "address": ("ip-src", "Network activity"),
    "host": ("ip-src", "Network activity"),
    "principal": ("target-user", "Targeting data"),
    "app": ("text", "Persistence mechanism"),
}


def write(told: Told) -> Iterator[bytes]:
    """One event; it stays with the organisation that imports it."""
    stamp = _stamp(told.as_of)
    event = {
        "uuid": uid("misp event", told.title),
        "info": told.title,
        "date": told.as_of.date().isoformat(),
        "timestamp": stamp,
        "threat_level_id": "4",
        "analysis": "1",
        "distribution": "0",
        "published": False,
        "Attribute": [*_looked_for(told, stamp), *_found(told, stamp)],
    }
    yield document({"Event": event})


def _looked_for(told: Told, stamp: str) -> Iterator[dict[str, object]]:
    seen = sightings_of(told)
    for one in told.indicators:
        rows = seen.get((str(one.kind), one.value), [])
        yield {**attribute_of(one, stamp), "Sighting": [_sighting(told, row) for row in rows]}


def _sighting(told: Told, row: Row) -> dict[str, object]:
    time = row["time"]
    return {
        "uuid": uid("misp sighting", told.title, *row.values()),
        "type": "0",
        "source": f"{row['source']} {row['event_uid']}",
        "date_sighting": _stamp(time) if isinstance(time, datetime) else "0",
    }


def _found(told: Told, stamp: str) -> Iterator[dict[str, object]]:
    """What is compromised is told, not looked for: it is the organisation's own."""
    for row in told.rows("compromised"):
        kind, category = _FOUND.get(text(row["kind"]), ("", ""))
        if kind:
            yield {
                "uuid": uid("misp attribute", told.title, row["kind"], row["uid"], row["system"]),
                "type": kind,
                "category": category,
                "value": text(row["uid"]),
                "comment": f"{row['standing']}: {row['why']}",
                "to_ids": False,
                "disable_correlation": True,
                "distribution": "0",
                "timestamp": stamp,
                "Tag": [{"name": f'cloison:standing="{row["standing"]}"'}],
            }


def _stamp(time: datetime) -> str:
    return str(int((time.replace(tzinfo=UTC) if time.tzinfo is None else time).timestamp()))
