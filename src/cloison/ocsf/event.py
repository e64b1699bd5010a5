"""How does an event row read as an OCSF 1.8.0 event, valid under its JSON schema?"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

from cloison.errors import SourceError
from cloison.ocsf.classes import CLASSES
from cloison.ocsf.fields import Json, Row, said

VERSION = "1.8.0"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CATEGORIES = {1: "System Activity", 2: "Findings", 3: "Identity & Access Management", 4: "Network Activity",
               6: "Application Activity"}  # fmt: skip
_STATUSES = {0: "Unknown", 1: "Success", 2: "Failure"}
_FINDINGS = 2
_OTHER = 99

# Ends of paths to observable type (OCSF's observable.type_id); the longest end wins.
_OBSERVABLE = {
    ".ip": ("IP Address", 2),
    ".intermediate_ips": ("IP Address", 2),
    "unmapped.src_ip": ("IP Address", 2),
    "unmapped.src_ips": ("IP Address", 2),
    "unmapped.dst_ip": ("IP Address", 2),
    ".hostname": ("Hostname", 1),
    "unmapped.src_host": ("Hostname", 1),
    "unmapped.dst_host": ("Hostname", 1),
    "user.name": ("User Name", 4),
    "unmapped.target_principal": ("User Name", 4),
    ".email_addr": ("Email Address", 5),
    "user.uid": ("User UID", 31),
    ".url_string": ("URL String", 6),
    "unmapped.url": ("URL String", 6),
    "file.name": ("File Name", 7),
    "unmapped.file_name": ("File Name", 7),
    "hashes.value": ("Hash", 8),
    "unmapped.file_hash": ("Hash", 8),
    "user_agent": ("HTTP User-Agent", 16),
    "credential_uid": ("User Credential ID", 19),
    "programmatic_credentials.uid": ("User Credential ID", 19),
    "group.name": ("Group Name", 32),
    "group.uid": ("Group UID", 33),
    "resources.uid": ("Resource UID", 10),
    "databucket.uid": ("Resource UID", 10),
    "entity.uid": ("Resource UID", 10),
}


def to_ocsf(row: Mapping[str, object], *, product: str, vendor: str, raw: str | None = None) -> Json:
    """The OCSF event of an EVENTS row, ready for JSON.

    Args:
        row: a row of EVENTS; what OCSF has no attribute for in the row's class stands in `unmapped`.
        product: the product that wrote the record (`metadata.product.name`).
        vendor: its maker (`metadata.product.vendor_name`).
        raw: the raw record, for `raw_data`.

    Raises:
        SourceError: the row has no time, or a class that OCSF 1.8.0 or this table does not know.
    """
    columns = Row(row)
    class_uid, activity_id = _class_of(columns), columns.number("activity_id") or 0
    extras = CLASSES[class_uid].extras(columns)
    event = {
        **_base(class_uid, activity_id),
        **_told(columns, class_uid, activity_id),
        "time": _milliseconds(columns.value("time")),
        "metadata": _metadata(columns, class_uid, product, vendor),
        **extras,
    }
    shown = {value for _, value in _leaves(event, "")}
    event |= said(unmapped={name: _plain(value) for name, value in columns.rest(shown).items()}, raw_data=raw)
    return event | said(observables=list(_observables(event)))


def _class_of(row: Row) -> int:
    class_uid = row.number("class_uid")
    if class_uid not in CLASSES:
        raise SourceError(
            f"no OCSF {VERSION} event can be made of class {class_uid}",
            where=str(row.peek("source") or ""),
            remedy=f"the classes are {', '.join(map(str, CLASSES))}",
        )
    return class_uid


def _base(class_uid: int, activity_id: int) -> Json:
    category = class_uid // 1000
    return {
        "class_uid": class_uid,
        "class_name": CLASSES[class_uid].caption,
        "category_uid": category,
        "category_name": _CATEGORIES[category],
        "activity_id": activity_id,
        "type_uid": class_uid * 100 + activity_id,
        "severity_id": 0 if category == _FINDINGS else 1,
    }


def _told(row: Row, class_uid: int, activity_id: int) -> Json:
    """Message, status, and the vendor's word for an activity that OCSF has none for."""
    other = row.peek("event_code") if activity_id == _OTHER else None
    told = said(message=row.text("message"), activity_name=other)
    status = None if class_uid // 1000 == _FINDINGS else row.number("status_id")  # a finding's status is its handling
    return told if status is None else told | {"status_id": status, "status": _STATUSES.get(status, "Other")}


def _metadata(row: Row, class_uid: int, product: str, vendor: str) -> Json:
    profile = CLASSES[class_uid].profile
    return said(
        version=VERSION,
        product={"name": product, "vendor_name": vendor},
        uid=row.text("vendor_uid", "event_uid"),
        event_code=row.text("event_code"),
        log_name=row.text("source"),
        log_format=row.text("carrier"),
        correlation_uid=row.text("pair_uid"),
        profiles=[profile] if profile else [],
    )


def _milliseconds(time: object) -> int:
    if isinstance(time, str):
        time = datetime.fromisoformat(time)
    if not isinstance(time, datetime):
        raise SourceError("an event row has no time", remedy="map `time` in the source's carrier")
    at = time if time.tzinfo else time.replace(tzinfo=UTC)
    return (at - _EPOCH) // timedelta(milliseconds=1)


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def _observables(event: Json) -> Iterator[Json]:
    """Every value that one may look for, once per place."""
    for path, value in _leaves(event, ""):
        bare = path.replace("[]", "")
        ends = [end for end in _OBSERVABLE if bare.endswith(end)]
        if ends and isinstance(value, str):
            caption, number = _OBSERVABLE[max(ends, key=len)]
            yield {"name": path, "type": caption, "type_id": number, "value": value}


def _leaves(node: object, path: str) -> Iterator[tuple[str, object]]:
    if isinstance(node, dict):
        for name, below in node.items():
            yield from _leaves(below, f"{path}.{name}" if path else name)
    elif isinstance(node, list | tuple):
        for below in node:
            yield from _leaves(below, f"{path}[]")
    else:
        yield path, node
