"""What does a line of a raw log say of itself: of which source is it, when was it, and in which field stands a text?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from cloison.evidence.formats.json_place import field_at
from cloison.lake.trial import rows_of
from cloison.sources.catalogue import shipped

# A longer line is not asked.
LINE_BYTES = 64 << 10
_FIELDS = {
    "src_ip": "src_endpoint.ip",
    "src_ips": "src_endpoint.ip",
    "src_host": "src_endpoint.hostname",
    "dst_ip": "dst_endpoint.ip",
    "dst_host": "dst_endpoint.hostname",
    "url": "http_request.url",
    "user_agent": "http_request.user_agent",
    "principal": "actor.user.name",
    "actor_email": "actor.user.email_addr",
    "credential_uid": "actor.session.credential_uid",
    "target_principal": "user.name",
    "target_credential_uid": "entity.uid",
    "file_hash": "file.hashes",
    "file_name": "file.name",
    "resource_name": "resource.name",
    "message": "message",
}


@dataclass(frozen=True, slots=True)
class Known:
    """What a source's rules make of a line."""

    source: str
    time: datetime | None
    columns: dict[str, object]


def known_lines(lines: Sequence[bytes]) -> list[Known | None]:
    """What is known of each line; None of those that no source recognises."""
    known: list[Known | None] = [None] * len(lines)
    for wanted in (True, False):  # JSON and text are framed in streams of their own
        places = [
            place for place, line in enumerate(lines) if line.lstrip().startswith(b"{") is wanted and line.strip()
        ]
        for place, row in _rows([(place, lines[place]) for place in places]):
            time = row["time"]
            known[place] = Known(str(row["source"]), time if isinstance(time, datetime) else None, row)
    return known


def _rows(lines: Iterable[tuple[int, bytes]]) -> Iterable[tuple[int, dict[str, object]]]:
    places: dict[int, int] = {}
    text = bytearray()
    for place, line in lines:
        places[len(text)] = place
        text += line + b"\n"
    rows = rows_of(shipped(), bytes(text)).rows if text else []
    return [(places[offset], row) for row in rows if (offset := int(str(row["record_offset"]))) in places]


def field_of(line: bytes, at: int, length: int, known: Known | None) -> str | None:
    """The path in a JSON line, or the OCSF field that holds the text in a line of a known source."""
    if (path := field_at(line, at)) is not None:
        return path
    text = line[at : at + length].decode("utf-8", "replace").lower()
    for column, name in _FIELDS.items() if known else ():
        if text in _lowered(known.columns.get(column) if known else None):
            return name
    return None


def _lowered(value: object) -> str:
    return " ".join(map(str, value)).lower() if isinstance(value, list | tuple) else str(value or "").lower()
