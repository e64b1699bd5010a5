"""Is what stands in every log flagged, and does the case have the last word?"""

import hashlib

import pytest

from cloison.hunt.intel import Caution, Cautions, caution_about
from cloison.model.indicator import Indicator, IndicatorKind


def about(kind: str, value: str, *said: Caution) -> str:
    return caution_about(Indicator(IndicatorKind(kind), value, value, "t"), Cautions.of(said))


@pytest.mark.parametrize(
    ("kind", "value", "why"),
    [
        ("ip", "8.8.8.8", "a public DNS resolver"),
        ("ip", "2606:4700:4700::1111", "a public DNS resolver"),
        ("ip", "10.1.2.3", "in 10.0.0.0/8: a private network"),
        ("ip", "fe80::1", "in fe80::/10: the link itself"),
        ("cidr", "0.0.0.0/0", "in 0.0.0.0/8: this network itself"),
        ("cidr", "203.0.0.0/8", "203.0.0.0/8 is as wide as many organisations"),
        ("range", "192.168.0.1-192.168.0.9", "in 192.168.0.0/16: a private network"),
        ("domain", "www.google.com", "a well-known name that machines everywhere ask for"),
        ("domain", "github.com", "a name below which anybody may publish"),
        ("domain", "github.io", "a name below which anybody may publish"),
        ("url", "https://github.com/", "a name below which anybody may publish"),
        ("url", "https://attack.mitre.org/techniques/T1078/", "a site that publishes accounts of attacks"),
        ("md5", hashlib.md5(b"", usedforsecurity=False).hexdigest(), "the hash of an empty file, or of one mark"),
        ("sha256", "0" * 64, "no hash of anything: one digit repeated"),
        ("file_name", "svchost.exe", "a file that every system has"),
        ("account", "administrator", "an account that every system has"),
        ("as_number", "AS13335", "a provider's whole network, with its every customer"),
    ],
)
def test_flagged(kind: str, value: str, why: str) -> None:
    assert about(kind, value) == why


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("ip", "203.0.113.7"),
        ("ip", "2001:db8::1"),
        ("cidr", "198.51.100.0/24"),
        ("domain", "evil.example"),
        ("domain", "evil.github.io"),
        ("domain", "notgoogle.com"),
        ("url", "https://github.com/evil/x"),
        ("file_name", "drop.exe"),
        ("account", "svc-sheets"),
        ("as_number", "AS64500"),
    ],
)
def test_not_flagged(kind: str, value: str) -> None:
    assert about(kind, value) == ""


def test_the_case_has_the_last_word() -> None:
    assert about("ip", "8.8.8.8", Caution("8.8.8.8", "", follow=True)) == ""
    assert about("ip", "203.0.113.7", Caution("203.0.113.0/24", "our way out")) == "our way out"
    assert about("domain", "mail.our.example", Caution("our.example", "ours")) == "ours"
    assert about("domain", "evil.example", Caution("our.example", "ours")) == ""
    both = (Caution("203.0.113.0/24", "our way out"), Caution("203.0.113.7", "", follow=True))
    assert about("ip", "203.0.113.7", *both) == ""
