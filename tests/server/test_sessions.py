"""Can a session be planted, does it end, and is its cookie one that no script and no other site sees?"""

import pytest
from tests.server.harness import PASSWORD, Console, log_in, running

from cloison.model.roles import Role
from cloison.server.settings import Settings
from cloison.service.people import Person


def cookie_of(console: Console) -> str:
    return console.served.door.settings.cookie


def test_an_id_that_was_planted_is_never_taken(team: Console) -> None:
    client = team.client()
    client.cookies.set(cookie_of(team), "planted")
    entered = log_in(client, "rob", PASSWORD, team.code("rob"))
    made = entered.cookies[cookie_of(team)]
    assert len(made) == 43
    assert made != "planted"
    other = team.client()
    other.cookies.set(cookie_of(team), "planted")
    assert other.get("/api/v1/health").status_code == 401


def test_logging_in_again_makes_another_id_and_ends_the_one_before(team: Console) -> None:
    client = team.client()
    first = log_in(client, "rob", PASSWORD, team.code("rob", -1)).cookies[cookie_of(team)]
    second = log_in(client, "lea", PASSWORD, team.code("lea")).cookies[cookie_of(team)]
    assert first != second
    old = team.client()
    old.cookies.set(cookie_of(team), first)
    assert old.get("/api/v1/health").status_code == 401


def test_a_session_is_over_when_its_time_is_whatever_its_owner_does(team: Console) -> None:
    client = team.let_in(Role.LEAD, "lea")
    whole = team.served.door.settings.lasts.whole_seconds
    for _ in range(100):
        team.clock.now += whole / 100 - 0.01
        assert client.get("/api/v1/health").status_code == 200
    team.clock.now += 2
    assert client.get("/api/v1/health").status_code == 401
    team.clock.now -= 100
    assert client.get("/api/v1/health").status_code == 401


def test_a_session_that_is_idle_ends_and_one_that_is_used_goes_on(team: Console) -> None:
    idle, used = team.let_in(Role.LEAD, "lea"), team.let_in(Role.RESPONDER, "rob")
    for _ in range(3):
        team.clock.now += 1799
        assert used.get("/api/v1/health").status_code == 200
    assert idle.get("/api/v1/health").status_code == 401
    team.clock.now += 1800
    assert used.get("/api/v1/health").status_code == 401


@pytest.mark.parametrize("value", ["", "x" * 5000, "../../people.sqlite", "null"])
def test_a_cookie_that_names_no_session_is_nobody(console: Console, value: str) -> None:
    header = {"cookie": f"{cookie_of(console)}={value}"}
    assert console.client().get("/api/v1/health", headers=header).status_code == 401


def test_the_cookies_are_for_this_server_alone(console: Console) -> None:
    client = console.client()
    entered = client.get("/enter", params={"token": console.served.door.once.renewed()})
    port = console.served.door.settings.port
    told = [header.split("; ", 1) for header in entered.headers.get_list("set-cookie")]
    assert [(pair.split("=")[0], rest) for pair, rest in told] == [
        (f"cloison-{port}", "HttpOnly; Max-Age=86400; Path=/; SameSite=strict"),
        (f"cloison-{port}-form", "HttpOnly; Path=/; SameSite=strict"),
    ]


def test_over_tls_the_cookies_go_over_tls_alone(case_folder: object) -> None:
    with running(case_folder, secure=True) as console:  # type: ignore[arg-type]
        entered = console.client().get("/enter", params={"token": console.served.door.once.renewed()})
    told = [header.split("; ", 1) for header in entered.headers.get_list("set-cookie")]
    assert [(pair.split("=")[0], rest) for pair, rest in told] == [
        ("__Host-cloison", "HttpOnly; Max-Age=86400; Path=/; SameSite=strict; Secure"),
        ("__Host-cloison-form", "HttpOnly; Path=/; SameSite=strict; Secure"),
    ]
    assert entered.headers["strict-transport-security"] == "max-age=31536000"


def test_what_is_kept_is_found_by_no_id_that_is_kept(console: Console) -> None:
    sessions = console.served.door.sessions
    cookie = sessions.begin(Person("ada", Role.LEAD), None)
    assert (cookie.value or "?") not in str(sessions._kept)


def test_two_consoles_of_one_machine_have_cookies_of_their_own() -> None:
    assert Settings(("127.0.0.1:1",), 1).cookie != Settings(("127.0.0.1:2",), 2).cookie
