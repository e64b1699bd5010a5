"""Is every row that a source makes a valid OCSF 1.8.0 event, whole, and with its values where OCSF wants them?"""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
from scripts.ocsf_schema import faults

from cloison.errors import SourceError
from cloison.lake.trial import CORPUS_WRITTEN, rows_of
from cloison.ocsf.classes import CLASSES
from cloison.ocsf.event import to_ocsf
from cloison.ocsf.events import EVENTS
from cloison.sources.catalogue import SHIPPED, shipped
from cloison.sources.spec import Choice

RAW = sorted(SHIPPED.glob("*/corpus/*.raw"))
ROW: dict[str, object] = {
    "event_uid": "0f00", "source": "invented_log", "carrier": "file", "system": "wiki",
    "time": datetime(2023, 11, 15, 16, 28, 38, 250_999, tzinfo=UTC), "class_uid": 6001, "activity_id": 2,
    "status_id": 1,
    "principal": "svc@corp.example", "actor_name": "Service", "actor_email": "svc@corp.example",
    "vendor_session_uid": "s-1", "credential_uid": "tok-1", "src_ip": "192.0.2.9",
    "src_ips": ["192.0.2.9", "198.51.100.7"], "user_agent": "curl/8", "http_method": "PROPFIND", "http_status": 200,
    "url": "/display/OPS/Keys?x=1", "resource_kind": "page", "resource_uid": "77", "resource_name": "Keys",
    "action": "viewed", "record_offset": 200,
}  # fmt: skip


def _made(**columns: object) -> dict[str, Any]:
    event: dict[str, Any] = to_ocsf({**ROW, **columns}, product="Wiki", vendor="Invented")
    assert faults(event) == []
    return event


@cache
def _rows() -> list[dict[str, object]]:
    return [row for raw in RAW for row in rows_of(shipped(), raw.read_bytes(), dated=CORPUS_WRITTEN).rows]


def _texts(node: object) -> Iterator[object]:
    below = node.values() if isinstance(node, dict) else node if isinstance(node, list | tuple) else None
    if below is None:
        yield node
    else:
        for one in below:
            yield from _texts(one)


def _events() -> Iterator[tuple[dict[str, object], dict[str, Any]]]:
    for row in _rows():
        spec = shipped().specs[str(row["source"])]
        yield row, to_ocsf(row, product=spec.product, vendor=spec.vendor, raw="{}")


def test_every_row_of_every_corpus_is_valid() -> None:
    told = [f"{row['source']} {row['class_uid']} {fault}" for row, event in _events() for fault in faults(event)]
    assert not told, f"{len(told)} faults\n" + "\n".join(sorted(set(told))[:40])


def test_every_corpus_row_is_made_of_its_own_class_and_activity() -> None:
    for row, event in _events():
        assert event["type_uid"] == int(str(row["class_uid"])) * 100 + int(str(row["activity_id"]))
        assert event["category_uid"] * 1000 <= event["class_uid"] < (event["category_uid"] + 1) * 1000


def test_no_text_of_any_corpus_row_is_lost() -> None:
    lost = set()
    for row, event in _events():
        shown = set(_texts(event))
        lost |= {f"{row['source']} {name}" for name, value in row.items()
                 if isinstance(value, str) and not name.startswith("_") and value and value not in shown
                 and not (name == "http_method" and value.upper() in shown)}  # fmt: skip
    assert not lost


def test_every_class_that_a_source_names_is_known_and_seen() -> None:
    chosen = [event.class_ for spec in shipped().specs.values() for event in spec.event]
    named = {number for one in chosen for number in (one.values.values() if isinstance(one, Choice) else [one])}
    assert named <= set(CLASSES)
    assert {int(str(row["class_uid"])) for row in _rows()} >= named


@pytest.mark.parametrize("class_uid", CLASSES)
def test_a_row_that_says_next_to_nothing_is_valid(class_uid: int) -> None:
    bare = {"time": ROW["time"], "class_uid": class_uid, "activity_id": 0, "status_id": 0}
    assert faults(to_ocsf(bare, product="P", vendor="V")) == []


@pytest.mark.parametrize("class_uid", CLASSES)
def test_a_row_with_every_column_is_valid_and_loses_nothing(class_uid: int) -> None:
    full: dict[str, object] = {
        name: {"string": f"<{name}>", "int": 7, "bool": True, "strings": ["2001:db8::1", "2001:db8::2"]}.get(kind)
        for name, kind in EVENTS.columns.items()
    }
    full |= {"time": ROW["time"], "class_uid": class_uid, "activity_id": 1, "status_id": 2, "src_ip": "2001:db8::1",
             "dst_ip": "203.0.113.4"}  # fmt: skip
    event = to_ocsf(full, product="P", vendor="V", raw="r")
    assert faults(event) == []
    assert {value for value in full.values() if isinstance(value, str)} <= set(_texts(event))


def test_time_is_whole_milliseconds_since_the_epoch() -> None:
    assert _made()["time"] == 1_700_065_718_250
    assert _made(time=datetime(2023, 11, 15, 16, 28, 38))["time"] == 1_700_065_718_000  # the lake's are UTC
    assert _made(time=datetime(1969, 12, 31, 23, 59, 59, 999_500, tzinfo=UTC))["time"] == -1


def test_values_stand_where_ocsf_wants_them() -> None:
    event = _made()
    assert event["type_uid"] == 600_102
    assert event["metadata"]["version"] == "1.8.0"
    assert event["metadata"]["product"] == {"name": "Wiki", "vendor_name": "Invented"}
    assert event["metadata"]["log_name"] == "invented_log"
    assert event["actor"]["user"]["name"] == "svc@corp.example"
    assert event["actor"]["user"]["programmatic_credentials"] == [{"uid": "tok-1"}]
    assert event["actor"]["session"] == {"uid": "s-1", "credential_uid": "tok-1"}
    assert event["src_endpoint"] == {"ip": "192.0.2.9", "intermediate_ips": ["198.51.100.7"]}
    assert event["web_resources"] == [{"name": "Keys", "uid": "77", "type": "page"}]
    assert event["http_response"] == {"code": 200}
    assert event["status"] == "Success"


def test_what_ocsf_has_no_word_for_stays_unmapped() -> None:
    assert _made()["unmapped"] == {
        "system": "wiki",
        "http_method": "PROPFIND",
        "action": "viewed",
        "record_offset": 200,
    }


def test_observables_name_the_place_of_each_value() -> None:
    found = {(one["name"], one["type_id"], one["value"]) for one in _made()["observables"]}
    assert found == {
        ("actor.user.name", 4, "svc@corp.example"),
        ("actor.user.email_addr", 5, "svc@corp.example"),
        ("actor.user.programmatic_credentials[].uid", 19, "tok-1"),
        ("actor.session.credential_uid", 19, "tok-1"),
        ("src_endpoint.ip", 2, "192.0.2.9"),
        ("src_endpoint.intermediate_ips[]", 2, "198.51.100.7"),
        ("http_request.url.url_string", 6, "/display/OPS/Keys?x=1"),
        ("http_request.user_agent", 16, "curl/8"),
        ("web_resources[].uid", 10, "77"),
    }


def test_a_minted_token_is_an_entity_with_its_credential_uid() -> None:
    event = _made(class_uid=3004, activity_id=1, resource_kind="token", resource_uid=None, resource_name=None,
                  minted_credential_uid="tok-2")  # fmt: skip
    assert event["entity"] == {"uid": "tok-2", "type": "API Token", "type_id": 99}


def test_a_token_is_held_by_its_owner() -> None:
    event = _made(class_uid=3004, activity_id=4, resource_kind="token", resource_uid="tok-2", resource_name="ci",
                  target_credential_uid="tok-2", target_principal="dev@corp.example")  # fmt: skip
    assert event["entity"] == {
        "name": "ci",
        "uid": "tok-2",
        "type": "API Token",
        "type_id": 99,
        "user": {"name": "dev@corp.example", "programmatic_credentials": [{"uid": "tok-2"}]},
    }


def test_a_logon_that_mints_a_credential_opens_a_session_with_it() -> None:
    event = _made(class_uid=3002, activity_id=1, minted_credential_uid="tok-3")
    assert event["session"] == {"uid": "s-1", "credential_uid": "tok-3"}
    assert event["actor"]["session"] == {"uid": "s-1", "credential_uid": "tok-1"}
    assert event["service"] == {"name": "wiki"}


def test_the_name_that_was_asked_for_is_the_query_and_not_where_it_went() -> None:
    event = _made(class_uid=4003, activity_id=1, dst_host="c2.mallory.example", dst_ip="192.0.2.53", dst_port=53)
    assert event["query"] == {"hostname": "c2.mallory.example"}
    assert event["dst_endpoint"] == {"ip": "192.0.2.53", "port": 53}


def test_a_finding_has_no_status_of_success() -> None:
    event = _made(class_uid=2004, activity_id=1, message="Risky logon", vendor_uid="f-1")
    assert "status_id" not in event
    assert event["unmapped"]["status_id"] == 1
    assert event["finding_info"] == {"uid": "f-1", "title": "Risky logon"}
    assert event["evidences"][0]["src_endpoint"]["ip"] == "192.0.2.9"


def test_the_created_account_is_the_user_and_its_maker_the_actor() -> None:
    event = _made(class_uid=3001, activity_id=1, target_principal="new@corp.example", resource_kind="account",
                  resource_uid="u-9")  # fmt: skip
    assert event["user"] == {"name": "new@corp.example", "uid": "u-9", "email_addr": "new@corp.example"}
    assert event["actor"]["user"]["name"] == "svc@corp.example"


def test_a_class_unknown_to_ocsf_is_refused() -> None:
    with pytest.raises(SourceError, match="class 3007"):
        to_ocsf({**ROW, "class_uid": 3007}, product="P", vendor="V")


def test_a_row_without_time_is_refused() -> None:
    with pytest.raises(SourceError, match="no time"):
        to_ocsf({**ROW, "time": None}, product="P", vendor="V")
