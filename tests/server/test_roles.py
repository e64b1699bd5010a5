"""Who may do what, on every route that there is? The table stands here a second time, so that no change is unseen."""

import re
import time
from collections.abc import Iterator

import httpx
import pytest
from litestar import Litestar, get
from litestar.routes import HTTPRoute
from litestar.testing import TestClient
from tests.server.harness import Console, csrf

from cloison.model.roles import Role
from cloison.server.guard import allowed

NOBODY = "nobody"
EVERYBODY = {NOBODY, "guest", "viewer", "responder", "lead"}
INSIDE = {"guest", "viewer", "responder", "lead"}
READ = {"viewer", "responder", "lead"}
MARK = {"responder", "lead"}
LEAD = {"lead"}

TABLE: dict[str, set[str]] = {
    "GET /enter": EVERYBODY,
    "GET /shared/{secret}": EVERYBODY,
    "GET /login": EVERYBODY,
    "POST /login": EVERYBODY,
    "GET /oidc/begin": EVERYBODY,
    "GET /oidc/callback": EVERYBODY,
    "GET /static/{file_path}": EVERYBODY,
    "HEAD /static/{file_path}": EVERYBODY,
    "POST /logout": INSIDE,
    "GET /": READ,
    "GET /coverage": READ,
    "GET /credentials": READ,
    "GET /detections": READ,
    "GET /graph": READ,
    "GET /help": READ,
    "GET /notes": READ,
    "GET /pivot": READ,
    "GET /record/{uid}": READ,
    "GET /scope": READ,
    "GET /session/{uid}": READ,
    "GET /table/{name}": READ,
    "GET /timeline": READ,
    "GET /view/{number}": INSIDE,
    "POST /marks": MARK,
    "POST /marks/withdraw": READ,
    "POST /reports": READ,
    "POST /shares": LEAD,
    "GET /seal": LEAD,
    "POST /seal": LEAD,
    "POST /seal/preview": LEAD,
    "POST /seal/stop": LEAD,
    "POST /seal/remove": LEAD,
    "GET /seal/{number}/file": LEAD,
    "GET /keys": LEAD,
    "POST /keys": LEAD,
    "POST /keys/revoke": LEAD,
    "POST /views": MARK,
    "GET /api": READ,
    "GET /api/{path}": READ,
    "GET /api/openapi.json": READ,
    "GET /api/v1/health": READ,
    "GET /api/v1/answers": READ,
    "GET /api/v1/verify": READ,
    "GET /api/v1/logbook": READ,
    "GET /api/v1/rules": READ,
    "GET /api/v1/sources": READ,
    "GET /api/v1/tables": READ,
    "GET /api/v1/tables/{table}": READ,
    "GET /api/v1/tables/{table}/histogram": READ,
    "GET /api/v1/tables/{table}/tally": READ,
    "GET /api/v1/event": READ,
    "GET /api/v1/explain": READ,
    "GET /api/v1/pivot": READ,
    "GET /api/v1/marks": READ,
    "POST /api/v1/marks": MARK,
    "POST /api/v1/reports": READ,
    "DELETE /api/v1/marks/{number}": READ,
    "GET /api/v1/views": READ,
    "POST /api/v1/views": MARK,
    "GET /api/v1/shares": LEAD,
    "POST /api/v1/views/{number}/shares": LEAD,
    "GET /api/v1/people": LEAD,
    "POST /api/v1/people": LEAD,
    "PATCH /api/v1/people/{name}": LEAD,
    "DELETE /api/v1/people/{name}": LEAD,
    "GET /api/v1/seals": LEAD,
    "POST /api/v1/seals": LEAD,
    "POST /api/v1/seals/preview": LEAD,
    "POST /api/v1/seals/stop": LEAD,
    "GET /api/v1/seals/{number}/file": LEAD,
    "DELETE /api/v1/seals/{number}": LEAD,
    "GET /api/v1/keys": LEAD,
    "POST /api/v1/keys": LEAD,
    "DELETE /api/v1/keys/{name}": LEAD,
    "GET /api/v1/exports": READ,
    "GET /api/v1/exports/{form}": READ,
}
NO_KEY = {
    "GET /api/v1/people",
    "POST /api/v1/people",
    "PATCH /api/v1/people/{name}",
    "DELETE /api/v1/people/{name}",
    "GET /api/v1/keys",
    "POST /api/v1/keys",
    "DELETE /api/v1/keys/{name}",
}
"""What no key opens, whatever its role."""
FILLED = {
    "{path}": "x",
    "{uid}": "u",
    "{secret}": "x",
    "{file_path}": "console.css",
    "{table}": "scope",
    "{number}": "7777",
    "{name}": "nn",
    "{form}": "x",
}


BEGINS_A_COPY = {"POST /seal", "POST /api/v1/seals"}


def routes(app: Litestar) -> Iterator[str]:
    """Every method and path that is registered, save OPTIONS, which answers with the methods alone."""
    for route in app.routes:
        assert isinstance(route, HTTPRoute), route.path
        path = re.sub(r"\{(\w+):\w+\}", r"{\1}", route.path)
        yield from (f"{method} {path}" for method in sorted(route.methods) if method != "OPTIONS")


def test_every_route_stands_in_the_table(console: Console) -> None:
    assert set(routes(console.served.routes)) == set(TABLE)


def asked(client: httpx.Client, route: str, token: str) -> httpx.Response:
    """Ask a route for nothing that it could do, with what a form carries."""
    method, path = route.split(" ")
    for hole, value in FILLED.items():
        path = path.replace(hole, value)
    assert "{" not in path, path
    headers = {"x-csrftoken": token}
    body: dict[str, str] | None = {} if method in {"POST", "PATCH"} else None
    answer = client.request(method, path, json=body, headers=headers, follow_redirects=False)
    if route in BEGINS_A_COPY and not refused(answer):
        at_rest(client)
    return answer


def at_rest(client: httpx.Client) -> None:
    """Wait for the copy that was begun: when it is made, that is written into the logbook."""
    for _ in range(600):
        if client.get("/api/v1/seals").json()["making"]["state"] != "making":
            return
        time.sleep(0.1)
    raise AssertionError("a copy is made for a minute")


def refused(answer: httpx.Response) -> bool:
    """Whether someone was not let through: told so, or led to where one logs in."""
    return answer.status_code in {401, 403} or (
        answer.status_code == 303 and answer.headers["location"].startswith("/login?")
    )


@pytest.mark.parametrize("who", sorted(EVERYBODY))
@pytest.mark.parametrize("route", sorted(TABLE))
def test_who_may_not_cannot_and_who_may_can(console: Console, route: str, who: str) -> None:
    client = console.client() if who == NOBODY else console.let_in(Role(who), guest=who == "guest")
    token = csrf(client)
    entries = len(console.case.logbook().entries())
    answer = asked(client, route, token)
    if route in {"GET /enter", "GET /oidc/callback", "GET /oidc/begin", "POST /login", "GET /shared/{secret}"}:
        assert answer.status_code in {400, 401, 403, 404}  # let through, and refused for what was given
        assert client.get("/api/v1/health").status_code == (200 if who in READ else 403 if who == "guest" else 401)
        return
    if who == "guest" and route == "GET /view/{number}":
        assert answer.status_code == 403  # for it is another view than the link's
        return
    assert refused(answer) is (who not in TABLE[route]), (answer.status_code, answer.text)
    if who not in TABLE[route]:
        assert answer.status_code == (403 if who != NOBODY else 401 if "/api" in route or "POST" in route else 303)
        assert len(console.case.logbook().entries()) == entries


@pytest.fixture(scope="module")
def programs(console: Console) -> dict[Role, httpx.Client]:
    return {role: console.program(role) for role in (Role.VIEWER, Role.RESPONDER, Role.LEAD)}


@pytest.mark.parametrize("role", [Role.VIEWER, Role.RESPONDER, Role.LEAD])
@pytest.mark.parametrize("route", sorted(TABLE))
def test_a_key_opens_of_the_api_what_its_role_may_and_nothing_else(
    console: Console, programs: dict[Role, httpx.Client], route: str, role: Role
) -> None:
    client = programs[role]
    entries = len(console.case.logbook().entries())
    answer = asked(client, route, "")
    if " /api" not in route:  # there it is nobody
        assert refused(answer) or NOBODY in TABLE[route], (answer.status_code, answer.text)
        assert console.served.door.settings.cookie not in answer.cookies
        return
    lets_in = str(role) in TABLE[route] and route not in NO_KEY
    assert refused(answer) is not lets_in, (answer.status_code, answer.text)
    assert "set-cookie" not in answer.headers
    if not lets_in:
        assert answer.status_code == 403
        assert len(console.case.logbook().entries()) == entries


@pytest.mark.parametrize("route", [one for one in sorted(TABLE) if one.split(" ")[0] in {"POST", "PATCH", "DELETE"}])
def test_without_the_token_of_a_form_nothing_is_changed(console: Console, route: str) -> None:
    client = console.let_in(Role.LEAD)
    csrf(client)
    stranger = console.client()
    for token in ("", "x", csrf(stranger), "0" * 128):
        answer = asked(client, route, token)
        assert answer.status_code == 403, (token, answer.text)
        assert "CSRF token verification failed" in answer.text
    assert client.get("/api/v1/health").status_code == 200


def test_a_guest_sees_the_view_of_the_link_and_no_other(console: Console) -> None:
    client = console.let_in(Role.GUEST, guest=True)
    numbers = [one.number for one in console.case.logbook().entries() if one.kind == "view"]
    answers = {number: client.get(f"/view/{number}", follow_redirects=False).status_code for number in numbers}
    assert answers[numbers[-1]] == 200
    assert set(list(answers.values())[:-1]) <= {403}


def test_a_route_that_states_no_verb_is_refused_to_all() -> None:
    @get("/bare", sync_to_thread=False)
    def bare() -> str:
        return "seen"

    with TestClient(Litestar([bare], guards=[allowed])) as client:
        answer = client.get("/bare")
    assert answer.status_code == 403
    assert "seen" not in answer.text
