"""Is a record of every source the same record in whatever it is wrapped, and is a large file of such records read?"""

import base64
import json
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from tests.service.harness import access_line, okta

from cloison.lake.framing import Framer
from cloison.lake.judging import Framed, Judge
from cloison.lake.trial import CORPUS_WRITTEN, rows_of
from cloison.model.limits import LIMITS
from cloison.ocsf.events import EVENTS
from cloison.sources.catalogue import SHIPPED, shipped
from cloison.sources.recognise import Recogniser

Wrap = Callable[[str, Any], str]
"""The text of a record and the record, to the text that carries it."""

SIGNS = Recogniser.of(shipped().mappings).signs
PLACE = {"event_uid", "evidence_uid", "record_offset", "record_length"}
SYSLOG, SYSLOG5 = "<134>Mar  4 02:11:00 relay agent: ", "<134>1 2025-03-04T02:11:00Z relay agent 77 - - "


def _json(**members: object) -> str:
    return json.dumps({name.strip("_") if name != "_raw" else name: value for name, value in members.items()})


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _source(value: object) -> str:
    return json.dumps({"_index": "logs", "_id": "1", "_source": value})


WRAPPERS: dict[str, Wrap] = {
    "syslog RFC 3164": lambda text, _: SYSLOG + text,
    "syslog RFC 5424": lambda text, _: SYSLOG5 + text,
    "syslog @cee": lambda text, _: f"{SYSLOG}@cee: {text}",
    "syslog that a shipper took": lambda text, _: _json(message=SYSLOG + text, host={"name": "relay"}),
    "Elastic message": lambda text, _: json.dumps({"@timestamp": "2025-03-04T02:11:00Z", "message": text}),
    "Elastic event.original": lambda text, _: _json(event={"original": text, "dataset": "x"}, message="said"),
    "Elastic event.original, dotted": lambda text, _: json.dumps({"event.original": text, "message": "said"}),
    "Elastic _source": lambda _, record: _source(record if isinstance(record, dict) else {"message": record}),
    "Elastic _source of a text": lambda text, _: _source({"event": {"original": text}}),
    "Elastic search page": lambda text, _: _json(took=1, hits={"total": 1, "hits": [{"_source": {"message": text}}]}),
    "Splunk HEC": lambda _, record: _json(time=1741054260.5, host="relay", sourcetype="x", event=record),
    "Splunk HEC of a text": lambda text, _: _json(time=1741054260.5, host="relay", sourcetype="x", event=text),
    "Splunk export": lambda text, _: _json(preview=False, offset=0, result={"_raw": text, "host": "relay"}),
    "Splunk raw": lambda text, _: _json(_raw=text, index="main"),
    "EventBridge": lambda _, record: json.dumps({"version": "0", "id": "7", "detail-type": "x", "detail": record}),
    "Docker": lambda text, _: _json(log=text + "\n", stream="stdout", time="2025-03-04T02:11:00Z"),
    "CloudWatch subscription": lambda text, _: _json(
        messageType="DATA_MESSAGE",
        logGroup="g",
        logStream="s",
        logEvents=[{"id": "1", "timestamp": 1, "message": text}],
    ),
    "CloudWatch events page": lambda text, _: _json(events=[{"timestamp": 1, "message": text, "ingestionTime": 2}]),
    "Event Hub": lambda _, record: _json(records=[record if isinstance(record, dict) else {"message": record}]),
    "Pub/Sub push": lambda text, _: _json(message={"data": _base64(text), "messageId": "1"}, subscription="s"),
    "Pub/Sub pull": lambda text, _: _json(receivedMessages=[{"ackId": "1", "message": {"data": _base64(text)}}]),
    "Kinesis": lambda text, _: _json(Records=[{"kinesis": {"data": _base64(text)}, "eventID": "s:1"}]),
    "SQS": lambda text, _: _json(Records=[{"messageId": "1", "body": text, "eventSource": "aws:sqs"}]),
    "Sentinel": lambda text, _: _json(TimeGenerated="2025-03-04T02:11:00Z", Computer="relay", RawData=text),
    "Google log entry": lambda _, record: _json(
        logName="l", **({"jsonPayload": record} if isinstance(record, dict) else {"textPayload": record})
    ),
    "Panther": lambda text, record: json.dumps(
        {**record, "p_log_type": "X", "p_event_time": "2025-03-04 02:11:00.000000000"}
        if isinstance(record, dict)
        else {"message": text, "p_log_type": "X"}
    ),
}


@cache
def _records() -> dict[str, tuple[str, Any]]:
    """One record of every carrier whose own text says which one it is: its text, and its members or the line."""
    found: dict[str, tuple[str, Any]] = {}
    for raw in sorted(SHIPPED.glob("*/corpus/*.raw")):
        for framed in Framer(Recogniser(SIGNS), LIMITS).records(iter([raw.read_bytes()])):
            for payload in framed.payloads if isinstance(framed, Framed) else ():
                alone = Judge(Recogniser(SIGNS), LIMITS).alone(payload)
                if alone is not None and alone[2]:
                    name = f"{alone[0].spec.name}/{alone[0].carrier.name}"
                    line = payload.decode("utf-8", "replace")
                    record = json.loads(line) if line.startswith("{") else line
                    found.setdefault(name, (json.dumps(record) if isinstance(record, dict) else line, record))
    return found


def _carried(wrapped: str) -> list[tuple[str, Any]]:
    """The carrier and the record of everything that is framed."""
    framed = Framer(Recogniser(SIGNS), LIMITS).records(iter([wrapped.encode()]))
    return [
        (f"{one.mapping.spec.name}/{one.mapping.carrier.name}", _plain(payload))
        for one in framed
        if isinstance(one, Framed)
        for payload in one.payloads
    ]


def _plain(payload: bytes) -> Any:
    record = json.loads(payload) if payload.startswith(b"{") else payload.decode()
    return _told(record)


def _told(record: Any) -> Any:
    """A record without what Panther adds to it."""
    return {name: one for name, one in record.items() if name[:2] != "p_"} if isinstance(record, dict) else record


@pytest.mark.parametrize("name", WRAPPERS)
def test_a_record_of_every_source_is_the_same_in_a_wrapper(name: str) -> None:
    records = _records()
    assert {one.partition("/")[0] for one in records} == set(shipped().specs)
    carried = {one: _carried(WRAPPERS[name](text, record)) for one, (text, record) in records.items()}
    assert not [one for one, (_, record) in records.items() if carried[one] != [(one, _told(record))]]


@pytest.mark.parametrize("name", WRAPPERS)
def test_wrapped_records_behind_each_other_make_the_same_events(name: str) -> None:
    records = [okta(number) for number in range(3)]
    lines = [access_line(number) for number in range(3)]
    texts: list[tuple[str, Any]] = [(json.dumps(record), record) for record in records]
    texts += [(line, line) for line in lines]
    wrapped = [WRAPPERS[name](text, record) for text, record in texts]
    between = "" if all(one.startswith("{") for one in wrapped) else "\n"
    made = _columns(between.join(wrapped))
    assert len(made) == 6
    assert made == _columns("\n".join(text for text, _ in texts))


def _columns(text: str) -> list[dict[str, object]]:
    rows = rows_of(shipped(), text.encode(), dated=CORPUS_WRITTEN).rows
    return sorted(({name: row[name] for name in EVENTS.columns if name not in PLACE} for row in rows), key=repr)
