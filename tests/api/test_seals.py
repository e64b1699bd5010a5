"""Is a copy sealed by the API what was seen before, do leads alone take it along, and does no name lead to a file?"""

import time
from pathlib import Path

import httpx
import pytest
from tests.server.harness import Console, csrf
from tests.service.harness import cloison

from cloison.model.roles import Role

SEALS = "/api/v1/seals"
HIDE = {"columns": ["sessions.client"], "values": ["no such value"], "principals": ["user0@corp.example"]}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))


def made(client: httpx.Client) -> dict[str, object]:
    for _ in range(600):
        told: dict[str, object] = client.get(SEALS).json()["making"]
        if told["state"] != "making":
            return told
        time.sleep(0.1)
    raise AssertionError(told)


def test_a_program_of_a_lead_sees_seals_takes_along_and_removes(team: Console, tmp_path: Path) -> None:
    lead = team.program(Role.LEAD)
    seen = lead.post(f"{SEALS}/preview", json=HIDE).json()
    assert [(one["kind"], one["whole"]["cells"] > 0) for one in seen["rules"]] == [
        ("column", True), ("value", False), ("principal", True),
    ]  # fmt: skip
    begun = lead.post(SEALS, json=HIDE)
    assert (begun.status_code, begun.json()["state"]) == (202, "making")
    assert made(lead) == {"state": "made", "stage": "", "done": 0, "total": 0, "fault": "", "number": 1}
    [copy] = lead.get(SEALS).json()["copies"]
    hidden = {name: one for name, one in seen["tables"].items() if one["cells"]}
    assert copy["hidden"] == hidden
    taken = lead.get(f"{SEALS}/1/file")
    assert taken.headers["content-disposition"] == 'attachment; filename="case-0001.seal"'
    (tmp_path / "taken.seal").write_bytes(taken.content)
    ran = cloison("verify", tmp_path / "taken.seal", "--trust", copy["key_id"])
    assert ran.code == 0, ran.out
    assert lead.delete(f"{SEALS}/1").status_code == 204
    assert lead.get(f"{SEALS}/1/file").status_code == 422
    who = f"key:{lead.headers['x-name']}"
    told = [(one.who, one.about, one.text[:8]) for one in team.case.logbook().entries() if one.kind == "seal"]
    assert told == [(who, "copy 1", "sealed: "), (who, "copy 1", "taken al"), (who, "copy 1", "removed")]


@pytest.mark.parametrize(
    "path", ["..%2f..%2fcase.toml", "1%2f..%2f..%2fpeople.sqlite", "0001", "-1", "1e3", "case.seal.secrets", "9" * 40]
)
def test_no_name_leads_to_another_file(team: Console, path: str) -> None:
    lead = team.program(Role.LEAD)
    for address in (f"{SEALS}/{path}/file", f"/seal/{path}/file"):
        answer = lead.get(address, follow_redirects=False)
        assert answer.status_code in {303, 400, 404, 422}, address
        assert b"written_by" not in answer.content
        assert b"SQLite" not in answer.content


def test_rules_that_cannot_be_understood_are_a_problem_and_nothing_is_begun(team: Console) -> None:
    lead = team.program(Role.LEAD)
    for body in ({"columns": ["nowhere.x"]}, {"values": ["a"]}, {"values": ["x" * 2_000]}):
        for path in (SEALS, f"{SEALS}/preview"):
            answer = lead.post(path, json=body)
            assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert lead.post(SEALS, json={"out": "/etc/passwd"}).status_code == 400
    assert lead.get(SEALS).json() == {
        "making": {"state": "none", "stage": "", "done": 0, "total": 0, "fault": "", "number": 0},
        "copies": [],
    }


def test_the_page_shows_first_and_then_seals(team: Console) -> None:
    lea = team.let_in(Role.LEAD, "lea")
    form = {"_csrf_token": csrf(lea), "columns": "sessions.client\n\n sessions.client ", "values": "<b>no</b> such"}
    seen = lea.post("/seal/preview", data=form | {"add": "what people wrote"}).text
    assert "4 of 5 rules hide nothing" in seen  # for the logbook is empty
    assert "&lt;b&gt;no&lt;/b&gt; such" in seen
    assert "logbook.text" in seen
    assert lea.get(SEALS).json()["making"]["state"] == "none"
    assert "Seal a copy with nothing hidden" in lea.post("/seal/preview", data={"_csrf_token": csrf(lea)}).text
    begun = lea.post("/seal", data=form)
    assert (begun.status_code, begun.headers["location"]) == (303, "/seal")
    assert made(lea)["state"] == "made"
    page = lea.get("/seal").text
    assert "by 1 column, 1 value, 0 principals" in page
    assert lea.get("/seal/1/file").headers["content-type"] == "application/octet-stream"
    assert lea.post("/seal/remove", data={"_csrf_token": csrf(lea), "number": "1"}).status_code == 303
    assert "No copy is kept." in lea.get("/seal").text
    assert lea.post("/seal/stop", data={"_csrf_token": csrf(lea)}).status_code == 303
