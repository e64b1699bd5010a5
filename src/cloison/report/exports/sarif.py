"""Which findings have a place in a file, so that SARIF fits: sightings, and records that could not be read?

Source: OASIS, SARIF 2.1.0. Places are bytes of the unpacked evidence.
"""

from collections.abc import Iterator, Mapping
from itertools import chain

from cloison.report.exports.told import Row, Told, document, moment, text, uid

_REJECTED = "record-not-read"
_RULES: Mapping[str, str] = {
    _REJECTED: "A record that is not in the lake, and why.",
}


def write(told: Told) -> Iterator[bytes]:
    """One run."""
    results = [*map(_sighting, told.rows("sightings")), *map(_rejected, told.rows("rejects"))]
    kinds = sorted({text(one["ruleId"]) for one in results} | set(_RULES))
    log = {
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "cloison", "version": told.version, "rules": list(map(_rule, kinds))}},
                "automationDetails": {"id": f"{told.title}/{moment(told.as_of)}", "guid": uid("sarif", told.title)},
                "columnKind": "unicodeCodePoints",
                "results": results,
            }
        ],
    }
    yield document(log)


def _rule(name: str) -> dict[str, object]:
    says = _RULES.get(name, f"An indicator of kind {name.removeprefix('sighting-')} stands in a record.")
    return {"id": name, "shortDescription": {"text": says}}


def _sighting(row: Row) -> dict[str, object]:
    heeded = row["valid"] and not row["caution"]
    why = f" ({row['caution']})" if row["caution"] else "" if row["valid"] else " (outside of its validity)"
    return {
        "ruleId": f"sighting-{row['indicator_kind']}",
        "level": "warning" if heeded else "note",
        "message": {"text": f"{row['indicator_value']} in {row['field']} of {row['event_uid']}{why}"},
        "locations": [_place(row)],
        "partialFingerprints": {"cloison/v1": uid(*chain.from_iterable(row.items()))},
        "properties": {"source": row["source"], "time": moment(row["time"]), "principal": text(row["principal"])},
    }


def _rejected(row: Row) -> dict[str, object]:
    return {
        "ruleId": _REJECTED,
        "level": "note",
        "message": {"text": text(row["reason"])},
        "locations": [_place(row)],
        "partialFingerprints": {"cloison/v1": uid(*chain.from_iterable(row.items()))},
    }


def _place(row: Row) -> dict[str, object]:
    region = {"byteOffset": row["offset"], "byteLength": row["length"]}
    known = {name: max(int(text(value)), 0) for name, value in region.items() if value is not None}
    return {"physicalLocation": {"artifactLocation": {"uri": _reference(text(row["evidence"]))}, "region": known}}


def _reference(name: str) -> str:
    """A file's name as a URI reference (RFC 3986): whatever is no plain character is a percent and its bytes."""
    return "".join(chr(byte) if chr(byte) in _PLAIN else f"%{byte:02X}" for byte in name.encode())


_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/!")
