"""Does the engine describe the same records as a matcher that is written from the specification alone?"""

import base64
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.hunt.sigma.engine import found
from tests.hunt.sigma.plain_sigma import matches

EXAMPLES = 200
"""Each is up to eight rules over up to twelve records, in one pass."""
LETTERS = "aAbB*?\\%_'\" .-/\nßſKİΣσéÉ1"  # noqa: RUF001
"""Cases, wildcards, escapes, what LIKE and SQL mind, and letters whose other case is odd."""
FIELDS = ("a", "a", "c", "c", "A.b", "k.x.y", "l.m", "l.1.m", "none")
REGEXES = ("^a", "a.b", "[ab]+", "(a|B)\\*", "^$", "\\d", "b$", "\\bab", "(?i)A")
PLAIN = ("ab", "-a", "a b", "1", "Ab1")
"""What is encoded, in rules and in records."""
WAYS = (
    *("base64", "base64offset", "base64offset|contains", "wide", "wide|contains", "wide|base64"),
    *("wide|base64offset|contains", "utf16", "utf16|base64", "utf16|base64offset|contains", "utf16be|base64"),
)
COMMON = ("ab", "aB", "AB", "a", "b", "a*b", "a\\*b", "a?b", "*", "?", "", "a b -a", "a /b -1", "aß", "AS", "1", "a\nb")
"""What rules and records both say, so that they often meet."""
NETWORKS = ("192.0.2.0/24", "192.0.2.0/31", "2001:db8::/32", "0.0.0.0/0", "::/0")
WHO = {"who": ["ab", "b*", "?"], "of": ["a", "1"]}
TIMES = ("2025-03-04T10:05:00Z", "2024-12-30T23:59:59+01:00", "2025-01-01 00:00:00", "2025-12-31", "2025-13-01")
texts = st.sampled_from(COMMON) | st.text(st.sampled_from(LETTERS), max_size=5)
numbers = st.sampled_from([0, 1, 10, -3, 1.5, 2.25, 404])
numerals = st.sampled_from(["0", "1", "10", "-3", "1.5", "404", "1.50", " 1", "0x1", "1e1", "true", "False"])
scalars = st.none() | st.booleans() | numbers | numerals | texts
addresses = st.sampled_from(
    ["192.0.2.1", "192.0.2.254", "192.0.20.1", "2001:db8::1", "2001:DB8:0::1", "2001:db9::1", "::ffff:192.0.2.7", "x"]
)
hidden = st.builds(lambda one, way, before: before + spelled(one, way), st.sampled_from(PLAIN),
                   st.sampled_from(WAYS), st.sampled_from(["", "", "x", "YWJj"]))  # fmt: skip
values = scalars | st.lists(scalars, max_size=3) | addresses | st.sampled_from(TIMES) | hidden
records = st.fixed_dictionaries(
    {"a": values},
    optional={
        "A": st.fixed_dictionaries({}, optional={"b": values, "B": scalars}),
        "C": values,
        "k.x": st.fixed_dictionaries({"y": values}),
        "k": st.fixed_dictionaries({"x": st.lists(st.fixed_dictionaries({}, optional={"Y": values}), max_size=2)}),
        "l": st.lists(st.fixed_dictionaries({"m": values | st.lists(st.lists(scalars, max_size=2))}), max_size=3),
    },
)


def spelled(text: str, way: str) -> str:
    """A text as a record may hold it that was encoded so."""
    data = {"wide": text.encode("utf-16le"), "utf16": b"\xff\xfe" + text.encode("utf-16le"),
            "utf16be": text.encode("utf-16be")}.get(way.split("|", maxsplit=1)[0], text.encode())  # fmt: skip
    if "base64" in way:
        return base64.b64encode(data).decode()
    return data.removeprefix(b"\xff\xfe").decode()


def _chosen(*ways: str, said: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[str, Any]]:
    return st.tuples(st.sampled_from(ways), said)


several = texts | st.lists(texts, min_size=1, max_size=3)
KINDS = (
    _chosen("", "|contains", "|startswith", "|endswith", "|contains|cased", "|cased", "|neq", said=several),
    _chosen("|all", "|contains|all", "|startswith|all", "|cased|all", "|contains|neq", "|all|neq", said=several),
    _chosen("|contains", "|startswith", "|endswith", "|cased", said=numbers | st.booleans() | numerals),
    _chosen("", "|lt", "|lte", "|gt", "|gte", "|gt|neq", said=numbers),
    _chosen("", "|neq", said=scalars | st.lists(scalars, max_size=3)),
    _chosen("|cidr", "|cidr|neq", said=st.sampled_from(NETWORKS)),
    _chosen("|exists", "|exists|neq", said=st.booleans()),
    _chosen("|fieldref", "|fieldref|contains", "|fieldref|startswith", "|fieldref|endswith", "|fieldref|neq",
            said=st.sampled_from(FIELDS)),
    _chosen("|re", "|re|i", "|re|m", "|re|s", "|re|i|m|s", "|re|all", "|re|neq",
            said=st.sampled_from(REGEXES) | st.lists(st.sampled_from(REGEXES), min_size=1, max_size=2)),
    _chosen("|windash", "|windash|contains", "|windash|contains|all", "|windash|startswith",
            said=st.sampled_from(["-a", "a /b", "a-b", " -1 /a", ["-a", "/b"], "-a /b -1"])),
    _chosen(*(f"|{way}" for way in WAYS), said=st.sampled_from(PLAIN)),
    _chosen("|expand", "|expand|contains", "|contains|expand", "|expand|cased",
            said=st.sampled_from(["%who%", "%who%x", "a%of%", "%of%%who%", "%"])),
    _chosen("|minute", "|hour", "|day", "|week", "|month", "|year",
            said=st.sampled_from([0, 1, 4, 5, 10, 12, 22, 2025])),
)  # fmt: skip
items = st.builds(lambda field, kind: (field + kind[0], kind[1]), st.sampled_from(FIELDS), st.one_of(KINDS))
keywords = st.lists(texts.filter(bool) | numbers, min_size=1, max_size=2) | st.one_of(
    _chosen("|all", "|contains", "|startswith", "|cased", "|contains|all",
            said=st.lists(texts.filter(bool), min_size=1, max_size=2)),
    _chosen("|re", "|re|i", said=st.sampled_from(REGEXES)),
    _chosen(*(f"|{way}" for way in WAYS), said=st.sampled_from(PLAIN)),
).map(lambda one: dict([one]))  # fmt: skip


mappings = st.lists(items, min_size=1, max_size=2).map(dict)
selections = mappings | st.lists(mappings, min_size=1, max_size=2) | keywords
conditions = st.sampled_from(
    ["s1", "not s1", "s1 and not s2", "1 of s*", "all of them", "not (s1 or s2)", "s1 or s2 and not s1", "not 1 of s*"]
)
detections = st.fixed_dictionaries({"s1": selections, "s2": selections, "condition": conditions})


@example([{"s1": ["?"], "condition": "s1"}], [{"a": None, "l": [], "k": {"x": []}}, {"k": {"x": [{}]}}])
@example([{"s1": ["?"], "condition": "s1"}], [{"a": [1], "k": {"x": "y"}}, {"a": {}}, {"k": {"x": {"z": ""}}}])
@example([{"s1": {"l.m": None}, "condition": "s1"}], [{"l": [{"m": None}, {"m": []}]}, {"l": [{"m": [0]}, {}]}])
@example([{"s1": {"a": []}, "condition": "s1"}], [{"a": None}, {"a": 1}, {"a": []}, {"C": 1}])
@settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(st.lists(detections, min_size=1, max_size=8), st.lists(records, min_size=1, max_size=12))
def test_the_engine_and_its_twin_agree(rules: list[dict[str, Any]], seen: list[dict[str, Any]]) -> None:
    expected = [[number for number, one in enumerate(seen) if matches(rule, one, WHO)] for rule in rules]
    assert found(rules, seen, **WHO) == expected


@pytest.mark.parametrize("pattern", ["a*b", "a\\*b", "a\\\\*b", "?", "\\?", "a?b", "**", "\\\\", "a\\b", "%", "_"])
def test_each_spelling_of_wildcards_is_the_twins(pattern: str) -> None:
    seen = [
        {"a": text}
        for text in ("ab", "a*b", "a\\b", "axxb", "a\nb", "", "?", "*", "\\", "\\\\", "%", "_", "a\\*b", "x")
    ]
    rule = {"s1": {"a": pattern}, "condition": "s1"}
    assert found([rule], seen) == [[n for n, one in enumerate(seen) if matches(rule, one)]]


def test_the_twin_knows_no_engine() -> None:
    source = __import__("tests.hunt.sigma.plain_sigma", fromlist=["x"]).__file__
    assert source is not None
    with open(source, encoding="utf-8") as file:  # noqa: PTH123
        assert not re.search("import (duckdb|sigma|cloison)|from (sigma|cloison)", file.read())
