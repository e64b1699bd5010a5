"""Is what we write read back whole, and do the standards' own readers take it?"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cloison.hunt.intel import FORMS, read_indicators, written
from cloison.hunt.intel.tlp import LEVELS
from cloison.model.indicator import Indicator, IndicatorKind

K = IndicatorKind
AT = datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)
HEX = {K.MD5: 32, K.SHA1: 40, K.SHA224: 56, K.SHA256: 64, K.SHA384: 96, K.SHA512: 128, K.JA3: 32}


def _is_said(text: str) -> bool:
    return text.lower() not in NOTHING


def _hex(kind: IndicatorKind, size: int) -> st.SearchStrategy[tuple[IndicatorKind, str]]:
    return st.text("0123456789abcdef", min_size=size, max_size=size).map(lambda text: (kind, text))


LABEL = st.from_regex(r"[a-z][a-z0-9-]{0,8}[a-z0-9]", fullmatch=True).filter(lambda text: "--" not in text)
NAME = st.lists(LABEL, min_size=1, max_size=3).map(lambda labels: ".".join((*labels, "example")))
MARKS = "abcXYZ09._-=/:;,()[]{}<>|'\"\\&#@*`+~%!? \u00e9"
NOTHING = frozenset({"", "-", "--", "n/a", "na", "none", "null", "s.o."})
"""Words of a table for an empty cell."""
TEXT: st.SearchStrategy[str] = st.text(MARKS, min_size=1, max_size=30).map(str.strip).filter(_is_said)
PATH = st.text("abcXYZ09._~-/?=&%", max_size=20).map(lambda text: f"/{text}z" if text else "/")


def values() -> st.SearchStrategy[tuple[IndicatorKind, str]]:
    return st.one_of(
        st.ip_addresses().filter(lambda ip: ip.version == 4 or not ip.ipv4_mapped).map(lambda ip: (K.IP, str(ip))),
        st.integers(0, 255).map(lambda n: (K.CIDR, f"198.51.{n}.0/24")),
        st.integers(0, 254).map(lambda n: (K.RANGE, f"203.0.113.{n}-203.0.114.{n}")),
        st.just((K.RANGE, "2001:db8::1-2001:db8::9")),
        NAME.map(lambda name: (K.DOMAIN, name)),
        st.tuples(NAME, PATH).map(lambda parts: (K.URL, "https://" + "".join(parts))),
        st.tuples(LABEL, NAME).map(lambda parts: (K.EMAIL, "@".join(parts))),
        TEXT.map(lambda text: (K.FILE_NAME, text.lower())),
        TEXT.map(lambda text: (K.USER_AGENT, text)),
        TEXT.map(lambda text: (K.ACCOUNT, text.lower())),
        TEXT.map(lambda text: (K.CREDENTIAL, text)),
        st.integers(1, 2**32 - 1).map(lambda number: (K.AS_NUMBER, f"AS{number}")),
        st.just((K.JA4, "t13d1516h2_8daaf6152771_b186095e22b6")),
        *(_hex(kind, size) for kind, size in HEX.items()),
    )


@st.composite
def indicators(draw: st.DrawFn) -> Indicator:
    kind, value = draw(values())
    moments = st.datetimes(datetime(1980, 1, 1), datetime(2080, 1, 1), timezones=st.just(UTC))
    start = draw(st.none() | moments)
    end = draw(st.none() | moments.map(lambda moment: moment + timedelta(days=36_600)))
    tlp = draw(st.sampled_from(("", *LEVELS)))
    context = " ".join(draw(st.text("abc xyz", max_size=20)).split())
    return Indicator(kind, value, value, "o.csv", (), context, start, end, "line 1", tlp)


def kept(one: Indicator) -> tuple[object, ...]:
    return (one.kind, one.value, one.context, one.valid_from, one.valid_until, one.tlp)


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(indicators(), min_size=1, max_size=6, unique_by=lambda one: one.key))
def test_what_is_written_is_read_back_whole(form: str, listed: list[Indicator]) -> None:
    reading = read_indicators(written(listed, form, at=AT), origin="back")
    assert [kept(one) for one in reading.indicators] == [kept(one) for one in listed]
    assert reading.not_understood == ()


ONE_OF_EACH = [
    Indicator(
        K.IP, "192.0.2.7", "192[.]0.2.7", "a", ("defanged dot",), "c2", AT, AT + timedelta(days=9), "line 1", "red"
    ),
    Indicator(K.IP, "2001:db8::1", "2001:db8::1", "a", tlp="clear"),
    Indicator(K.CIDR, "198.51.100.0/24", "198.51.100.0/24", "a", tlp="amber+strict"),
    Indicator(K.RANGE, "203.0.113.5-203.0.113.9", "203.0.113.5 - 203.0.113.9", "a"),
    Indicator(K.DOMAIN, "evil.example", "evil.example", "a", tlp="amber"),
    Indicator(K.URL, "http://evil.example/it's", "http://evil.example/it's", "a", tlp="green"),
    Indicator(K.EMAIL, "m@evil.example", "m@evil.example", "a"),
    *(Indicator(kind, "0a" * (size // 2), "0a" * (size // 2), "a") for kind, size in HEX.items()),
    Indicator(K.FILE_NAME, "drop.exe", "drop.exe", "a"),
    Indicator(K.USER_AGENT, "Evil/1.0 (x; \\y)", "Evil/1.0 (x; \\y)", "a"),
    Indicator(K.ACCOUNT, "=cmd", "=cmd", "a"),
    Indicator(K.CREDENTIAL, "AKIAEXAMPLEEXAMPLE00", "AKIAEXAMPLEEXAMPLE00", "a"),
    Indicator(K.AS_NUMBER, "AS64500", "AS64500", "a"),
    Indicator(K.JA4, "t13d1516h2_8daaf6152771_b186095e22b6", "t13d1516h2_8daaf6152771_b186095e22b6", "a"),
]


def test_the_validator_of_oasis_finds_no_fault() -> None:
    validator = pytest.importorskip("stix2validator")
    found: Any = validator.validate_string(
        written(ONE_OF_EACH, "stix", at=AT).decode(), validator.ValidationOptions(version="2.1")
    )
    assert (found.is_valid, [str(error) for error in found.errors]) == (True, [])


def test_the_library_of_misp_takes_every_attribute() -> None:
    pymisp = pytest.importorskip("pymisp")
    event = pymisp.MISPEvent()
    event.load(written(ONE_OF_EACH, "misp", at=AT).decode())
    assert len(event.attributes) == len(ONE_OF_EACH)
    assert {str(one.type) for one in event.attributes} <= set(event.attributes[0].known_types)


def test_an_id_is_the_same_wherever_it_is_written() -> None:
    ids = [
        [one["id"] for one in json.loads(written(listed, "stix", at=at))["objects"] if one["type"] == "indicator"]
        for listed, at in ((ONE_OF_EACH[:2], AT), (ONE_OF_EACH[1:2], AT + timedelta(days=1)))
    ]
    assert ids[0][1] == ids[1][0] == "indicator--149334b8-71bd-5ae2-a4a3-6acd7ac77e10"


def test_no_cell_is_a_formula_and_no_address_a_link() -> None:
    table = written(ONE_OF_EACH, "csv", at=AT).decode()
    assert "\naccount,'=cmd," in table
    shown = written(ONE_OF_EACH, "defanged", at=AT).decode()
    assert "| url | hxxp://evil[.]example/it&#39;s |" in shown
    assert "evil.example" not in shown
    assert "http://" not in shown
