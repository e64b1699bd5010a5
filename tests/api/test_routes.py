"""Does the API give the same answers as the command line, and does what it writes stand in the logbook?"""

import io
import json
import zipfile

import httpx
import pytest
from tests.server.harness import Console, csrf
from tests.service.harness import asked

from cloison.model.roles import Role

API = "/api/v1"


def writing(console: Console, role: Role, name: str = "") -> httpx.Client:
    client = console.let_in(role, name)
    client.headers["x-csrftoken"] = csrf(client)
    return client


@pytest.fixture
def viewer(console: Console) -> httpx.Client:
    return console.let_in(Role.VIEWER)


def test_the_rows_of_a_table_are_those_that_the_command_line_shows(console: Console, viewer: httpx.Client) -> None:
    for table in ("sightings", "coverage", "scope", "compromised", "account"):
        shown = json.loads(asked("show", console.case.folder, table, "--json", "-q"))
        told = viewer.get(f"{API}/tables/{table}", params={"limit": 500}).json()
        assert [_plain(row) for row in told["rows"]] == [_plain(row) for row in shown]
        assert (told["matched"], told["of"]) == (len(shown), len(shown))


def _plain(row: dict[str, object]) -> dict[str, object]:
    """A row of which times are written alike: with as many digits as they have."""
    return {name: _time(value) for name, value in row.items()}


def _time(value: object) -> object:
    if isinstance(value, str) and value.endswith("Z") and "." in value:
        return value[:-1].rstrip("0") + "Z"
    return value


def test_a_page_leads_to_the_next_and_all_are_all(viewer: httpx.Client) -> None:
    uids, after = list[str](), ""
    for _ in range(10):
        told = viewer.get(f"{API}/tables/events", params={"limit": 70, "after": after}).json()
        uids += [row["event_uid"] for row in told["rows"]]
        after = told["next"]
        if not after:
            break
    assert (len(uids), len(set(uids)), told["of"]) == (300, 300, 300)


def test_filters_and_a_time_range_say_how_many_of_how_many(viewer: httpx.Client) -> None:
    asked_for = {"f": "principal:is:user0@corp.example", "from": "2025-03-04T00:01:00Z", "to": "2025-03-04T00:02:00Z"}
    told = viewer.get(f"{API}/tables/events", params=asked_for).json()
    assert (told["matched"], told["of"]) == (9, 300)
    assert {row["principal"] for row in told["rows"]} == {"user0@corp.example"}


def test_an_event_leads_to_its_raw_record(viewer: httpx.Client) -> None:
    row = viewer.get(f"{API}/tables/sightings").json()["rows"][0]
    told = viewer.get(f"{API}/event", params={"uid": row["event_uid"], "at": row["time"]}).json()
    assert json.loads(told["records"][0]["raw"])["client"]["ipAddress"] == "198.51.100.7"
    assert told["records"][0]["offset"] == row["offset"]
    explained = viewer.get(f"{API}/explain", params={"uid": "198.51.100.7"}).json()
    assert {"sightings", "compromised"} <= {one["table"] for one in explained["rows"]}
    places = viewer.get(f"{API}/pivot", params={"value": "198.51.100.7"}).json()
    assert {name: places[0][name] for name in ("table", "column", "rows", "of")} == {
        "table": "events",
        "column": "src_ip",
        "rows": 2,
        "of": 300,
    }


def test_answers_not_yet_made_are_a_problem_that_says_when_to_ask_again(
    console: Console, viewer: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console.served.door.desk, "_view", None)
    answer = viewer.get(f"{API}/answers")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["title"] == "The answers are not yet made"


@pytest.mark.parametrize(
    ("path", "params", "where"),
    [
        ("tables/nowhere", {}, "no table 'nowhere'"),
        ("tables/events", {"order": "nothing"}, "no column 'nothing'"),
        ("tables/events", {"f": "principal"}, "'principal' is no filter"),
        ("tables/events", {"f": "x) OR 1=1 --:is:a"}, "no column"),
        ("tables/events", {"order": "time; DROP TABLE events"}, "no column"),
        ("tables/events", {"from": "yesterday"}, "'yesterday' is no time"),
        ("event", {"uid": "nothing"}, "no event is called 'nothing'"),
        ("explain", {"uid": "nothing"}, "nothing in the case is called 'nothing'"),
        ("exports/../case.toml", {}, "Not Found"),
        ("exports/nothing", {}, "no form 'nothing'"),
    ],
)
def test_what_cannot_be_answered_is_told_as_a_problem(
    viewer: httpx.Client, path: str, params: dict[str, str], where: str
) -> None:
    answer = viewer.get(f"{API}/{path}", params=params)
    assert answer.status_code in {404, 422}
    assert answer.headers["content-type"] == "application/problem+json"
    assert where in answer.json()["detail"]


def test_marks_go_into_the_logbook_with_who_and_are_taken_back(console: Console) -> None:
    rob, vic = writing(console, Role.RESPONDER, "rob"), writing(console, Role.VIEWER, "vic")
    star = rob.post(f"{API}/marks", json={"kind": "star", "about": "e1"}).json()
    report = vic.post(f"{API}/reports", json={"about": "e1", "text": "this may have been me"}).json()
    assert (star["who"], report["who"], report["kind"]) == ("rob", "vic", "report")
    held = vic.get(f"{API}/marks", params={"about": "e1"}).json()
    assert [one["number"] for one in held["marks"]] == [star["number"], report["number"]]
    assert vic.delete(f"{API}/marks/{star['number']}").status_code == 403
    assert rob.delete(f"{API}/marks/{report['number']}").status_code == 422
    assert vic.delete(f"{API}/marks/{report['number']}").status_code == 200
    assert rob.delete(f"{API}/marks/{star['number']}").status_code == 200
    assert vic.get(f"{API}/marks", params={"about": "e1"}).json() == {"broken": "", "marks": []}
    entries = vic.get(f"{API}/logbook").json()["entries"]
    assert [(one["who"], one["kind"]) for one in entries[-4:]] == [
        ("rob", "star"), ("vic", "report"), ("vic", "withdraw"), ("rob", "withdraw"),
    ]  # fmt: skip
    verified = vic.get(f"{API}/verify").json()
    assert (verified["broken"], verified["entries"]) == ("", len(entries))
    assert verified["head"] == entries[-1]["digest"]


def test_a_view_is_shared_and_the_link_taken_back_by_a_lead_alone(console: Console) -> None:
    rob, lea = writing(console, Role.RESPONDER, "rob"), writing(console, Role.LEAD, "lea")
    view = rob.post(f"{API}/views", json={"name": "night", "path": "/timeline", "query": "from=2025"}).json()
    assert rob.post(f"{API}/views/{view['number']}/shares", json={"days": 1}).status_code == 403
    made = lea.post(f"{API}/views/{view['number']}/shares", json={"days": 1}).json()
    assert console.client().get(made["path"]).status_code == 200
    assert rob.delete(f"{API}/marks/{made['share']['number']}").status_code == 403
    assert [one["number"] for one in lea.get(f"{API}/shares").json()] == [made["share"]["number"]]
    assert lea.delete(f"{API}/marks/{made['share']['number']}").status_code == 200
    assert console.client().get(made["path"]).status_code == 404
    assert made["path"].split("/")[-1] not in lea.get(f"{API}/shares").text + lea.get(f"{API}/logbook").text


def test_a_lead_lets_people_in_and_out(console: Console) -> None:
    lea = writing(console, Role.LEAD, "lea")
    added = lea.post(f"{API}/people", json={"name": "zoe", "role": "lead", "password": "a whole sentence"})
    assert added.status_code == 201
    assert added.json()["codes"].startswith("otpauth://totp/cloison%20case:zoe?secret=")
    assert lea.post(f"{API}/people", json={"name": "kim", "role": "viewer", "outside": "sub=9"}).status_code == 201
    assert lea.patch(f"{API}/people/kim", json={"role": "guest"}).status_code == 400
    assert lea.patch(f"{API}/people/kim", json={"role": "responder"}).status_code == 204
    assert lea.delete(f"{API}/people/zoe").json()["detail"] == "the last lead stays"
    listed = lea.get(f"{API}/people")
    assert [(one["name"], one["role"]) for one in listed.json()] == [("kim", "responder"), ("zoe", "lead")]
    assert "argon2" not in listed.text
    assert lea.delete(f"{API}/people/kim").status_code == 204


def test_exports_are_those_of_the_command_line(console: Console, viewer: httpx.Client) -> None:
    forms = viewer.get(f"{API}/exports").json()
    assert {"stix", "csv", "parquet"} <= set(forms)
    out = console.case.folder.parent / "exported"
    asked("export", console.case.folder, "--format", "stix", "-o", out, "-q")
    told = viewer.get(f"{API}/exports/stix")
    assert told.content == out.read_bytes()
    assert told.headers["content-disposition"] == 'attachment; filename="cloison-stix.json"'
    archive = zipfile.ZipFile(io.BytesIO(viewer.get(f"{API}/exports/csv").content))
    assert archive.testzip() is None
    assert {"sightings.csv", "coverage.csv", "detections.csv"} <= set(archive.namelist())
