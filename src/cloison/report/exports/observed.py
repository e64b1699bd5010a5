"""Which STIX cyber-observable object is a thing that events hold?

Source: OASIS, STIX 2.1, section 2.9 (ids of observables) and 6. An id follows from the value, wherever it is written.
"""

import ipaddress
from collections.abc import Callable, Mapping

import orjson

from cloison.hunt.intel.ids import uuid5

_STIX_NAMESPACE = bytes.fromhex("00abedb4aa42466c9c01fed23315a9b7")
_HASHES = {32: "MD5", 40: "SHA-1", 64: "SHA-256", 128: "SHA-512"}

Object = dict[str, object]


def observed_object(kind: str, value: str, system: str = "") -> Object | None:
    """The observable that a thing of this kind is, or None where STIX has none for it.

    Args:
        kind: a kind of indicator, or of what is compromised.
        value: its canonical spelling.
        system: where it is known under that name, for an account or an app.
    """
    made = _MAKERS.get(kind)
    return made(value, system) if made else None


def _object(kind: str, contributing: Object, rest: Object | None = None) -> Object:
    """The object; its id is the UUID of the properties that STIX counts, as canonical JSON."""
    name = uuid5(orjson.dumps(contributing, option=orjson.OPT_SORT_KEYS).decode(), _STIX_NAMESPACE)
    return {"type": kind, "spec_version": "2.1", "id": f"{kind}--{name}", **contributing, **(rest or {})}


def _address(value: str, _: str) -> Object | None:
    try:
        version = ipaddress.ip_network(value, strict=False).version
    except ValueError:
        return _object("domain-name", {"value": value}) if "." in value else None
    return _object(f"ipv{version}-addr", {"value": value})


def _file(value: str, _: str) -> Object | None:
    name = _HASHES.get(len(value))
    return _object("file", {"hashes": {name: value}}) if name else None


def _account(value: str, system: str) -> Object:
    return _object("user-account", {"account_login": value, **({"account_type": system} if system else {})})


_MAKERS: Mapping[str, Callable[[str, str], Object | None]] = {
    **dict.fromkeys(("ip", "cidr", "range", "address", "host"), _address),
    **dict.fromkeys(("md5", "sha1", "sha256", "sha512"), _file),
    "domain": lambda value, _: _object("domain-name", {"value": value}),
    "url": lambda value, _: _object("url", {"value": value}),
    "email": lambda value, _: _object("email-addr", {"value": value}),
    "account": _account,
    "principal": _account,
    "app": lambda value, system: _object("software", {"name": value, **({"vendor": system} if system else {})}),
}
