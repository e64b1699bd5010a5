"""Is a secret known by its shape, its title or its look, and named without being told?"""

import pytest

from cloison.model.secret import fingerprint, is_random, is_secret, logged_name, names_secret, tellable

TOKEN = "ghp_" + "a1B2c3D4e5F6" * 3


def test_a_token_of_github_has_the_name_that_its_audit_log_gives_it() -> None:
    assert logged_name(TOKEN) == "DIpeQ4o9bTb5pf3qLmsTTCcsGPqlRjebi7p5M7spH1o="


def test_another_secret_is_named_by_its_ends_and_its_hash() -> None:
    assert logged_name("xoxb-000000000000-abcdef") == "xoxb…cdef sha256:76c959eb0ff150e9"


def test_a_short_secret_gives_away_only_its_length() -> None:
    assert fingerprint(" hunter2 ") == "a secret of 7 characters"


@pytest.mark.parametrize(
    "text",
    [
        "AKIAPUMP000000000001",
        "00T1abcDEF2ghiJKL3mn",
        "1628a3b3-0000-4000-8000-000000000001",
        "2025-03-04T04:00:00+00:00",
        "arn:aws:iam::111122223333:user/svc-pump",
        "svc-pump@harbour.example",
        "https://wiki.harbour.example/A1b2C3d4E5f6G7",
    ],
)
def test_what_names_something_stays(text: str) -> None:
    assert tellable("note", text) == text


@pytest.mark.parametrize("text", [TOKEN, "k9Qz3LmW8xTfR2vYb7NcHs4J", "-----BEGIN PRIVATE KEY-----\nMIIE\n"])
def test_what_opens_a_door_does_not(text: str) -> None:
    assert text[4:-4] not in tellable("note", text)


def test_a_secret_of_no_shape_is_known_by_its_title() -> None:
    assert not is_secret("correct-horse-battery-staple")
    assert not is_random("correct-horse-battery-staple")
    assert tellable("Secret Access Key", "correct-horse-battery-staple") == "corr…aple sha256:87cbebfeebc05f7c"
    assert names_secret("clientSecret")
    assert not names_secret("secret_id")
