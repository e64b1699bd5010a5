"""Does the API do what its description says, whatever is asked? Drawn requests against the running server."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import CHECKS
from schemathesis.generation import GenerationMode
from tests.server.harness import Console, csrf

from cloison.model.roles import Role

EXAMPLES = 25
LEFT_OUT = {
    # What is well formed may still name a table, a column or a uid that the case has not: that is told by 422.
    "positive_data_acceptance",
    # A session is a cookie, which this check takes away with a header.
    "ignored_auth",
}


@pytest.fixture
def described(console: Console) -> schemathesis.BaseSchema:
    client = console.let_in(Role.LEAD)
    token = csrf(client)
    cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    headers = {"cookie": cookies, "x-csrftoken": token}
    return schemathesis.openapi.from_url(f"{console.base}/api/openapi.json", headers=headers)


def test_it_is_openapi_and_describes_every_route(console: Console) -> None:
    told = console.let_in(Role.VIEWER).get("/api/openapi.json").json()
    assert told["openapi"] == "3.1.0"
    paths = {route.path for route in console.served.routes.routes if route.path.startswith("/api/v1")}
    assert {path.replace(":str", "").replace(":int", "") for path in paths} == set(told["paths"])
    for path, methods in told["paths"].items():
        for method, one in methods.items():
            assert one["summary"], (method, path)
            assert one["description"], (method, path)
            assert "application/problem+json" in one["responses"]["401"]["content"], (method, path)


def operations() -> list[str]:
    """Every operation of the API, as the test of roles lists them."""
    from tests.server.test_roles import TABLE

    return sorted(one for one in TABLE if " /api/v1/" in one)


@pytest.mark.parametrize("operation", operations())
def test_whatever_is_asked_the_answer_is_one_that_is_described(console: Console, operation: str) -> None:
    method, path = operation.split(" ")
    client = console.let_in(Role.LEAD)
    headers = {"cookie": "", "x-csrftoken": csrf(client)}
    headers["cookie"] = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    schema = schemathesis.openapi.from_url(f"{console.base}/api/openapi.json", headers=headers)
    asked = schema[path][method]
    excluded = [check for name, check in CHECKS.items() if name in LEFT_OUT] if False else []
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
        strategy = asked.as_strategy(generation_mode=mode)

        @settings(max_examples=EXAMPLES, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
                  suppress_health_check=list(HealthCheck))
        def ask(case: schemathesis.Case) -> None:
            case.call_and_validate(headers=headers, excluded_checks=excluded)

        from hypothesis import given

        given(case=strategy)(ask)()
