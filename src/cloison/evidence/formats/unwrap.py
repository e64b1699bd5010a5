"""Inside which pages and envelopes may a vendor's record arrive?

A page is an object that holds many records in an array (API pages, CloudTrail files); an envelope is an object that
holds one record, nested or as a JSON string (EventBridge, Splunk HEC, SIEM exports).
"""

from base64 import b64decode
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


_OBJECT_IN_BASE64 = ("ey", "ew")
"""How an object begins in Base64: a brace, and behind it a quote or space."""


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
        if isinstance(found, str):
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
    """What a text holds as an object, plain or in Base64, as Pub/Sub carries its messages."""
    try:
        if text.startswith(_OBJECT_IN_BASE64):
            return orjson.loads(b64decode(text, validate=True))
        return orjson.loads(text) if text.lstrip().startswith("{") else None
    except ValueError:
        return None
