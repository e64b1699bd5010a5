"""Is a message that was taken apart put together again as the line that it was?"""

import json

import pytest

from cloison.evidence.formats.bare import line_of
from cloison.lake.trial import rows_of
from cloison.sources.catalogue import shipped

ACCEPTED = "Accepted password for ada from 203.0.113.9 port 51826 ssh2"
LINE = "2025-03-04T02:11:00.123456Z web-1 sshd[4711]: " + ACCEPTED
JOURNAL = {
    "__REALTIME_TIMESTAMP": "1741054260123456",
    "_HOSTNAME": "web-1",
    "SYSLOG_IDENTIFIER": "sshd",
    "_PID": "4711",
    "_TRANSPORT": "syslog",
    "MESSAGE": ACCEPTED,
}


@pytest.mark.parametrize(
    "envelope",
    [
        JOURNAL,
        {
            "@timestamp": "2025-03-04T02:11:00.123456Z",
            "host": {"name": "web-1"},
            "process": {"name": "sshd", "pid": 4711},
        },
        {"timestamp": 1741054260.123456, "hostname": "web-1", "appname": "sshd", "procid": "4711"},
        {"time": "1741054260123456789", "host": "web-1", "program": "sshd", "pid": "4711"},
        {"TimeGenerated": "2025-03-04T02:11:00.123456Z", "Computer": "web-1", "ProcessName": "sshd", "ProcessID": 4711},
    ],
)
def test_a_message_is_the_line_that_the_file_would_hold(envelope: dict[str, object]) -> None:
    assert line_of(envelope, ACCEPTED) == LINE


@pytest.mark.parametrize(
    ("envelope", "line"),
    [
        ({"time": 1741054260, "program": "sshd"}, "2025-03-04T02:11:00Z - sshd: x"),
        ({"time": "1741054260123", "program": "sshd", "host": "a b"}, "2025-03-04T02:11:00.123000Z - sshd: x"),
        ({"time": 1741054260}, None),
        ({"program": "sshd"}, None),
        ({"time": 1741054260, "program": "sshd[1]: Accepted password for root from 192.0.2.1"}, None),
        ({"time": True, "program": "sshd"}, None),
        ({"_AUDIT_ID": "24287", "__REALTIME_TIMESTAMP": "soon", "_HOSTNAME": "web-1"}, None),
    ],
)
def test_what_is_not_said_is_not_made_up(envelope: dict[str, object], line: str | None) -> None:
    assert line_of(envelope, "x") == line


def test_a_message_of_the_audit_has_its_number_again() -> None:
    envelope: dict[str, object] = {"_AUDIT_ID": "24287", "_SOURCE_REALTIME_TIMESTAMP": "1741054260123000"}
    assert line_of({**envelope, "_HOSTNAME": "web-1"}, "USER_LOGIN pid=1 res=success") == (
        "node=web-1 type=USER_LOGIN msg=audit(1741054260.123:24287): pid=1 res=success"
    )


@pytest.mark.parametrize(
    "message", [ACCEPTED, list(ACCEPTED.encode()), [ACCEPTED, "said twice"]], ids=["text", "bytes", "several"]
)
def test_the_journal_is_read_as_the_file_is(message: object) -> None:
    rows = [
        {name: one for name, one in row.items() if name not in {"evidence_uid", "record_length"}}
        for text in (LINE, json.dumps({**JOURNAL, "MESSAGE": message}))
        for row in rows_of(shipped(), text.encode()).rows
    ]
    assert rows[0] == rows[1]
    assert rows[0]["principal"] == "ada"


def test_bytes_of_the_journal_that_are_no_text_lose_nothing_else() -> None:
    message = [*b"Invalid user \xff\xfe from 203.0.113.9 port 51826"]
    (row,) = rows_of(shipped(), json.dumps({**JOURNAL, "MESSAGE": message}).encode()).rows
    assert (row["src_ip"], row["status_id"], row["principal"]) == ("203.0.113.9", 2, "\ufffd\ufffd")
