"""Does a key let a program in at the API alone, without a session or the token of a form, and until it ends?"""

import httpx
import pytest
from tests.server.harness import PASSWORD, Console, csrf, log_in

from cloison.model.roles import Role
from cloison.service.managing import revoke_key

HEALTH, MARKS = "/api/v1/health", "/api/v1/marks"
STAR = {"kind": "star", "about": "e1"}
WRONG = "cloison_" + "x" * 43


def with_key(console: Console, key: str, scheme: str = "Bearer") -> httpx.Response:
    return console.client().get(HEALTH, headers={"authorization": f"{scheme} {key}"})


def test_what_a_program_writes_stands_in_the_logbook_by_the_name_of_its_key(team: Console) -> None:
    program = team.program(Role.RESPONDER)
    answer = program.post(MARKS, json=STAR)
    assert (answer.status_code, answer.json()["who"]) == (201, f"key:{program.headers['x-name']}")
    entry = team.case.logbook().entries()[-1]
    assert (entry.who, entry.kind, entry.about) == (f"key:{program.headers['x-name']}", "star", "e1")
    assert program.cookies == httpx.Cookies()


def test_a_key_and_a_session_do_not_mix(team: Console) -> None:
    program, lea = team.program(Role.VIEWER), team.let_in(Role.LEAD, "lea")
    lea.headers["x-csrftoken"] = csrf(lea)
    for key in (program.headers["authorization"], f"Bearer {WRONG}"):
        for answer in (
            lea.get(HEALTH, headers={"authorization": key}),
            lea.post(MARKS, json=STAR, headers={"authorization": key}),
        ):
            assert answer.status_code == 400
            assert answer.json()["detail"] == "a key and a session do not mix: send one of them"
    assert [one for one in team.case.logbook().entries() if one.kind == "star"] == []


def test_a_header_that_is_no_key_lifts_no_guard(team: Console) -> None:
    """The token of a form is asked for unless a key, and nothing else, says who it is."""
    lea = team.let_in(Role.LEAD, "lea")
    csrf(lea)
    for value in ("Basic bGVhOng=", "bearer", "Negotiate x", ""):
        answer = lea.post(MARKS, json=STAR, headers={"authorization": value})
        assert answer.status_code in {400, 403}, value
    assert lea.get(HEALTH, headers={"authorization": "Basic bGVhOng="}).status_code == 200
    for path in ("/marks", "/views", "/keys", "/logout"):
        answer = lea.post(path, data=STAR, headers={"authorization": f"Bearer {WRONG}"})
        assert (answer.status_code, "CSRF" in answer.text) == (403, True)
    assert [one for one in team.case.logbook().entries() if one.kind == "star"] == []


def test_of_the_pages_a_key_opens_none(team: Console) -> None:
    program = team.program(Role.LEAD)
    for path in ("/", "/keys", "/timeline"):
        assert program.get(path).headers["location"].startswith("/login?")
    assert program.get("/api/openapi.json").status_code == 200


def test_a_key_that_was_revoked_or_is_over_opens_nothing_from_the_next_request_on(team: Console) -> None:
    program = team.program(Role.VIEWER)
    assert program.get(HEALTH).status_code == 200
    revoke_key(team.case.folder, program.headers["x-name"], by="lea")
    answer = program.get(HEALTH)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.json()["detail"].startswith("this key ended at 2")
    assert [program.get(HEALTH).status_code for _ in range(40)] == [401] * 40  # who had it does not guess
    assert team.program(Role.VIEWER).get(HEALTH).status_code == 200


def test_who_guesses_keys_waits_longer_and_longer_and_people_log_in_all_the_same(team: Console) -> None:
    right = team.program(Role.VIEWER)
    assert [with_key(team, WRONG).status_code for _ in range(21)] == [401] * 20 + [429]
    waits = []
    for _ in range(4):
        refused = right.get(HEALTH)
        assert (refused.status_code, refused.headers["content-type"]) == (429, "application/problem+json")
        waits.append(int(refused.headers["retry-after"]))
        team.clock.now += waits[-1]
        assert with_key(team, WRONG).status_code == 401
    assert waits == [1, 2, 4, 8]
    assert log_in(team.client(), "rob", PASSWORD, team.code("rob")).status_code == 200
    team.clock.now += 16
    assert right.get(HEALTH).status_code == 200
    assert WRONG not in "".join(team.said)


@pytest.mark.parametrize("key", ["x", WRONG[8:], WRONG + "y", "cloison_" + "é" * 43, WRONG + " " + WRONG])
def test_what_is_no_key_lets_nobody_in(team: Console, key: str) -> None:
    answer = team.client().get(HEALTH, headers=[(b"authorization", b"Bearer " + key.encode())])
    assert answer.status_code == 401


def test_a_lead_makes_and_revokes_a_key_by_the_api_and_no_key_does(team: Console) -> None:
    lea = team.let_in(Role.LEAD, "lea")
    lea.headers["x-csrftoken"] = csrf(lea)
    made = lea.post("/api/v1/keys", json={"name": "siem", "role": "responder", "days": 7}).json()
    assert with_key(team, made["secret"], "bearer").status_code == 200
    assert made["secret"] not in lea.get("/api/v1/keys").text + lea.get("/api/v1/logbook").text
    [listed] = lea.get("/api/v1/keys").json()
    assert (listed["name"], listed["made_by"], listed["used_at"] != "") == ("siem", "lea", True)
    other = team.program(Role.LEAD)
    assert other.post("/api/v1/keys", json={"name": "next"}).status_code == 403
    assert other.delete("/api/v1/keys/siem").status_code == 403
    assert lea.delete("/api/v1/keys/siem").status_code == 204
    assert with_key(team, made["secret"]).status_code == 401
    told = [(one.who, one.about, one.text.split(",")[0]) for one in team.case.logbook().entries() if one.kind == "key"]
    assert told[:1] + told[-1:] == [("lea", "key:siem", "made as responder"), ("lea", "key:siem", "revoked")]


def test_the_page_makes_a_key_shows_it_once_and_revokes_it(team: Console) -> None:
    lea = team.let_in(Role.LEAD, "lea")
    form = {"_csrf_token": csrf(lea)}
    made = lea.post("/keys", data={**form, "name": "<b>siem</b>", "role": "viewer", "days": "7"})
    secret = made.text.split('readonly value="')[1].split('"')[0]
    assert with_key(team, secret).status_code == 200
    page = lea.get("/keys").text
    assert secret not in page
    assert "&lt;b&gt;siem&lt;/b&gt;" in page
    assert "Keys that hold: 1 of 1" in page
    assert lea.post("/keys", data={**form, "name": "x", "role": "guest", "days": "7"}).status_code == 422
    assert lea.post("/keys/revoke", data={**form, "name": "<b>siem</b>"}).status_code == 303
    assert with_key(team, secret).status_code == 401
    assert "Keys that hold: 0 of 1" in lea.get("/keys").text
    assert 'href="/keys"' not in team.let_in(Role.RESPONDER, "rob").get("/").text
