"""Is every way to make an address harmless undone, and nothing else touched?"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cloison.errors import CloisonError
from cloison.hunt.intel import read_indicators
from cloison.hunt.intel.clean import cleaned
from cloison.hunt.intel.find import values_in
from cloison.hunt.intel.refang import marked
from cloison.ocsf.observables import defang

FORMS = [
    ("hxxp://192[.]0[.]2[.]7[.]evil[.]example/a", "url", "http://192.0.2.7.evil.example/a"),
    ("see http://192.0.2.7.Then they", "url", "http://192.0.2.7/"),
    ("evil[.]example", "domain", "evil.example"),
    ("evil(.)example", "domain", "evil.example"),
    ("evil{.}example", "domain", "evil.example"),
    ("evil<.>example", "domain", "evil.example"),
    ("evil[dot]example", "domain", "evil.example"),
    ("evil(DOT)example", "domain", "evil.example"),
    ("evil[d0t]example", "domain", "evil.example"),
    ("evil[,]example", "domain", "evil.example"),
    ("evil\\.example", "domain", "evil.example"),
    ("evil[.example", "domain", "evil.example"),
    ("evil.]example", "domain", "evil.example"),
    ("evil[.].example", "domain", "evil.example"),
    ("evil.[.]example", "domain", "evil.example"),
    ("evil.[example]", "domain", "evil.example"),
    ("[evil].example", "domain", "evil.example"),
    ("evil [.] example", "domain", "evil.example"),
    ("a[.]evil[.]example[.]", "domain", "a.evil.example"),
    ("evil dot example", "domain", "evil.example"),
    ("ev\u200bil[.]exam\u00adple", "domain", "evil.example"),
    ("\uff45vil[.]example", "domain", "evil.example"),
    ("b\u00fccher[.]example", "domain", "xn--bcher-kva.example"),
    ("\u201cevil[.]example\u201d,", "domain", "evil.example"),
    ("*.evil[.]example", "domain", "evil.example"),
    ("192[.]0[.]2[.]7", "ip", "192.0.2.7"),
    ("192.0.2[.]7", "ip", "192.0.2.7"),
    ("192[.0.]2[.7", "ip", "192.0.2.7"),
    ("192.0.2 . 7", "ip", "192.0.2.7"),
    ("192\\.0\\.2\\.7", "ip", "192.0.2.7"),
    ("192.0.2[.]7:443", "ip", "192.0.2.7"),
    ("192.0.2[.]7[1]", "ip", "192.0.2.7"),
    ("192.0.2[.]7\u00b9", "ip", "192.0.2.7"),
    ("192.0.2[.]7/32", "ip", "192.0.2.7"),
    ("198.51.100[.]9/24", "cidr", "198.51.100.0/24"),
    ("203.0.113.5 \u2013 203.0.113.9", "range", "203.0.113.5-203.0.113.9"),
    ("2001[:]db8[:]:1", "ip", "2001:db8::1"),
    ("[2001:db8::1]:443", "ip", "2001:db8::1"),
    ("2001:db8:1::/48", "cidr", "2001:db8:1::/48"),
    ("hxxp://evil[.]example/a.b", "url", "http://evil.example/a.b"),
    ("hXXps://evil.example", "url", "https://evil.example/"),
    ("h**p://evil.example/", "url", "http://evil.example/"),
    ("h__p://evil.example/", "url", "http://evil.example/"),
    ("meow://evil.example/", "url", "http://evil.example/"),
    ("ht tp://evil.example/", "url", "http://evil.example/"),
    ("http[:]//evil.example/", "url", "http://evil.example/"),
    ("http[://]evil.example/", "url", "http://evil.example/"),
    ("http:\\\\evil.example/", "url", "http://evil.example/"),
    ("http:// evil[.]example/", "domain", "evil.example"),
    ("hxxp:// evil[.]example/x", "url", "http://evil.example/x"),
    ("hxxp://[evil.example]", "url", "http://evil.example/"),
    ("http://[2001:db8::1]/x", "url", "http://[2001:db8::1]/x"),
    ("http://192,0,2,7/x", "url", "http://192.0.2.7/x"),
    ("evil[.]example[/]path", "url", "evil.example/path"),
    ("(hxxp://evil.example/a_(b))", "url", "http://evil.example/a_(b)"),
    ("m[at]evil[.]example", "email", "m@evil.example"),
    ("m[@]evil.example", "email", "m@evil.example"),
    ("m_at_evil.example", "email", "m@evil.example"),
    ("m @ evil[.]example", "email", "m@evil.example"),
    ("m at evil dot example", "email", "m@evil.example"),
]


@pytest.mark.parametrize(("text", "kind", "value"), FORMS)
def test_form(text: str, kind: str, value: str) -> None:
    assert [(one.kind.value, one.value) for one in values_in(marked(cleaned(text)))] == [(kind, value)]


@pytest.mark.parametrize(
    "text",
    ["@handle", "1.2.3", "10:44", "24/11/2023", "e.g. this", "v192.0.2.7", "Cloud Apps.", "192.0.2.7.1", "a.notatld"],
)
def test_no_value(text: str) -> None:
    assert values_in(marked(cleaned(text))) == []


@pytest.mark.parametrize(
    "value", ["192.0.2.7", "2001:db8::1", "evil.example", "m@evil.example", "http://evil.example/a.b"]
)
def test_what_we_defang_we_read_back(value: str) -> None:
    (one,) = values_in(marked(cleaned(defang(value))))
    assert one.value == value


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet='ab1.:/[]()@<>{}|-_ \n\t,;#"\\\u200b\u00e9\u00b9x0', max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        reading = read_indicators(text.encode(), origin="t")
    except CloisonError:
        assert not text.strip() or text.lstrip()[0] in "{["
        return
    assert len({one.key for one in reading.indicators}) == len(reading.indicators)
