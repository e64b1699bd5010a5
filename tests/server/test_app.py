"""Does every answer carry its headers, is every other name refused, and does no path lead out?"""

import socket
import zipfile
from pathlib import Path

import pytest
from tests.server.harness import PASSWORD, Console, csrf, running
from tests.service.harness import asked

from cloison.model.roles import Role
from cloison.server.settings import Settings
from cloison.service.managing import add_person

HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "x-robots-tag": "noindex",
    "cache-control": "no-store",
}
ASKED = {
    "a page": ("GET", "/", 200),
    "no such page": ("GET", "/nowhere", 404),
    "a program": ("GET", "/api/v1/answers", 200),
    "no such table": ("GET", "/api/v1/tables/nowhere", 422),
    "a wrong argument": ("GET", "/api/v1/tables/scope?limit=x", 400),
    "not allowed": ("GET", "/api/v1/people", 403),
    "no token of a form": ("POST", "/logout", 403),
    "no such method": ("PUT", "/", 405),
    "the methods": ("OPTIONS", "/", 403),
    "a download": ("GET", "/api/v1/exports/stix", 200),
}


@pytest.mark.parametrize("name", list(ASKED))
def test_every_answer_carries_the_headers(console: Console, name: str) -> None:
    method, path, status = ASKED[name]
    answer = console.let_in(Role.VIEWER).request(method, path)
    assert answer.status_code == status, answer.text
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert "server" not in answer.headers
    assert "access-control-allow-origin" not in answer.headers


def test_who_is_nobody_and_the_looks_of_a_page_have_them_too(console: Console) -> None:
    client = console.client()
    for path in ("/", "/api/v1/answers", "/login", "/enter"):
        answer = client.get(path, follow_redirects=False)
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    style = client.get("/static/console.css")
    assert style.headers["content-security-policy"] == HEADERS["content-security-policy"]
    assert style.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:{port}",
        "127.0.0.1",
        "127.0.0.1:1",
        "127.0.0.1:{port}.evil.example",
        "",
        "x" * 3000,
    ],
)
def test_under_another_name_nothing_is_answered(console: Console, host: str) -> None:
    """A page elsewhere whose name was made to lead here (DNS rebinding) asks under its own name."""
    client = console.let_in(Role.LEAD)
    named = host.format(port=console.served.door.settings.port)
    for more in ({}, {"x-forwarded-host": f"127.0.0.1:{console.served.door.settings.port}"}):
        answer = client.get("/api/v1/answers", headers={"host": named, **more})
        assert answer.status_code == 400
        assert answer.json() == {"message": "invalid host header"}
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_under_its_own_names_it_answers(console: Console) -> None:
    client, port = console.let_in(Role.LEAD), console.served.door.settings.port
    assert [
        client.get("/api/v1/health", headers={"host": f"{name}:{port}"}).status_code
        for name in ("127.0.0.1", "localhost")
    ] == [200, 200]


PATHS = [
    "/static/../people.sqlite",
    "/static/%2e%2e/rendering.py",
    "/static/..%2frendering.py",
    "/static/....//rendering.py",
    "/static//etc/passwd",
    "/static/%2fetc%2fpasswd",
    "/static/..%5crendering.py",
    "/static/%00",
    "/static/",
    "/../../etc/passwd",
    "/api/v1/exports/..%2f..%2fcase.toml",
    "/api/v1/exports/%2fetc%2fpasswd",
    "/api/v1/tables/..%2f..%2fcase.toml",
    "/api/v1/tables/read_text('case.toml')",
    "/case.toml",
    "/evidence/",
]


@pytest.mark.parametrize("path", PATHS)
def test_no_path_leads_to_a_file_that_is_not_the_consoles(console: Console, path: str) -> None:
    """Asked over a bare socket, for a client would tidy the path."""
    cookies = console.let_in(Role.LEAD).cookies
    port = console.served.door.settings.port
    lines = [f"GET {path} HTTP/1.1", f"host: 127.0.0.1:{port}", "connection: close"]
    lines += [f"cookie: {name}={value}" for name, value in cookies.items()]
    with socket.create_connection(("127.0.0.1", port), timeout=10) as wire:
        wire.sendall("\r\n".join([*lines, "", ""]).encode())
        told = b""
        while piece := wire.recv(65_536):
            told += piece
    assert int(told.split()[1]) in {400, 404, 405, 422}, told[:200]
    for held in (b"root:", b"SQLite format", b"import ", b"written_by"):
        assert held not in told.split(b"\r\n\r\n", 1)[1]


def test_a_page_of_another_site_changes_nothing(console: Console) -> None:
    """It can send a form, but neither reads the token nor has the browser send the cookies."""
    client = console.let_in(Role.LEAD)
    csrf(client)
    before = console.case.logbook().entries()
    data = {"kind": "star", "about": "e1"}
    plain = {"content-type": "text/plain", "origin": "https://evil.example"}
    assert client.post("/api/v1/marks", content=b'{"kind":"star","about":"e1"}', headers=plain).status_code == 403
    assert client.post("/api/v1/marks", data=data, headers={"origin": "https://evil.example"}).status_code == 403
    assert console.client().post("/api/v1/marks", json=data).status_code == 403
    assert console.case.logbook().entries() == before


def test_a_body_that_is_too_long_is_not_read(console: Console) -> None:
    client = console.let_in(Role.LEAD)
    headers = {"x-csrftoken": csrf(client)}
    answer = client.post(
        "/api/v1/marks", json={"kind": "comment", "about": "e1", "text": "x" * (2 << 20)}, headers=headers
    )
    assert answer.status_code == 413


def test_who_asks_without_end_is_slowed_down(case_folder: Path) -> None:
    with running(case_folder, requests_a_minute=20) as console:
        client = console.let_in(Role.LEAD)
        answers = [client.get("/api/v1/health").status_code for _ in range(25)]
    assert answers == [200] * 20 + [429] * 5


def test_a_fault_of_cloison_tells_the_terminal_all_and_the_browser_nothing(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr(console.served.door.desk, "standing", broken)
    answer = console.let_in(Role.LEAD).get("/api/v1/health")
    assert answer.status_code == 500
    assert answer.json() == {"title": "A fault of cloison", "status": 500}
    assert "the secret of the house" not in answer.text
    assert "RuntimeError: the secret of the house" in console.said[-1]


def test_the_secret_of_forms_is_of_one_run(case_folder: Path) -> None:
    with running(case_folder) as one:
        first = one.client()
        token = csrf(first)
    with running(case_folder) as two:
        client = two.let_in(Role.LEAD)
        client.cookies.set(two.served.door.settings.csrf_cookie, token)
        assert client.post("/logout", headers={"x-csrftoken": token}).status_code == 403


def test_people_are_in_no_seal_and_no_export(case_folder: Path, tmp_path: Path) -> None:
    add_person(case_folder, "zoe", Role.LEAD, password=PASSWORD, by="root")
    sealed, key = tmp_path / "case.seal", tmp_path / "key.pem"
    asked("seal", case_folder, "-o", sealed, "--with-evidence", "--key", key, "-q")
    with zipfile.ZipFile(sealed) as archive:
        assert not [name for name in archive.namelist() if "people" in name]
        held = b"".join(archive.read(name) for name in archive.namelist())
    assert b"argon2" not in held
    for form in ("csv", "stix", "case-uco"):
        asked("export", case_folder, "--format", form, "-o", tmp_path / form, "-q")
    assert not list((tmp_path / "csv").glob("*people*"))


def test_settings_show_no_secret() -> None:
    assert "hush" not in repr(Settings(("a",), 1, secret="hush"))  # noqa: S106  # of nobody
