"""Is what would open a case to strangers refused, and does the console begin and end well?"""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from tests.service.harness import INSTALLED, SOURCE

from cloison.errors import InputError
from cloison.server.starting import Wanted, check, settings_of

PEM = Path("a.pem")
_RUN = f"""
{INSTALLED}
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # as at a terminal, also where tests run in the background
from cloison.cli.main import main
main()
"""


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (Wanted("0.0.0.0", 1), "beyond this machine people log in: add --team"),
        (Wanted("0.0.0.0", 1), "beyond this machine only with TLS"),
        (Wanted("0.0.0.0", 1, team=True), "beyond this machine only with TLS"),
        (Wanted("192.0.2.1", 1, team=True), "beyond this machine only with TLS"),
        (Wanted("::", 1, team=True), "beyond this machine only with TLS"),
        (Wanted("console.corp.example", 1, team=True), "beyond this machine only with TLS"),
        (Wanted("192.0.2.1", 1, cert=PEM, key=PEM, names=("a",)), "beyond this machine people log in"),
        (Wanted("127.0.0.1", 1, proxy="127.0.0.1", names=("a",)), "behind a proxy people log in"),
        (Wanted("127.0.0.1", 1, team=True, proxy="127.0.0.1"), "browsers ask under a name"),
        (Wanted("127.0.0.1", 1, cert=PEM), "--cert and --key go together"),
        (
            Wanted("127.0.0.1", 1, team=True, cert=PEM, key=PEM, proxy="::1", names=("a",)),
            "there is no proxy to believe",
        ),
        (Wanted("127.0.0.1", 1, issuer="https://id.example", client_id="c"), "an identity provider is for a team"),
        (
            Wanted("127.0.0.1", 1, team=True, issuer="https://id.example"),
            "--oidc-issuer and --oidc-client-id go together",
        ),
    ],
)
def test_what_would_open_the_case_to_strangers_is_refused(wanted: Wanted, said: str) -> None:
    with pytest.raises(InputError, match=re.escape(said)):
        check(wanted)


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted("127.0.0.1", 1),
        Wanted("::1", 1),
        Wanted("127.0.0.53", 1),
        Wanted("localhost", 1),
        Wanted("127.0.0.1", 1, team=True),
        Wanted("0.0.0.0", 1, team=True, cert=PEM, key=PEM, names=("a",)),
        Wanted("0.0.0.0", 1, team=True, proxy="192.0.2.1", names=("a",)),
    ],
)
def test_what_does_not_is_not(wanted: Wanted) -> None:
    check(wanted)


def test_an_identity_provider_without_tls_is_refused() -> None:
    wanted = Wanted("127.0.0.1", 1, team=True, issuer="http://id.example", client_id="c")
    with pytest.raises(InputError, match="an identity provider is asked over TLS alone"):
        settings_of(wanted, 1)


def test_how_it_is_reached_follows_from_what_is_wanted() -> None:
    alone = settings_of(Wanted("127.0.0.1", 0), 7423)
    assert (alone.hosts, alone.secure, alone.team) == (("127.0.0.1:7423", "localhost:7423"), False, False)
    assert alone.base == "http://127.0.0.1:7423"
    six = settings_of(Wanted("::1", 0), 7423)
    assert six.hosts == ("[::1]:7423", "localhost:7423")
    wanted = Wanted(
        "127.0.0.1",
        1,
        True,
        proxy="127.0.0.1",
        names=("case.corp.example",),
        issuer="https://id.example",
        client_id="c",
    )
    team = settings_of(wanted, 7423)
    assert (team.hosts, team.secure, team.team) == (("case.corp.example",), True, True)
    assert (team.lasts.idle_seconds, team.lasts.whole_seconds) == (1800, 43200)
    assert team.provider is not None
    assert team.provider.redirect_uri == "https://case.corp.example/oidc/callback"


def started(*arguments: "str | Path") -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", _RUN, "serve", *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    return subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)


def link_of(process: "subprocess.Popen[str]") -> str:
    assert process.stderr is not None
    found = re.search(r"http://\S+", process.stderr.readline())
    assert found is not None
    return found[0]


@pytest.mark.parametrize("ends_with", [signal.SIGINT, signal.SIGTERM])
def test_it_prints_its_link_on_stderr_and_ends_cleanly(case_folder: Path, ends_with: signal.Signals) -> None:
    process = started(case_folder, "--port", "0")
    link = link_of(process)
    with httpx.Client(timeout=30) as client:
        assert client.get(link).status_code == 200
        base = link.split("/enter")[0]
        assert client.get(f"{base}/api/v1/health").json()["case"] == "case"
    process.send_signal(ends_with)
    out, err = process.communicate(timeout=30)
    assert process.returncode in {0, -ends_with, 128 + ends_with}
    assert out == ""
    assert "Traceback" not in err
    assert "the console has ended" in err or ends_with is signal.SIGTERM


def test_ended_while_answers_are_being_made_it_leaves_a_case_that_goes_on(case_folder: Path) -> None:
    for made in (case_folder / "results").iterdir():
        made.unlink()
    process = started(case_folder, "--port", "0")
    link_of(process)
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "Traceback" not in err
    again = started(case_folder, "--port", "0")
    link = link_of(again)
    with httpx.Client(timeout=60) as client:
        client.get(link)
        base = link.split("/enter")[0]
        until = time.monotonic() + 60
        while client.get(f"{base}/api/v1/answers").status_code == 503:
            assert time.monotonic() < until
            time.sleep(0.2)
        assert client.get(f"{base}/api/v1/answers").json()["account"]["stored"] == 300
    again.send_signal(signal.SIGINT)
    again.communicate(timeout=60)


def ended(*arguments: "str | Path") -> tuple[int, str]:
    process = started(*arguments)
    _, err = process.communicate(timeout=60)
    return process.returncode, err


def test_a_port_that_is_taken_is_an_error_that_says_so(case_folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, err = ended(case_folder, "--port", str(port))
    assert code == 2
    remedy = "(name another with --port; 0 takes a free one)"
    assert err == f"cloison: 127.0.0.1:{port}: cannot listen there: Address already in use {remedy}\n"


def test_no_case_and_no_lead_are_errors_that_say_so(case_folder: Path, tmp_path: Path) -> None:
    assert ended(tmp_path / "none") == (
        4,
        f"cloison: {tmp_path}/none: no case here (`cloison take` or `investigate` makes one)\n",
    )
    code, err = ended(case_folder, "--team", "--port", "0")
    assert code == 2
    assert "nobody is a lead of this case" in err


def test_tls_of_its_own(case_folder: Path, tmp_path: Path) -> None:
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", cert],
        check=True, capture_output=True,
    )  # fmt: skip
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = started(case_folder, "--port", str(port), "--cert", cert, "--key", key, "--name", f"localhost:{port}")
    try:
        assert process.stderr is not None
        link = re.search(r"https://\S+", process.stderr.readline())
        assert link is not None
        with httpx.Client(verify=str(cert), timeout=30) as client:
            entered = client.get(link[0])
            assert entered.headers["set-cookie"].startswith("__Host-cloison=")
            assert client.get(f"https://localhost:{port}/api/v1/health").status_code == 200
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
