"""Does a team come in by name, password and code alone, and does who guesses wait?"""

import time

import pytest
from tests.server.harness import PASSWORD, Console, csrf, log_in

from cloison.model.roles import Role

WRONG = "Name, password or code is wrong."


def test_name_password_and_code_let_in_as_what_one_is(team: Console) -> None:
    client = team.client()
    entered = log_in(client, "rob", PASSWORD, team.code("rob"))
    assert entered.status_code == 200
    assert 'content="0; url=/"' in entered.text
    assert client.get("/api/v1/answers").status_code == 200
    assert client.get("/api/v1/people").status_code == 403
    assert team.said == ["rob came in as responder from 127.0.0.1\n"]


def test_whatever_is_wrong_the_answer_is_the_same(team: Console) -> None:
    code = team.code("rob")
    wrong = [("rob", "another sentence", code), ("rob", PASSWORD, "000000"), ("eve", PASSWORD, code), ("", "", "")]
    answers = [log_in(team.client(), *one) for one in wrong]
    assert [one.status_code for one in answers] == [401] * 4
    texts = [one.text.split("<main")[1] for one in answers]
    assert all(WRONG in text for text in texts)
    assert len({_without_token(text) for text in texts}) == 1
    assert PASSWORD not in "".join(team.said)


def _without_token(text: str) -> str:
    before, _, rest = text.partition('name="_csrf_token" value="')
    return before + rest.partition('"')[2]


def test_a_code_works_once_even_for_who_saw_all_of_it(team: Console) -> None:
    code = team.code("rob")
    assert log_in(team.client(), "rob", PASSWORD, code).status_code == 200
    assert log_in(team.client(), "rob", PASSWORD, code).status_code == 401
    assert log_in(team.client(), "rob", PASSWORD, team.code("rob", 1)).status_code == 200
    assert log_in(team.client(), "rob", PASSWORD, code).status_code == 401


def test_who_guesses_waits_longer_and_longer_and_the_right_one_waits_too(team: Console) -> None:
    client = team.client()
    assert [log_in(client, "rob", "guessed wrongly", "123456").status_code for _ in range(5)] == [401] * 5
    waits = []
    for _ in range(5):
        refused = log_in(client, "rob", PASSWORD, team.code("rob"))
        assert refused.status_code == 429
        waits.append(int(refused.headers["retry-after"]))
        team.clock.now += waits[-1]
        assert log_in(client, "rob", "guessed wrongly", "123456").status_code == 401
    assert waits == [1, 2, 4, 8, 16]
    team.clock.now += 32
    assert log_in(client, "rob", PASSWORD, team.code("rob")).status_code == 200


def test_one_address_that_tries_many_names_waits(team: Console) -> None:
    answers = [log_in(team.client(), f"name{number}", PASSWORD, "1").status_code for number in range(21)]
    assert answers == [401] * 20 + [429]


def test_one_who_guesses_does_not_lock_another_out(team: Console) -> None:
    for _ in range(6):
        log_in(team.client(), "rob", "guessed wrongly", "123456")
    assert log_in(team.client(), "lea", PASSWORD, team.code("lea")).status_code == 200


@pytest.mark.parametrize(
    ("leads_to", "where"),
    [
        ("/timeline", "/timeline"),
        ("//evil.example", "/"),
        ("https://evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/%0d%0aset-cookie:a", "/%0d%0aset-cookie:a"),
        ("/a\r\nb", "/"),
        ("javascript:alert(1)", "/"),
        ("/\t/evil.example", "/"),
        ("", "/"),
    ],
)
def test_after_logging_in_one_is_led_to_a_page_of_the_console(team: Console, leads_to: str, where: str) -> None:
    client = team.client()
    entered = log_in(client, "rob", PASSWORD, team.code("rob"), next=leads_to)
    assert f'content="0; url={where}"' in entered.text
    assert "location" not in entered.headers
    shown = client.get("/login", params={"next": leads_to}).text
    assert f'name="next" value="{where}"' in shown


def test_who_was_removed_is_out_with_the_next_request_and_a_role_holds_at_once(team: Console) -> None:
    rob, vic = team.client(), team.client()
    log_in(rob, "rob", PASSWORD, team.code("rob"))
    log_in(vic, "vic", PASSWORD, team.code("vic"))
    assert [rob.get("/api/v1/health").status_code, vic.get("/api/v1/people").status_code] == [200, 403]
    team.people.remove("rob")
    team.people.become("vic", Role.LEAD)
    assert [rob.get("/api/v1/health").status_code, vic.get("/api/v1/people").status_code] == [401, 200]


def test_nobody_logs_in_by_name_where_one_is_alone(console: Console) -> None:
    client = console.client()
    assert client.post("/login", data={"_csrf_token": csrf(client)}).status_code == 404


def test_a_name_that_is_not_there_takes_as_long(team: Console) -> None:
    def seconds(name: str) -> float:
        begun = time.perf_counter()
        team.people.proven(name, "guessed wrongly", "123456", time.time())
        return time.perf_counter() - begun

    spent = [[seconds(name) for _ in range(30)] for name in ("rob", "eve")]
    there, not_there = (sorted(one)[15] for one in spent)
    assert not_there > there / 3


def test_the_form_without_its_token_is_refused(team: Console) -> None:
    client = team.client()
    csrf(client)
    form = {"name": "rob", "password": PASSWORD, "code": team.code("rob")}
    assert client.post("/login", data=form).status_code == 403
    assert client.get("/api/v1/health").status_code == 401
