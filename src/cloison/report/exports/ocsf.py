"""How are findings told in OCSF 1.8.0: what is compromised, each a detection finding, and the incident of them all?

Source: OCSF 1.8.0, classes 2004 Detection Finding and 2005 Incident Finding. One JSON object a line.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

import orjson

from cloison.model.attack import name_of, page_of
from cloison.ocsf.event import VERSION
from cloison.report.exports.told import Row, Told, milliseconds, text, uid

_SEVERITY: Mapping[str, tuple[int, str]] = {"proven": (4, "High"), "suspected": (3, "Medium")}
_INFORMATIONAL = (1, "Informational")
_CONFIDENCE: Mapping[str, tuple[int, str]] = {"proven": (3, "High"), "suspected": (2, "Medium")}
_UNSURE = (1, "Low")
_OBSERVABLES: Mapping[str, tuple[str, int]] = {
    "address": ("IP Address", 2),
    "host": ("IP Address", 2),
    "principal": ("User Name", 4),
    "credential": ("User Credential ID", 19),
}
_OTHER = ("Other", 99)
_NEW, _RESOLVED = (1, "New"), (4, "Resolved")
_ATTACK_VERSION = "17"

Json = dict[str, object]


def write(told: Told) -> Iterator[bytes]:
    """A detection finding for each thing that is compromised, then the incident."""
    informed = []
    for row in told.rows("compromised"):
        informed.append(_information(told, row))
        yield _line(_detection(told, row, informed[-1]))
    if informed:
        yield _line(_incident(told, informed))


def _detection(told: Told, row: Row, information: Json) -> Json:
    standing = text(row["standing"])
    confidence, said = _CONFIDENCE.get(standing, _UNSURE)
    kind, type_id = _OBSERVABLES.get(text(row["kind"]), _OTHER)
    status, status_said = _RESOLVED if row["closed_by"] else _NEW
    return {
        **_common(told, 2004, "Detection Finding", _SEVERITY.get(standing, _INFORMATIONAL)),
        "time": milliseconds(row["since"]),
        "message": f"{row['kind']} {row['uid']}: {row['why']}",
        "confidence_id": confidence,
        "confidence": said,
        "status_id": status,
        "status": status_said,
        "finding_info": information,
        "observables": [{"name": "finding_info.title", "type": kind, "type_id": type_id, "value": text(row["uid"])}],
        "unmapped": {"system": row["system"], "kind": row["kind"], "event_uid": row["event_uid"]},
    }


def _information(told: Told, row: Row) -> Json:
    technique = text(row["technique"])
    found: Json = {
        "uid": uid("finding", told.title, row["kind"], row["system"], row["uid"]),
        "title": f"{row['standing']} compromise of {row['kind']} {row['uid']}",
        "desc": text(row["why"]),
        "first_seen_time": milliseconds(row["since"]),
        "analytic": {"name": text(row["rule"]), "type_id": 1, "type": "Rule"},
        "related_events": [{"uid": text(row["event_uid"])}],
        "src_url": page_of(technique) if technique else None,
    }
    if isinstance(row["last_seen_at"], datetime):
        found["last_seen_time"] = milliseconds(row["last_seen_at"])
    if technique:
        found["attacks"] = [{"version": _ATTACK_VERSION, **_technique(technique)}]
    return {name: value for name, value in found.items() if value is not None}


def _technique(technique: str) -> Json:
    """As OCSF holds it: a technique, and beside it the part of it that is meant."""
    whole = technique.partition(".")[0]
    said: Json = {"technique": {"uid": whole, "name": name_of(whole)}}
    return said if whole == technique else {**said, "sub_technique": {"uid": technique, "name": name_of(technique)}}


def _incident(told: Told, informed: list[Json]) -> Json:
    return {
        **_common(told, 2005, "Incident Finding", (4, "High")),
        "time": milliseconds(told.as_of),
        "message": f"{told.title}: {len(informed)} things are compromised or suspected",
        "status_id": 2,
        "status": "In Progress",
        "finding_info_list": informed,
        "assignee_group": {"name": "unassigned"},
    }


def _common(told: Told, class_uid: int, name: str, severity: tuple[int, str]) -> Json:
    return {
        "activity_id": 1,
        "activity_name": "Create",
        "category_uid": 2,
        "category_name": "Findings",
        "class_uid": class_uid,
        "class_name": name,
        "type_uid": class_uid * 100 + 1,
        "type_name": f"{name}: Create",
        "severity_id": severity[0],
        "severity": severity[1],
        "metadata": {
            "version": VERSION,
            "product": {"name": "cloison", "vendor_name": "cloison", "version": told.version},
        },
    }


def _line(event: Json) -> bytes:
    return orjson.dumps(event, option=orjson.OPT_APPEND_NEWLINE)
