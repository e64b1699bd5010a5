"""Does the API do what its description says, whatever is asked? Requests are drawn against the running server."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.server.harness import Console, csrf, running

from cloison.model.roles import Role

LEFT_OUT = (
    "positive_data_acceptance",  # what is well formed may name what this case has not, which is told by 422
    "ignored_auth",  # a session is a cookie that is handed on as a header, and which role may what is tested by itself
)


def carried(asked: Console, by: str) -> list[str]:
    """What each request says of who asks, a lead: the headers of a session, or a key."""
    if by == "key":
        return ["--header", f"authorization: {asked.program(Role.LEAD).headers['authorization']}"]
    client = asked.let_in(Role.LEAD)
    token = csrf(client)
    cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    return ["--header", f"cookie: {cookies}", "--header", f"x-csrftoken: {token}"]


@pytest.fixture(scope="module")
def asked(answered: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    folder = Path(shutil.copytree(answered, tmp_path_factory.mktemp("asked") / "case"))
    with running(folder, requests_a_minute=10_000_000) as one:
        yield one


def test_it_is_openapi_and_describes_every_route(asked: Console) -> None:
    told = asked.let_in(Role.VIEWER).get("/api/openapi.json").json()
    assert told["openapi"] == "3.1.0"
    paths = {route.path for route in asked.served.routes.routes if route.path.startswith("/api/v1")}
    assert {path.replace(":str", "").replace(":int", "") for path in paths} == set(told["paths"])
    for path, methods in told["paths"].items():
        for method, one in methods.items():
            assert one["summary"], (method, path)
            assert "application/problem+json" in one["responses"]["401"]["content"]


def test_it_names_both_ways_to_come_in_and_what_no_key_opens(asked: Console) -> None:
    told = asked.let_in(Role.VIEWER).get("/api/openapi.json").json()
    schemes = told["components"]["securitySchemes"]
    assert {name: (one["type"], one.get("scheme"), one.get("in")) for name, one in schemes.items()} == {
        "key": ("http", "bearer", None),
        "session": ("apiKey", None, "cookie"),
    }
    assert schemes["session"]["name"] == asked.served.door.settings.cookie
    assert told["security"] == [{"key": []}, {"session": []}]
    routes = [(path, one) for path, methods in told["paths"].items() for one in methods.values()]
    alone = {path for path, one in routes if one.get("security") == [{"session": []}]}
    assert alone == {"/api/v1/people", "/api/v1/people/{name}", "/api/v1/keys", "/api/v1/keys/{name}"}


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("by", ["session", "key"])
def test_whatever_is_asked_the_answer_is_one_that_is_described(asked: Console, tmp_path: Path, by: str) -> None:
    schemathesis = Path(sys.executable).with_name("schemathesis")
    command = [
        str(schemathesis), "run", f"{asked.base}/api/openapi.json", *carried(asked, by),
        "--generation-with-security-parameters", "false", "--exclude-checks", ",".join(LEFT_OUT), "--max-examples", "6",
        "--generation-deterministic", "--seed", "1", "--no-color",
        "--phases", "examples,coverage,fuzzing",
    ]  # fmt: skip
    ran = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path, timeout=800)
    assert ran.returncode == 0, ran.stdout[-8000:] + ran.stderr[-2000:]
    assert not [one for one in asked.said if "Traceback" in one]
