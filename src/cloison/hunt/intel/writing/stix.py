"""How is an indicator written as STIX 2.1?

Source: OASIS, STIX 2.1. An id is made from kind and value alone, so that what is written again is a newer version of
the same object.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import orjson

from cloison.hunt.intel.find import networks_of_range
from cloison.hunt.intel.ids import EXTENSION, PRODUCER, uuid_of
from cloison.hunt.intel.tlp import MARKINGS
from cloison.model.indicator import Indicator, IndicatorKind
from cloison.ocsf.observables import defang

_K = IndicatorKind
_TLP_EXTENSION = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
MADE = "1970-01-01T00:00:00.000Z"
"""Every version of an object must say the same moment of its making; no moment is known, so it is the first."""
_PROPERTY: Mapping[IndicatorKind, str] = {
    _K.DOMAIN: "domain-name:value",
    _K.URL: "url:value",
    _K.EMAIL: "email-addr:value",
    _K.MD5: "file:hashes.MD5",
    _K.SHA1: "file:hashes.'SHA-1'",
    _K.SHA224: "file:hashes.'SHA-224'",
    _K.SHA256: "file:hashes.'SHA-256'",
    _K.SHA384: "file:hashes.'SHA-384'",
    _K.SHA512: "file:hashes.'SHA-512'",
    _K.FILE_NAME: "file:name",
    _K.USER_AGENT: "network-traffic:extensions.'http-request-ext'.request_header.'User-Agent'",
    _K.ACCOUNT: "user-account:account_login",
    _K.CREDENTIAL: "x-cloison-credential:uid",
    _K.JA3: "x-cloison-tls-client:ja3",
    _K.JA4: "x-cloison-tls-client:ja4",
}


def stix_bundle(indicators: Sequence[Indicator], at: datetime) -> bytes:
    """A bundle of the indicators, the markings they refer to, and who wrote it."""
    levels = sorted({one.tlp for one in indicators if one.tlp})
    objects = [
        *about_us(stamped(at)),
        *(marking_object(level) for level in levels),
        *(indicator_object(one, stamped(at)) for one in indicators),
    ]
    bundle = {"type": "bundle", "id": f"bundle--{uuid_of('bundle', indicators)}", "objects": objects}
    return orjson.dumps(bundle, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def pattern_of(indicator: Indicator) -> str:
    """The pattern that looks for the indicator and for nothing else."""
    if indicator.kind is _K.AS_NUMBER:
        return f"[autonomous-system:number = {indicator.value.removeprefix('AS')}]"
    if indicator.kind in (_K.IP, _K.CIDR):
        return f"[{_address(indicator.value)}]"
    if indicator.kind is _K.RANGE:
        return f"[{' OR '.join(map(_address, networks_of_range(indicator.value)))}]"
    return f"[{_PROPERTY[indicator.kind]} = {_quoted(indicator.value)}]"


def _address(value: str) -> str:
    object_type = "ipv6-addr" if ":" in value else "ipv4-addr"
    return f"{object_type}:value {'ISSUBSET' if '/' in value else '='} {_quoted(value)}"


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def indicator_object(one: Indicator, stamp: str) -> dict[str, object]:
    """The indicator with where it comes from; `stamp` is the moment of this version."""
    ours = {
        "extension_type": "property-extension",
        "kind": str(one.kind),
        "origin": one.origin or "unknown",
        "original": defang(one.original) if one.kind not in _LITERAL else one.original,
    }
    if one.repairs:
        ours["repairs"] = ", ".join(one.repairs)
    if one.kind is _K.RANGE:
        ours["range"] = one.value
    written: dict[str, object] = {
        "type": "indicator",
        "spec_version": "2.1",
        "id": f"indicator--{uuid_of('indicator', [one])}",
        "created_by_ref": PRODUCER,
        "created": MADE,
        "modified": stamp,
        "name": f"{one.kind}: {one.value if one.kind in _LITERAL else defang(one.value)}",
        "indicator_types": ["unknown"],
        "pattern": pattern_of(one),
        "pattern_type": "stix",
        "pattern_version": "2.1",
        "valid_from": stamped(one.valid_from) if one.valid_from else MADE,
        "extensions": {EXTENSION: ours},
    }
    if one.context:
        written["description"] = one.context
    if one.valid_until:
        written["valid_until"] = stamped(one.valid_until)
    if one.tlp:
        written["object_marking_refs"] = [MARKINGS[one.tlp]]
    return written


_LITERAL = frozenset({_K.FILE_NAME, _K.USER_AGENT, _K.ACCOUNT, _K.CREDENTIAL, _K.AS_NUMBER, _K.JA3, _K.JA4})


def stamped(moment: datetime) -> str:
    """RFC 3339 in UTC with as many digits as needed, three at least."""
    utc = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    text = utc.isoformat(timespec="milliseconds" if utc.microsecond % 1000 == 0 else "microseconds")
    return text.replace("+00:00", "Z")


def about_us(stamp: str) -> list[dict[str, object]]:
    """Who wrote it, and what our extension means."""
    common = {"spec_version": "2.1", "created": MADE, "modified": stamp}
    return [
        {"type": "identity", "id": PRODUCER, **common, "name": "cloison", "identity_class": "system"},
        {
            "type": "extension-definition",
            "id": EXTENSION,
            **common,
            "created_by_ref": PRODUCER,
            "name": "cloison: where an indicator comes from",
            "description": "The kind in cloison's words, the original spelling, the file that it came from, what was "
            "repaired to read it, and the range that the networks of the pattern spell.",
            "schema": "kind, origin, original, repairs, range: strings",
            "version": "1.0.0",
            "extension_types": ["property-extension"],
        },
    ]


def marking_object(level: str) -> dict[str, object]:
    """The marking of TLP 2.0, as its extension defines it."""
    return {
        "type": "marking-definition",
        "spec_version": "2.1",
        "id": MARKINGS[level],
        "created": "2022-10-01T00:00:00.000Z",
        "name": f"TLP:{level.upper()}",
        "extensions": {_TLP_EXTENSION: {"extension_type": "property-extension", "tlp_2_0": level}},
    }
