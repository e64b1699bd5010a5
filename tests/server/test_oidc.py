"""Is what an identity provider says believed when it is its word for this login, and only then?"""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import oidc_provider_mock
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from tests.server.harness import Console, running

from cloison.model.roles import Role
from cloison.server.oidc import Provider

CLIENT = "console"


def provider(issuer: str) -> Provider:
    return Provider(issuer, CLIENT, "http://127.0.0.1/oidc/callback", "hush")


def came_back(location: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}


def begun(client: httpx.Client, leads_to: str = "/") -> dict[str, str]:
    """Begin a login: what the browser is asked to carry to the provider."""
    answer = client.get("/oidc/begin", params={"next": leads_to}, follow_redirects=False)
    assert answer.status_code == 303
    return {"to": answer.headers["location"], **came_back(answer.headers["location"])}


def test_a_real_provider_lets_in_whom_the_case_knows(case_folder: Path) -> None:
    with oidc_provider_mock.run_server_in_thread() as server:
        issuer = f"http://127.0.0.1:{server.server_port}"
        httpx.put(f"{issuer}/users/s-1", json={"email": "rob@corp.example", "email_verified": True}).raise_for_status()
        with running(case_folder, team=True, provider=provider(issuer)) as console:
            console.people.add("rob", Role.RESPONDER, outside="sub=s-1")
            for subject, entered in (("s-1", 200), ("s-2", 401)):
                client = console.client()
                to = begun(client, "/timeline")["to"]
                allowed = httpx.post(to, data={"sub": subject}, follow_redirects=False)
                assert allowed.status_code in {302, 303}, allowed.text
                answer = client.get(
                    "/oidc/callback", params=came_back(allowed.headers["location"]), follow_redirects=False
                )
                assert client.get("/api/v1/health").status_code == entered
                if entered == 200:
                    assert 'content="0; url=/timeline"' in answer.text
                    assert client.get("/api/v1/views").status_code == 200
                    assert client.get("/api/v1/people").status_code == 403


@dataclass
class Liar:
    """A provider that says what a test wants."""

    issuer: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "k1"}))
    claims: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=lambda: {"alg": "RS256", "kid": "k1"})
    signs_with: Any = None
    metadata: dict[str, Any] = field(default_factory=dict)
    nonce: str = ""
    form: dict[str, str] = field(default_factory=dict)
    login: str = ""
    status: int = 200

    def token(self) -> str:
        """What it says of who has logged in."""
        now = int(time.time())
        said = {"iss": self.issuer, "sub": "s-1", "aud": CLIENT, "exp": now + 60, "iat": now, "nonce": self.nonce}
        said = {name: value for name, value in (said | self.claims).items() if value is not None}
        if self.header["alg"] == "none":
            parts = (json.dumps(one).encode() for one in (self.header, said))
            return ".".join(base64.urlsafe_b64encode(one).rstrip(b"=").decode() for one in parts) + "."
        return jwt.encode(self.header, said, self.signs_with or self.key, algorithms=["RS256", "HS256"])


@pytest.fixture
def liar() -> Iterator[Liar]:
    one = Liar()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told = {
                "/.well-known/openid-configuration": {
                    "issuer": one.issuer,
                    "authorization_endpoint": f"{one.issuer}/authorize",
                    "token_endpoint": f"{one.issuer}/token",
                    "jwks_uri": f"{one.issuer}/keys",
                }
                | one.metadata,
                "/keys": {"keys": [one.key.as_dict(private=False)]},
            }[self.path]
            self.answer(told, 200)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            one.form = {name: values[0] for name, values in parse_qs(body).items()}
            one.login = self.headers.get("authorization", "")
            self.answer({"access_token": "a", "token_type": "Bearer", "id_token": one.token()}, one.status)

        def answer(self, told: object, status: int) -> None:
            body = json.dumps(told).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    one.issuer = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield one
    server.shutdown()
    server.server_close()


@pytest.fixture
def asking(liar: Liar, case_folder: Path) -> Iterator[Console]:
    with running(case_folder, team=True, provider=provider(liar.issuer)) as console:
        console.people.add("rob", Role.RESPONDER, outside="sub=s-1")
        console.people.add("eve", Role.LEAD, outside="email=lea@corp.example")
        yield console


def enter(console: Console, liar: Liar, **more: str) -> tuple[httpx.Client, httpx.Response]:
    client = console.client()
    asked = begun(client)
    liar.nonce = asked["nonce"]
    given = {"state": asked["state"], "code": "c", **more}
    return client, client.get("/oidc/callback", params=given, follow_redirects=False)


def test_the_login_is_bound_to_the_browser_the_client_and_the_code(asking: Console, liar: Liar) -> None:
    client = asking.client()
    asked = begun(client)
    assert {name: asked[name] for name in ("response_type", "client_id", "scope", "code_challenge_method")} == {
        "response_type": "code",
        "client_id": CLIENT,
        "scope": "openid email",
        "code_challenge_method": "S256",
    }
    liar.nonce = asked["nonce"]
    assert client.get("/oidc/callback", params={"state": asked["state"], "code": "c"}).status_code == 200
    challenge = base64.urlsafe_b64encode(hashlib.sha256(liar.form["code_verifier"].encode()).digest())
    assert challenge.rstrip(b"=").decode() == asked["code_challenge"]
    assert (liar.form["grant_type"], liar.form["code"]) == ("authorization_code", "c")
    assert liar.login == "Basic " + base64.b64encode(b"console:hush").decode()
    assert client.get("/api/v1/health").status_code == 200
    assert asking.said[-1] == "rob came in as responder from 127.0.0.1\n"


LIES: dict[str, dict[str, Any]] = {
    "of another login": {"claims": {"nonce": "another"}},
    "of no login": {"claims": {"nonce": None}},
    "for another client": {"claims": {"aud": "another"}},
    "for several clients, another asked": {"claims": {"aud": [CLIENT, "another"], "azp": "another"}},
    "for several clients, nobody asked": {"claims": {"aud": [CLIENT, "another"]}},
    "by another provider": {"claims": {"iss": "https://evil.example"}},
    "too old": {"claims": {"exp": 1_700_000_000}},
    "without an end": {"claims": {"exp": None}},
    "of nobody": {"claims": {"sub": None}},
    "unsigned": {"header": {"alg": "none"}},
    "signed by another": {"signs_with": RSAKey.generate_key(2048, {"kid": "k1"})},
    "signed with the secret of the client": {
        "header": {"alg": "HS256"}, "signs_with": OctKey.import_key(b"hush" * 16),
    },
    "refused": {"status": 400},
}  # fmt: skip


@pytest.mark.parametrize("lie", list(LIES))
def test_what_is_not_its_word_for_this_login_is_not_believed(asking: Console, liar: Liar, lie: str) -> None:
    for name, value in LIES[lie].items():
        setattr(liar, name, value)
    client, answer = enter(asking, liar)
    assert "came in" not in "".join(asking.said)
    assert answer.status_code == 403
    assert client.get("/api/v1/health").status_code == 401


def test_an_address_counts_when_the_provider_has_verified_it(asking: Console, liar: Liar) -> None:
    for verified in (None, False, "true"):
        liar.claims = {"sub": "s-9", "email": "lea@corp.example", "email_verified": verified}
        assert enter(asking, liar)[0].get("/api/v1/health").status_code == 401
    liar.claims = {"sub": "s-9", "email": "lea@corp.example", "email_verified": True}
    assert enter(asking, liar)[0].get("/api/v1/people").status_code == 200


def test_a_login_that_another_browser_began_lets_nobody_in(asking: Console, liar: Liar) -> None:
    mine, theirs = asking.client(), asking.client()
    asked = begun(mine)
    liar.nonce = asked["nonce"]
    given = {"state": asked["state"], "code": "c"}
    theirs.get("/oidc/callback", params=given)
    assert theirs.get("/api/v1/health").status_code == 401
    begun(theirs)
    theirs.get("/oidc/callback", params=given)
    assert theirs.get("/api/v1/health").status_code == 401
    assert mine.get("/oidc/callback", params=given).status_code == 200
    assert mine.get("/api/v1/health").status_code == 200


def test_a_login_ends_once_and_in_time(asking: Console, liar: Liar) -> None:
    client = asking.client()
    asked = begun(client)
    liar.nonce = asked["nonce"]
    asking.clock.now += 601
    client.get("/oidc/callback", params={"state": asked["state"], "code": "c"})
    assert client.get("/api/v1/health").status_code == 401
    assert "took too long" in asking.said[-1]


def test_the_answer_of_another_provider_is_refused(asking: Console, liar: Liar) -> None:
    assert enter(asking, liar, iss="https://evil.example")[0].get("/api/v1/health").status_code == 401
    assert enter(asking, liar, iss=liar.issuer)[0].get("/api/v1/health").status_code == 200


@pytest.mark.parametrize("error", ["access_denied", "<script>alert(1)</script>"])
def test_a_refusal_of_the_provider_is_told_as_a_word(asking: Console, liar: Liar, error: str) -> None:
    _, answer = enter(asking, liar, error=error)
    assert "<script>" not in answer.text
    assert answer.status_code == 403


def test_a_provider_that_calls_itself_otherwise_or_leads_elsewhere_is_not_asked(asking: Console, liar: Liar) -> None:
    for metadata in ({"issuer": "https://evil.example"}, {"token_endpoint": "http://evil.example/token"}):
        liar.metadata = metadata
        assert asking.client().get("/oidc/begin", follow_redirects=False).status_code in {403, 422}
        assert "authorize" not in asking.client().get("/oidc/begin", follow_redirects=False).headers.get("location", "")


def test_where_no_provider_is_named_there_is_no_such_page(team: Console) -> None:
    assert [team.client().get(path).status_code for path in ("/oidc/begin", "/oidc/callback")] == [404, 404]
