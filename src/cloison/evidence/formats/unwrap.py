"""Inside which pages and envelopes may a vendor's record arrive?

A page is an object that holds many records in an array (API pages, CloudTrail files, a subscription's batch); an
envelope is an object that holds one record: nested, as a JSON string, in base64, or as a line of text (EventBridge,
Splunk, Elastic, the journal, a queue's message).
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
        ("receivedMessages",),
        ("Messages",),
        ("hits", "hits"),
        ("log", "entries"),
        ("data", "events"),
        ("response", "entities"),
    )
) | {("data", "viewer", "accounts", ELEMENT, "accessLoginRequestsAdaptiveGroups", ELEMENT)}

ENVELOPES: tuple[tuple[str, ...], ...] = (
    ("detail",),
    ("event",),
    ("_raw",),
    ("MESSAGE",),
    ("message",),
    ("event", "original"),
    ("event.original",),
    ("raw",),
    ("raw_data",),
    ("raw_log",),
    ("rawLog",),
    ("RawData",),
    ("body",),
    ("Body",),
    ("Sns", "Message"),
    ("Message",),
    ("log",),
    ("CloudTrailEvent",),
    ("AuditData",),
    ("auditData",),
    ("@message",),
    ("msg",),
    ("SyslogMessage",),
    ("full_message",),
    ("short_message",),
    ("textPayload",),
    ("jsonPayload",),
    ("json",),
    ("payload",),
    ("kinesis", "data"),
    ("data",),
    ("Data",),
    ("result",),
    ("record",),
    ("properties",),
    ("_source",),
    ("fields",),
    ("dimensions",),
)

_OBJECT_IN_BASE64 = ("ey", "ew")
"""How an object begins in Base64: a brace, and behind it a quote or space."""
_ENCODED = frozenset({"data", "Data", "body"})
"""The last step of a path at which any text may be in Base64."""
_SHORTEST = 16


def holds(value: object, path: Path) -> bool:
    """Whether there is anything in the array at a page's path."""
    if path[0] == ELEMENT:
        elements = value if isinstance(value, list) else []
        return bool(elements) if path == (ELEMENT,) else any(holds(one, path[1:]) for one in elements)
    return isinstance(value, dict) and path[0] in value and holds(value[path[0]], path[1:])


def inside(envelope: dict[str, object]) -> Iterator[dict[str, object] | str]:
    """What an envelope may be carrying: objects, nested or as JSON text, before lines of text."""
    lines: list[str] = []
    for path in ENVELOPES:
        if path[0] not in envelope:
            continue
        found = _at(envelope, path)
        text = found if isinstance(found, str) else _listed(found)
        if text is not None:
            plain = _plain(path, text)
            found = _decoded(plain) if plain.startswith("{") else None
            if found is None and plain:
                lines.append(plain)
        if isinstance(found, dict):
            yield found
    yield from lines


def _at(record: dict[str, object], path: tuple[str, ...]) -> object:
    here: object = record
    for step in path:
        if not isinstance(here, dict):
            return None
        here = here.get(step)
    return here


def _listed(value: object) -> str | None:
    """Text that the journal gives as a list: its bytes where they are no UTF-8, or each time that it was said."""
    if not isinstance(value, list) or not value:
        return None
    if isinstance(value[0], str):
        return value[0]
    if all(isinstance(one, int) and 0 <= one < 256 for one in value):
        return bytes(value).decode("utf-8", "replace")
    return None


def _plain(path: tuple[str, ...], text: str) -> str:
    """The text without the space around it, out of Base64 where it is in it, as Pub/Sub carries its messages."""
    bare = text.strip()
    if bare.startswith(_OBJECT_IN_BASE64) or (path[-1] in _ENCODED and len(bare) >= _SHORTEST):
        try:
            return b64decode(bare, validate=True).decode().strip()
        except ValueError:
            return bare
    return bare


def _decoded(text: str) -> object:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
