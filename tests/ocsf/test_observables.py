"""Does each observable have exactly one spelling?"""

import pytest

from cloison.ocsf.observables import (
    canonical_domain,
    canonical_email,
    canonical_hash,
    canonical_ip,
    canonical_url,
    defang,
    ip_key,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("192.0.2.7", "192.0.2.7"),
        (" 192.0.2.7 ", "192.0.2.7"),
        ("192.0.2.7:443", "192.0.2.7"),
        ("[2001:DB8::1]:443", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("2001:0db8:0000::0001", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("::ffff:c000:207", "192.0.2.7"),
        ("192.0.2", None),
        ("192.0.2.256", None),
        ("192.0.2.07", None),
        ("host.example", None),
        ("", None),
    ],
)
def test_ip(text: str, expected: str | None) -> None:
    assert canonical_ip(text) == expected


def test_ip_key_sorts_both_families_as_one() -> None:
    assert ip_key("192.0.2.7") == "00000000000000000000ffffc0000207"
    assert ip_key("::ffff:192.0.2.7") == "00000000000000000000ffffc0000207"
    assert ip_key("2001:db8::1") == "20010db8000000000000000000000001"
    assert ip_key("nothing") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Evil.Example.", "evil.example"),
        ("b\u00fccher.example", "xn--bcher-kva.example"),
        ("B\u00dcCHER.example", "xn--bcher-kva.example"),
        ("XN--BCHER-KVA.example", "xn--bcher-kva.example"),
        ("_dmarc.evil.example", "_dmarc.evil.example"),
        ("192.0.2.7", None),
        ("a..example", None),
        ("-a.example", None),
        ("a b.example", None),
        ("a" * 64 + ".example", None),
        ("", None),
    ],
)
def test_domain(text: str, expected: str | None) -> None:
    assert canonical_domain(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("00112233445566778899AABBCCDDEEFF", "00112233445566778899aabbccddeeff"),
        ("0" * 40, "0" * 40),
        ("0" * 64, "0" * 64),
        ("0" * 128, "0" * 128),
        ("0" * 33, None),
        ("g" * 32, None),
    ],
)
def test_hash(text: str, expected: str | None) -> None:
    assert canonical_hash(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("M@Evil.Example", "m@evil.example"),
        ("mailto:m@evil.example", "m@evil.example"),
        ("<m@evil.example>", "m@evil.example"),
        ("m@localhost", None),
        ("@handle", None),
        ("two words@evil.example", None),
    ],
)
def test_email(text: str, expected: str | None) -> None:
    assert canonical_email(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("HTTP://Evil.Example", "http://evil.example/"),
        ("http://evil.example:80/A?b=C#d", "http://evil.example/A?b=C"),
        ("https://evil.example:8443/", "https://evil.example:8443/"),
        ("http://[2001:DB8::1]:80/x", "http://[2001:db8::1]/x"),
        ("evil.example/x", "evil.example/x"),
        ("http://b\u00fccher.example/", "http://xn--bcher-kva.example/"),
        ("http://evil.example:99999/", None),
        ("http://", None),
    ],
)
def test_url(text: str, expected: str | None) -> None:
    assert canonical_url(text) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("192.0.2.7", "192[.]0[.]2[.]7"),
        ("198.51.100.0/24", "198[.]51[.]100[.]0/24"),
        ("2001:db8::1", "2001[:]db8[:][:]1"),
        ("evil.example", "evil[.]example"),
        ("m@evil.example", "m[@]evil[.]example"),
        ("http://evil.example/a.b", "hxxp://evil[.]example/a.b"),
        ("https://evil.example/?u=http://x.example", "hxxps://evil[.]example/?u=http://x.example"),
    ],
)
def test_defang(value: str, expected: str) -> None:
    assert defang(value) == expected
