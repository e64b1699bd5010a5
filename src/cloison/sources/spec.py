"""What may a `source.toml` say? The closed vocabulary, as frozen structs; a typo is an error with its place."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import msgspec
import tomli

from cloison.errors import SourceError

Scalar = str | int | bool
Reading = Callable[[Path], bytes]

Converter = Literal[
    "text",
    "lower",
    "upper",
    "int",
    "time",
    "clf_time",
    "comma_time",
    "syslog_time",
    "second_nano",
    "ip",
    "ips",
    "host",
    "account",
    "json",
    "decode",
    "hex_text",
    "ssh_key",
    "socket_ip",
    "socket_port",
]

Use = Literal[
    "access_key",
    "access_token",
    "api_token",
    "key_pair",
    "oauth_secret",
    "password",
    "pat",
    "service_account",
    "service_token",
    "session",
    "ssh_key",
]
"""The kinds of credential of which a log can show the use."""

Access = Literal[
    "logins", "reads", "exports", "account_changes", "credential_changes", "app_changes", "configuration", "egress"
]
"""The kinds of access of which a log can show that there was none."""


class Field(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"from_": "from", "as_": "as"}):
    """One mapped column: where it comes from and how its spelling becomes canonical."""

    from_: str | tuple[str, ...] = ()
    as_: Converter = "text"
    const: str | None = None
    null_if: tuple[str, ...] = ()
    values: dict[str, str] = {}
    default: str | None = None
    capture: str | None = None
    path: str | None = None
    without: str | None = None
    join: str | None = None
    decode: bool = False
    otherwise: str | None = None


class Carrier(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One shape in which the source's records arrive, how it is recognised, and its mapping."""

    name: str
    map: dict[str, str | Field]
    kind: Literal["json", "lines"] = "json"
    all: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    match: dict[str, str] = {}
    match_any: dict[str, str] = {}
    unlike: dict[str, str] = {}
    weak: bool = False
    each: str | None = None
    pattern: str | None = None
    like: str | None = None


class Test(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A condition on one mapped field; all its parts must hold."""

    equals: Scalar | None = None
    not_in: tuple[Scalar, ...] = ()
    prefix: str | None = None
    suffix: str | None = None
    has: str | None = None
    matches: str | None = None
    present: bool | None = None


Condition = Scalar | tuple[Scalar, ...] | Test


class Capture(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A grammar on one field: `has` is a cheap literal that every match holds, groups are used as `{1}` in `set`."""

    field: str
    pattern: str
    has: str | None = None


class Choice(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}):
    """An OCSF class or activity chosen by the value of a mapped field; without `values` it is the number there."""

    from_: str
    values: dict[str, int] = {}
    default: int = 99


class Event(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"class_": "class"}):
    """When their record is like this, it is that OCSF class and activity, on that object. First match wins."""

    class_: int | Choice
    activity: int | Choice
    when: dict[str, Condition] = {}
    capture: Capture | None = None
    set: dict[str, str] = {}
    status: Literal["success", "failure", "unknown"] | None = None


class Rotation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A record that says something on a credential's life, and whether it proves that the credential is dead."""

    effect: Literal["revoked", "disabled", "enabled", "changed", "refreshed", "created"]
    when: dict[str, Condition]
    kinds: tuple[str, ...]
    says: str
    state: Literal["deleted"] | None = None
    credential: str | None = None
    principal: str | None = None
    proves: bool = True
    any_status: bool = False


class Blind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What this log cannot show, and at which logging level it would."""

    text: str
    level: str = ""


class Shows(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What this log shows whenever it happens, so that its silence says that it did not."""

    uses: tuple[Use, ...] = ()
    accounts: tuple[Use, ...] = ()
    systems: tuple[str, ...] = ()
    outlives: str | None = None
    access: tuple[Access, ...] = ()


class Delivery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How late a record may come, and for how long the vendor keeps it."""

    lag: str | None = None
    retention: str | None = None


class Need(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of access that is written only from a logging level on."""

    access: Access
    area: str
    level: str


class Levels(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Logging that can be turned up and down: which records say so, and what is not written below which level."""

    order: tuple[str, ...]
    default: str
    told: dict[str, str]
    needs: tuple[Need, ...] = ()


class Sigma(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One logsource of public Sigma rules that this source is, in their words.

    `fields` says of a field that the rules name otherwise than the record where it stands: an event's field in OCSF's
    name, or `raw.<path>`; any of several places. `pairs`: its lines hold `name=value`, which are fields.
    """

    product: str | None = None
    category: str | None = None
    service: str | None = None
    fields: dict[str, str | tuple[str, ...]] = {}
    pairs: bool = False


class Spec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole source: `source.toml` decoded."""

    name: str
    title: str
    vendor: str
    product: str
    system: str
    carrier: tuple[Carrier, ...]
    event: tuple[Event, ...]
    reference: str = ""
    system_aliases: tuple[str, ...] = ()
    identity: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    fold: bool = False
    rotation: tuple[Rotation, ...] = ()
    blind: tuple[Blind, ...] = ()
    shows: Shows = Shows()
    delivery: Delivery = Delivery()
    levels: Levels | None = None
    sigma: tuple[Sigma, ...] = ()
    only: dict[str, str] = {}
    never: dict[str, str] = {}
    extends: str | None = None


def read_spec(folder: Path, reading: Reading = Path.read_bytes) -> Spec:
    """Read `folder/source.toml`, merged over the source it extends (a sibling folder).

    Args:
        folder: of the source.
        reading: gives the bytes of a file; raises FileNotFoundError or KeyError where there is none.

    Raises:
        SourceError: not TOML, an unknown word, a wrong type, or a file missing; `where` names file and field.
    """
    raw = _merged(folder, reading)
    try:
        return _narrowed(msgspec.convert(raw, Spec, strict=True))
    except msgspec.ValidationError as fault:
        raise SourceError(
            str(fault),
            where=str(folder / "source.toml"),
            remedy="see docs/sources.md for the words that a source may use",
        ) from fault


def _narrowed(spec: Spec) -> Spec:
    """What `only` and `never` ask of fields, asked of the places of each carrier."""
    carriers = (
        msgspec.structs.replace(
            one, match=one.match | _asked(one, spec.only), unlike=one.unlike | _asked(one, spec.never)
        )
        for one in spec.carrier
    )
    return msgspec.structs.replace(spec, carrier=tuple(carriers))


def _asked(carrier: Carrier, of_fields: dict[str, str]) -> dict[str, str]:
    places = {name: place_of(carrier, name) for name in of_fields}
    return {place: of_fields[name] for name, place in places.items() if place is not None}


def place_of(carrier: Carrier, name: str) -> str | None:
    """The one place that a field is read from; None when there is none, or more than one."""
    entry = carrier.map.get(name)
    place = entry.from_ if isinstance(entry, Field) else entry
    return place if isinstance(place, str) and place else None


def _merged(folder: Path, reading: Reading, below: tuple[str, ...] = ()) -> dict[str, object]:
    raw = _decoded(folder / "source.toml", reading)
    parent = raw.get("extends")
    if not isinstance(parent, str):
        return _alike(raw, {}, folder)
    if parent in below:
        raise SourceError(f"extends goes in a circle: {parent!r}", where=str(folder / "source.toml"))
    inherited = _merged(folder.parent / _safe_name(parent, folder), reading, (*below, parent))
    raw = _alike(raw, inherited, folder)
    for listed in ("event", "rotation", "blind"):
        raw[listed] = [*_listed(raw, listed), *_listed(inherited, listed)]
    nothing: dict[str, object] = {"only": {}, "never": {}}
    return {**inherited, **nothing, **raw}


def _alike(raw: dict[str, object], inherited: dict[str, object], folder: Path) -> dict[str, object]:
    """The source with each carrier that says `like` filled up from that one: its own words and columns hold."""
    known = {str(one.get("name")): one for one in _listed(inherited, "carrier") if isinstance(one, dict)}
    carriers: list[object] = []
    for one in _listed(raw, "carrier"):
        filled = one
        if isinstance(one, dict) and isinstance(like := one.get("like"), str):
            if like not in known:
                raise SourceError(f"like names no carrier: {like!r}", where=str(folder / "source.toml"))
            columns = {**_table(known[like], "map"), **_table(one, "map")}
            filled = {**known[like], **one, "map": columns}
        if isinstance(filled, dict):
            known[str(filled.get("name"))] = filled
        carriers.append(filled)
    return {**raw, "carrier": carriers} if carriers else raw


def _table(raw: dict[str, object], key: str) -> dict[str, object]:
    value = raw.get(key, {})
    return value if isinstance(value, dict) else {}


def _listed(raw: dict[str, object], key: str) -> list[object]:
    value = raw.get(key, [])
    return value if isinstance(value, list) else [value]


def _safe_name(name: str, folder: Path) -> str:
    if re.fullmatch(r"[a-z0-9_]+", name):
        return name
    raise SourceError(f"extends names no source: {name!r}", where=str(folder / "source.toml"))


def _decoded(path: Path, reading: Reading) -> dict[str, object]:
    try:
        decoded: object = tomli.loads(reading(path).decode())
    except (FileNotFoundError, KeyError) as fault:
        raise SourceError(
            "no such source", where=str(path), remedy="a source is a folder with a source.toml"
        ) from fault
    except (tomli.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise SourceError(f"not TOML: {fault}", where=str(path)) from fault
    if not isinstance(decoded, dict):
        raise SourceError("not a table", where=str(path))
    return decoded
