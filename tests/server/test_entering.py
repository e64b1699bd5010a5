"""Does the one-time link let in once, and a shared link to one view for as long as it holds?"""

import sqlite3

import httpx
import pytest
from tests.server.harness import Console, csrf

from cloison.model.roles import Role
from cloison.service.marking import marks, withdraw
from cloison.service.marking_views import save_view, share


def shared(console: Console) -> tuple[str, int, int]:
    """The secret of a link, its number, and the number of its view."""
    view = save_view(console.case, "night", "/timeline", "", who="lea")
    secret, made = share(console.case, view.number, days=1, who="lea")
    return secret, made.number, view.number


def test_the_link_lets_in_once_and_leads_to_the_first_page(console: Console) -> None:
    token = console.served.door.once.renewed()
    client, second = console.client(), console.client()
    entered = client.get("/enter", params={"token": token})
    assert entered.status_code == 200
    assert 'content="0; url=/"' in entered.text
    assert client.get("/api/v1/health").status_code == 200
    assert second.get("/enter", params={"token": token}, follow_redirects=False).status_code == 403
    assert second.get("/api/v1/health").status_code == 401
    assert client.get("/api/v1/health").status_code == 200


@pytest.mark.parametrize("token", ["", "x", "é", "%00", "a" * 5000])
def test_a_wrong_token_lets_nobody_in_and_does_not_spend_the_right_one(console: Console, token: str) -> None:
    right = console.served.door.once.renewed()
    wrong = console.client()
    assert wrong.get("/enter", params={"token": token}).status_code == 403
    assert wrong.get("/api/v1/health").status_code == 401
    assert console.client().get("/enter", params={"token": right}).status_code == 200


def test_a_team_has_no_link_that_works_once(team: Console) -> None:
    client = team.client()
    client.get("/enter", params={"token": team.served.door.once.renewed()})
    assert client.get("/api/v1/health").status_code == 401


def test_a_shared_link_lets_in_as_a_guest_of_its_view_and_of_nothing_else(console: Console) -> None:
    secret, _, view = shared(console)
    client = console.client()
    entered = client.get(f"/shared/{secret}")
    assert entered.status_code == 200
    assert f'content="0; url=/view/{view}"' in entered.text
    for path in ("/", "/api/v1/answers", "/api/v1/marks", "/api/v1/people"):
        assert client.get(path).status_code == 403, path
    assert "as guest" in console.said[-1]
    assert secret not in "".join(console.said)


def test_a_link_that_is_taken_back_ends_the_sessions_that_it_began(console: Console) -> None:
    secret, number, _ = shared(console)
    client = console.client()
    client.get(f"/shared/{secret}")
    assert client.get("/api/v1/marks").status_code == 403
    withdraw(console.case, number, who="lea", any_of=True)
    assert client.get("/api/v1/marks").status_code == 401
    assert console.client().get(f"/shared/{secret}").status_code == 404


def test_who_guesses_links_waits(case_folder: object, team: Console) -> None:
    secret, _, _ = shared(team)
    client = team.client()
    assert [client.get(f"/shared/{number}").status_code for number in range(22)] == [404] * 22
    assert client.get(f"/shared/{secret}").status_code == 404
    team.clock.now += 10
    assert client.get(f"/shared/{secret}").status_code == 200


def test_a_broken_logbook_lets_no_guest_in_beyond_the_break(team: Console) -> None:
    secret, _, _ = shared(team)
    with sqlite3.connect(team.case.folder / "logbook.sqlite") as base:
        base.execute("DROP TRIGGER unchanged")
        base.execute("UPDATE entry SET who = 'eve' WHERE number = 2")
    assert marks(team.case).broken
    assert team.client().get(f"/shared/{secret}").status_code == 404


def test_who_leaves_is_out(console: Console) -> None:
    client = console.let_in(Role.LEAD)
    before = dict(client.cookies)
    assert client.post("/logout", data={"_csrf_token": csrf(client)}, follow_redirects=False).status_code == 303
    assert client.get("/api/v1/health").status_code == 401
    assert httpx.get(f"{console.base}/api/v1/health", cookies=before).status_code == 401
