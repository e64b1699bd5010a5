"""Inside which pages and envelopes may a vendor's record arrive?

A page is an object that holds many records in an array (API pages, CloudTrail files); an envelope is an object that
holds one record, nested or as a JSON string (EventBridge, Splunk HEC, SIEM exports).
"""

from collections.abc import Iterator

import orjson

from cloison.evidence.formats.json_scan import ELEMENT, Path

PAGES: frozenset[Path] = frozenset(
    (*path, ELEMENT)
    for path in (
        (),
        ("Records",),
        ("records",),
        ("items",),
        ("value",),
        ("entries",),
        ("entities",),
        ("data",),
        ("results",),
        ("values",),
        ("result",),
        ("Events",),
        ("events",),
        ("logs",),
        ("logEvents",),
        ("log", "entries"),
        ("data", "events"),
        ("response", "entities"),
    )
) | {("data", "viewer", "accounts", ELEMENT, "accessLoginRequestsAdaptiveGroups", ELEMENT)}

ENVELOPES: tuple[tuple[str, ...], ...] = (
    ("detail",),
    ("event",),
    ("_raw",),
    ("message",),
    ("event", "original"),
    ("raw",),
    ("raw_data",),
    ("body",),
    ("log",),
    ("CloudTrailEvent",),
    ("AuditData",),
    ("auditData",),
    ("@message",),
    ("json",),
    ("data",),
    ("payload",),
    ("result",),
    ("_source",),
    ("dimensions",),
)


def holds(value: object, path: Path) -> bool:
    """Whether there is anything in the array at a page's path."""
    if path[0] == ELEMENT:
        elements = value if isinstance(value, list) else []
        return bool(elements) if path == (ELEMENT,) else any(holds(one, path[1:]) for one in elements)
    return isinstance(value, dict) and path[0] in value and holds(value[path[0]], path[1:])


def inside(envelope: dict[str, object]) -> Iterator[dict[str, object]]:
    """The objects that an envelope may be carrying, nested or as JSON text."""
    for path in ENVELOPES:
        found = _at(envelope, path)
        if isinstance(found, str) and found.lstrip().startswith("{"):
            found = _decoded(found)
        if isinstance(found, dict):
            yield found


def carried_text(envelope: dict[str, object]) -> Iterator[str]:
    """The lines of text that an envelope may be carrying."""
    for path in ENVELOPES:
        found = _at(envelope, path)
        if isinstance(found, str) and found and not found.lstrip().startswith("{"):
            yield found


def _at(record: dict[str, object], path: tuple[str, ...]) -> object:
    here: object = record
    for step in path:
        if not isinstance(here, dict):
            return None
        here = here.get(step)
    return here


def _decoded(text: str) -> object:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
