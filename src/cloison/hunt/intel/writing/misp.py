"""How are indicators written as a MISP event?

Source: the MISP core format (draft-dulaunoy-misp-core-format). What MISP has no field for is said in machine tags.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import orjson

from cloison.hunt.intel.ids import FROM_TAG, KIND_TAG, TITLE, UNTIL_TAG, uuid_of
from cloison.model.indicator import Indicator, IndicatorKind

_K = IndicatorKind
_NETWORK, _PAYLOAD, _OTHER = "Network activity", "Payload delivery", "Other"
_TYPES: Mapping[IndicatorKind, tuple[str, str]] = {
    _K.IP: ("ip-dst", _NETWORK),
    _K.CIDR: ("ip-dst", _NETWORK),
    _K.RANGE: ("other", _NETWORK),
    _K.DOMAIN: ("domain", _NETWORK),
    _K.URL: ("url", _NETWORK),
    _K.EMAIL: ("email", _PAYLOAD),
    _K.MD5: ("md5", _PAYLOAD),
    _K.SHA1: ("sha1", _PAYLOAD),
    _K.SHA224: ("sha224", _PAYLOAD),
    _K.SHA256: ("sha256", _PAYLOAD),
    _K.SHA384: ("sha384", _PAYLOAD),
    _K.SHA512: ("sha512", _PAYLOAD),
    _K.FILE_NAME: ("filename", _PAYLOAD),
    _K.USER_AGENT: ("user-agent", _NETWORK),
    _K.ACCOUNT: ("other", _OTHER),
    _K.CREDENTIAL: ("other", _OTHER),
    _K.AS_NUMBER: ("AS", _NETWORK),
    _K.JA3: ("ja3-fingerprint-md5", _NETWORK),
    _K.JA4: ("other", _NETWORK),
}


def misp_event(indicators: Sequence[Indicator], at: datetime) -> bytes:
    """One event that holds every indicator as an attribute; it stays with the organisation that imports it."""
    utc = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    stamp = str(int(utc.timestamp()))
    event = {
        "uuid": uuid_of("event", indicators),
        "info": TITLE,
        "date": utc.date().isoformat(),
        "timestamp": stamp,
        "threat_level_id": "4",
        "analysis": "0",
        "distribution": "0",
        "published": False,
        "Attribute": [attribute_of(one, stamp) for one in indicators],
    }
    return orjson.dumps({"Event": event}, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def attribute_of(one: Indicator, stamp: str) -> dict[str, object]:
    """An indicator as an attribute; what MISP has no field for is said in tags."""
    kind, category = _TYPES[one.kind]
    tags = [f'{KIND_TAG}{one.kind}"'] if kind == "other" else []
    if one.valid_from:
        tags.append(f'{FROM_TAG}{one.valid_from.isoformat()}"')
    if one.valid_until:
        tags.append(f'{UNTIL_TAG}{one.valid_until.isoformat()}"')
    if one.tlp:
        tags.append(f"tlp:{one.tlp}")
    return {
        "uuid": uuid_of("attribute", [one]),
        "type": kind,
        "category": category,
        "value": one.value,
        "comment": one.context,
        "to_ids": True,
        "disable_correlation": False,
        "distribution": "5",
        "timestamp": stamp,
        "Tag": [{"name": tag} for tag in tags],
    }
