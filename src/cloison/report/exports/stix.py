"""How is an incident told in STIX 2.1: what was looked for, what was seen of it, and what it led to?

Source: OASIS, STIX 2.1. Ids are made from what an object speaks of, so that what is written again is a newer version of
the same objects.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import chain

import orjson

from cloison.hunt.intel.ids import PRODUCER
from cloison.hunt.intel.writing.stix import MADE, about_us, indicator_object, marking_object
from cloison.model.attack import name_of, page_of
from cloison.model.indicator import Indicator
from cloison.model.wording import many
from cloison.report.exports.observed import observed_object
from cloison.report.exports.told import Row, Told, document, moment, sightings_of, text, uid

Object = dict[str, object]
_LOOKED_FOR = "looked for in the logs of the incident"


def write(told: Told) -> Iterator[bytes]:
    """One bundle."""
    yield document({"type": "bundle", "id": f"bundle--{uid('bundle', told.title)}", "objects": list(_objects(told))})


def _objects(told: Told) -> Iterator[Object]:
    """Every object once; what is named by another stands before it."""
    incident = _made(told, "incident", told.title, name=told.title, description=_account(told))
    seen: set[object] = set()
    parts = (about_us(moment(told.as_of)), [incident], _of_indicators(told, incident), _of_compromise(told, incident))
    for one in chain.from_iterable(parts):
        if one["id"] not in seen:
            seen.add(one["id"])
            yield one
    yield from _verdicts(told, incident)


def _of_indicators(told: Told, incident: Object) -> Iterator[Object]:
    """The indicators with their markings, and each with what was seen of it."""
    yield from (marking_object(level) for level in sorted({one.tlp for one in told.indicators if one.tlp}))
    sightings = sightings_of(told)
    for one in told.indicators:
        written = indicator_object(one, moment(told.as_of))
        yield written
        yield _related(told, incident, written, _LOOKED_FOR)
        yield from _seen(told, written, one, sightings.get((str(one.kind), one.value), []))


def _seen(told: Told, indicator: Object, one: Indicator, rows: Sequence[Row]) -> Iterator[Object]:
    """What was observed, and the sighting that says how often; nothing where nothing was seen."""
    if not rows:
        return
    observed = {text(row["observed"]): observed_object(str(one.kind), text(row["observed"])) for row in rows}
    objects = [found for found in observed.values() if found]
    first, last = min(_time(row) for row in rows), max(_time(row) for row in rows)
    count = len({row["event_uid"] for row in rows})
    data = []
    if objects:
        data = [
            _made(
                told,
                "observed-data",
                told.title,
                one.kind,
                one.value,
                first_observed=moment(first),
                last_observed=moment(last),
                number_observed=count,
                object_refs=sorted(text(found["id"]) for found in objects),
            )
        ]
    yield from objects
    yield from data
    yield _made(
        told,
        "sighting",
        told.title,
        one.kind,
        one.value,
        sighting_of_ref=indicator["id"],
        **({"observed_data_refs": [data[0]["id"]]} if data else {}),
        where_sighted_refs=[PRODUCER],
        first_seen=moment(first),
        last_seen=moment(last),
        count=count,
    )


def _of_compromise(told: Told, incident: Object) -> Iterator[Object]:
    """What the compromise reached, each with the reason, and the technique that carried it."""
    for row in told.rows("compromised"):
        technique = text(row["technique"])
        pattern = _pattern(told, technique) if technique else None
        thing = observed_object(text(row["kind"]), text(row["uid"]), text(row["system"]))
        if pattern:
            yield pattern
            yield _related(told, incident, pattern, f"carried compromise: {name_of(technique)}")
        if thing:
            yield thing
            yield _related(told, incident, thing, f"{row['standing']}: {row['why']}", row)


def _pattern(told: Told, technique: str) -> Object:
    reference = {"source_name": "mitre-attack", "external_id": technique, "url": page_of(technique)}
    return _made(told, "attack-pattern", technique, name=name_of(technique), external_references=[reference])


def _verdicts(told: Told, incident: Object) -> Iterator[Object]:
    """Of each exposed credential whether it is closed, and on which record."""
    for row in told.rows("rotations"):
        yield _made(
            told,
            "note",
            told.title,
            row["exposed_uid"],
            abstract=f"{row['kind']} {row['exposed_uid']}: {row['verdict']}",
            content=f"{row['why']} As of {moment(row['as_of']) if row['as_of'] else 'an unknown moment'}.",
            object_refs=[incident["id"]],
        )


def _account(told: Told) -> str:
    events, files = 0, 0
    for row in told.rows("account"):
        events += int(text(row["stored"]) or 0)
        files += 1
    return f"{many(events, 'event')} of {many(files, 'log')}, as of {moment(told.as_of)}."


def _related(told: Told, incident: Object, other: Object, why: str, row: Row | None = None) -> Object:
    span: Object = {}
    if row and isinstance(row["since"], datetime):
        span["start_time"] = moment(row["since"])
        if isinstance(row["until"], datetime) and row["until"] > row["since"]:
            span["stop_time"] = moment(row["until"])
    ends = {"source_ref": incident["id"], "target_ref": other["id"]}
    return _made(told, "relationship", *ends.values(), relationship_type="related-to", description=why, **ends, **span)


def _made(told: Told, kind: str, *key: object, **properties: object) -> Object:
    """An object of ours: its id from its kind and what it speaks of."""
    common = {"type": kind, "spec_version": "2.1", "id": f"{kind}--{uid(kind, *key)}", "created_by_ref": PRODUCER}
    return {**common, "created": MADE, "modified": moment(told.as_of), **properties}


def _time(row: Row) -> datetime:
    found = row["time"]
    if not isinstance(found, datetime):
        raise TypeError(f"a sighting without a time: {orjson.dumps(text(found)).decode()}")
    return found
