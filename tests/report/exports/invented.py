"""An invented answer whose every text is hostile to a page, a terminal, a spreadsheet, a path or a template."""

from collections.abc import Iterator
from datetime import datetime

from cloison.hunt.intel import read_indicators
from cloison.report.exports.told import Row, Told

HOSTILE = "=cmd|' /C calc'!A0 <script>alert(1)</script> \x1b[31m\u202e ../../etc {{7*7}} ${x} ' OR 1=1 --\x00"
DIGEST = "ab" * 32


def at(text: str) -> datetime:
    """`11-15 16:28:38` of the year 2023."""
    return datetime.fromisoformat(f"2023-{text}")


SIGHTING: Row = {
    "indicator_kind": "ip",
    "indicator_value": "203.0.113.9",
    "time": at("11-15 16:28:38"),
    "source": "jira_access",
    "system": "jira",
    "field": "src_endpoint.ip",
    "principal": HOSTILE,
    "event_uid": "e1",
    "evidence": f"logs/{HOSTILE}.log",
    "offset": 17,
    "length": 120,
    "evidence_uid": DIGEST,
    "observed": "203.0.113.9",
    "valid": True,
    "caution": None,
}
_REACHED: Row = {
    "kind": "principal",
    "uid": HOSTILE,
    "system": "jira",
    "since": at("11-15 16:28:38"),
    "until": None,
    "standing": "proven",
    "why": HOSTILE,
    "rule": "session_principal",
    "technique": "T1078",
    "cause_kind": "session",
    "cause_uid": "s1",
    "event_uid": "e1",
    "closed_by": None,
    "last_seen_at": at("11-16 09:00"),
}
TABLES: dict[str, list[Row]] = {
    "account": [
        {"evidence": HOSTILE, "source": "jira_access", "received": 3, "stored": 2, "duplicate": 0, "rejected": 1,
         "unrecognised": 1, "evidence_uid": DIGEST},
    ],
    "rejects": [{"evidence": HOSTILE, "offset": 0, "length": 17, "reason": HOSTILE, "evidence_uid": DIGEST}],
    "sightings": [SIGHTING, {**SIGHTING, "time": at("11-15 16:30"), "event_uid": "e2", "caution": "a resolver"}],
    "compromised": [
        _REACHED,
        {**_REACHED, "kind": "host", "uid": "192.0.2.130", "system": "", "rule": "indicator_host", "technique": "T1071",
         "standing": "suspected", "until": at("11-16 10:00"), "closed_by": "e9", "cause_kind": "indicator"},
        {**_REACHED, "kind": "session", "uid": "s1", "technique": "T1550.004", "rule": "session_sibling"},
        {**_REACHED, "kind": "app", "uid": HOSTILE, "technique": "", "rule": "session_app"},
    ],
    "rotations": [
        {"exposed_uid": "jira:pat:T1@ada", "kind": "pat", "verdict": "unknown", "why": HOSTILE,
         "as_of": at("11-24 08:00")},
    ],
    "rules_run": [
        {"title": HOSTILE, "level": "high", "tags": ["attack.persistence", "attack.t1078"], "detections": 3},
        {"title": "a quiet rule", "level": "low", "tags": ["attack.t1110"], "detections": 0},
        {"title": "another", "level": "low", "tags": ["attack.t1098.003"], "detections": 7},
    ],
    "timeline": [
        {"time": at("11-15 16:28:38"), "system": "jira", "principal": HOSTILE, "what": HOSTILE, "standing": "proven",
         "event_uid": "e1"},
    ],
}  # fmt: skip
LISTED = b"kind,value,valid_from\nip,203.0.113.9,2023-11-01T00:00:00Z\ndomain,evil.example,\ncidr,198.51.100.0/24,\n"


def told() -> Told:
    """The answer."""
    indicators = tuple(read_indicators(LISTED, origin="given.csv").indicators)
    return Told("harbour <b>", at("11-24 08:12:19"), "0.1.0", indicators, _rows)


def _rows(name: str) -> Iterator[Row]:
    yield from TABLES[name]
