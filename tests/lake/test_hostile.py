"""Is a hostile record stored or refused by itself, and does it leave its neighbours as they are?"""

import json
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.service.harness import access_line, access_lines, okta, okta_lines

from cloison.lake.trial import Trial, rows_of
from cloison.sources.catalogue import shipped

BEFORE, AFTER = okta_lines(range(3)), okta_lines(range(3, 6))
PLACED = {"record_offset", "record_length"}


def among(record: bytes) -> Trial:
    """What becomes of a record between neighbours, which must become what they always do."""
    trial = rows_of(shipped(), BEFORE + record + b"\n" + AFTER)
    assert trial.received == len(trial.rows) + len(trial.rejects)
    there = [bare(row) for row in trial.rows if str(row["vendor_uid"]).startswith("0b5e-00000")]
    assert there == NEIGHBOURS
    return trial


def bare(row: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in row.items() if name not in PLACED}


NEIGHBOURS = [bare(row) for row in rows_of(shipped(), BEFORE + AFTER).rows]


def alone(record: bytes) -> Trial:
    """What becomes of a record that stands first in its stream."""
    return rows_of(shipped(), record + b"\n" + AFTER)


def raw(**changed: object) -> bytes:
    return json.dumps(okta(9, uuid="hostile", **changed)).encode()


WRONG_TYPES: dict[str, dict[str, object]] = {
    "text for an object": {"actor": "ada"},
    "list for an object": {"actor": [{"alternateId": "x"}], "client": [1]},
    "object for text": {"eventType": {"a": 1}},
    "object for a list": {"target": {"type": "User", "alternateId": "x"}},
    "list of scalars for a list of objects": {"target": ["User", 7, None, [1]]},
    "numbers": {"displayMessage": 12345678901234567890123, "outcome": {"result": 1.5}},
    "truth values": {"displayMessage": True, "outcome": {"result": False}},
    "no list in the chain": {"request": {"ipChain": "203.0.113.1"}},
    "empty containers": {"actor": {}, "client": {}, "target": []},
    "address that is none": {"client": {"ipAddress": "999.1.1.1"}},
    "address with a port and a zone": {"client": {"ipAddress": "[fe80::1%25eth0]:443"}},
    "address of a megabyte": {"client": {"ipAddress": "1" * (1 << 20)}},
    "quotes of SQL": {
        "actor": {"alternateId": "x'); DROP TABLE chunk; --@corp.example"},
        "displayMessage": "'\"; COPY",
    },
    "wildcards and templates": {"displayMessage": "%_*?{1:upper}$principal\\1"},
    "a NUL": {"displayMessage": "a\0b"},
    "control characters": {"displayMessage": "\x1b]0;x\x07\u202e\u2028\ufeff\x7f"},
    "beyond the plane": {"displayMessage": "\U0010ffff\U0001f600"},
    "half a pair": {"displayMessage": "\ud800"},
    "custody of another": {"_e": "forged", "_o": 1, "_l": 1, "_f": True, "_sure": True, "evidence_uid": "forged"},
    "numbers that are none": {"severity": float("nan"), "version": float("inf")},
}


@pytest.mark.parametrize("changed", WRONG_TYPES.values(), ids=WRONG_TYPES.keys())
def test_wrong_types_where_fields_are_mapped(changed: dict[str, object]) -> None:
    record = raw(**changed)
    for trial in (among(record), alone(record)):
        (row,) = [row for row in trial.rows if row["vendor_uid"] == "hostile"]
        assert row["evidence_uid"] == "trial"
        assert row["record_length"] == len(record)
        assert not trial.rejects


TIMES = [
    None,
    "",
    "yesterday",
    "0",
    0,
    -1,
    1e400,
    "infinity",
    "epoch",
    "now",
    "0044-03-15 (BC)",
    "99999-01-01T00:00:00Z",
    "2025-13-45T99:99:99Z",
    "1970-01-01T00:00:00Z",
    "2999-01-01T00:00:00Z",
    "9" * 400,
    {"at": 1},
    [1],
    True,
]


@pytest.mark.parametrize("time", TIMES, ids=repr)
def test_time_that_is_none_is_a_reject_with_its_place(time: object) -> None:
    record = raw(published=time)
    (reject,) = among(record).rejects
    assert (reject.offset, reject.length) == (len(BEFORE), len(record))
    expected = "recognised by no source" if time is None else "its time is missing or not understood"
    assert reject.reason == expected
    assert [one.reason for one in alone(record).rejects] == [expected]


def test_time_that_overflows_when_it_is_reckoned() -> None:
    audit: dict[str, Any] = {
        "timestamp": {"epochSecond": 1741053600, "nano": 0},
        "auditType": {
            "actionI18nKey": "jira.auditing.user.created",
            "categoryI18nKey": "jira.auditing.category.usermanagement",
        },
        "affectedObjects": [],
        "author": {"name": "ada", "id": "1", "type": "user"},
        "source": "192.0.2.1",
    }
    good = json.dumps(audit).encode()
    times = [
        {"epochSecond": "9223372036854775807", "nano": 0},
        {"epochSecond": 1741053600, "nano": 9223372036854775807},
    ]
    lines = [good, *(json.dumps(audit | {"timestamp": one}).encode() for one in times), good]
    trial = rows_of(shipped(), b"\n".join(lines))
    assert trial.received == len(trial.rows) + len(trial.rejects) == 4
    assert [row["time"] for row in trial.rows if row["record_length"] == len(good)] == [
        datetime.fromisoformat("2025-03-04T02:00:00")
    ] * 2


def test_key_twice_is_read_by_its_first() -> None:
    twice = raw().replace(b'"displayMessage"', b'"displayMessage": "first", "displayMessage"', 1)
    for trial in (among(twice), alone(twice)):
        assert [row["message"] for row in trial.rows if row["vendor_uid"] == "hostile"] == ["first"]


def test_custody_cannot_be_forged_by_a_key() -> None:
    forged = raw().replace(b"{", b'{"_e":"x","_o":0,"_l":1,"_f":true,', 1)
    (row,) = [row for row in among(forged).rows if row["vendor_uid"] == "hostile"]
    assert (row["evidence_uid"], row["record_offset"], row["record_length"]) == ("trial", len(BEFORE), len(forged))


@pytest.mark.parametrize(
    "deep", [b"[" * 100_000 + b"]" * 100_000, b'{"a":' * 100_000 + b"1" + b"}" * 100_000], ids=["[", "{"]
)
def test_nesting_of_a_hundred_thousand_levels(deep: bytes) -> None:
    record = raw(debugContext=0).replace(b'"debugContext": 0', b'"debugContext": ' + deep)
    for trial in (among(record), alone(record)):
        stored = [row["record_length"] for row in trial.rows if row["vendor_uid"] == "hostile"]
        assert stored + [one.length for one in trial.rejects] == [len(record)]


BROKEN = {
    "torn": raw()[:-20],
    "torn in the middle": raw()[:100] + raw()[140:],
    "not JSON at all": b"}{][",
    "one bracket": b"{",
    "a list": b'["user.session.start"]',
    "a number": b"7",
    "a text": b'"text"',
    "an empty object": b"{}",
    "an object of something else": b'{"hello": "world"}',
    "single quotes": raw().replace(b'"', b"'"),
    "text behind": raw() + b" and more",
}


@pytest.mark.parametrize("record", BROKEN.values(), ids=BROKEN.keys())
def test_broken_record_is_a_reject_with_its_place(record: bytes) -> None:
    trial = among(record)
    assert [(one.offset, one.length) for one in trial.rejects] == [(len(BEFORE), len(record))]
    assert [one.reason for one in alone(record).rejects] == [trial.rejects[0].reason]


LINES = {
    "bytes that are no UTF-8": b"\xff\xfe\x80",
    "a NUL": b"a\0b",
    "escapes": b"\x1b[2J\x07",
    "percent escapes that are none": b"%ff%zz%",
    "backslashes": b"\\x22 \\\\",
}


@pytest.mark.parametrize("agent", LINES.values(), ids=LINES.keys())
def test_hostile_bytes_in_an_access_log_are_stored_with_their_place(agent: bytes) -> None:
    line = (
        access_line(7)
        .encode()
        .replace(b"curl/8.5", agent)
        .replace(b"/page/7", b"/page/7?q=" + agent.replace(b" ", b""))
    )
    trial = rows_of(shipped(), access_lines(range(2)) + line + b"\n" + access_lines(range(2, 4)))
    assert trial.rejects == []
    assert [(row["record_offset"], row["record_length"]) for row in trial.rows][2] == (
        len(access_lines(range(2))),
        len(line),
    )
    assert trial.rows[2]["src_ip"] == "203.0.113.8"


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.binary(min_size=1, max_size=40) | st.sampled_from([raw(), raw()[:50], access_line(1).encode()]), max_size=8
    )
)
def test_any_bytes_are_accounted_for(lines: list[bytes]) -> None:
    trial = rows_of(shipped(), BEFORE + b"\n".join(lines) + b"\n" + AFTER)
    assert trial.received == len(trial.rows) + len(trial.rejects)
    assert [bare(row) for row in trial.rows if str(row["vendor_uid"]).startswith("0b5e-00000")] == NEIGHBOURS
