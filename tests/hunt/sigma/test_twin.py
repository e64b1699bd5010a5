"""Does the engine describe the same records as a matcher that is written from the specification alone?"""

import re
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.hunt.sigma.engine import found
from tests.hunt.sigma.plain_sigma import matches

LETTERS = "aAbB*?\\%_'\" .-/\nßſKİΣσéÉ1"  # noqa: RUF001
"""Cases, wildcards, escapes, what LIKE and SQL mind, and letters whose other case is odd."""
FIELDS = ("a", "A.b", "c", "k.x.y", "l.m", "none")
KINDS = ("text", "text", "text", "number", "plain", "cidr", "exists", "fieldref", "re", "dash")
REGEXES = ("^a", "a.b", "[ab]+", "(a|B)\\*", "^$", "\\d")
texts = st.text(st.sampled_from(LETTERS), max_size=5)
numbers = st.sampled_from([0, 1, 10, -3, 1.5, 2.25, 404])
numerals = st.sampled_from(["0", "1", "10", "-3", "1.5", "404", "1.50", " 1", "0x1", "1e1", "true", "False"])
scalars = st.none() | st.booleans() | numbers | numerals | texts
addresses = st.sampled_from(
    ["192.0.2.1", "192.0.2.254", "192.0.20.1", "2001:db8::1", "2001:DB8:0::1", "2001:db9::1", "::ffff:192.0.2.7", "x"]
)
values = scalars | st.lists(scalars, max_size=3) | addresses
records = st.fixed_dictionaries(
    {},
    optional={
        "a": values,
        "A": st.fixed_dictionaries({}, optional={"b": values, "B": scalars}),
        "C": values,
        "k.x": st.fixed_dictionaries({"y": values}),
        "k": st.fixed_dictionaries({"x": st.lists(st.fixed_dictionaries({}, optional={"Y": values}), max_size=2)}),
        "l": st.lists(st.fixed_dictionaries({"m": values}), max_size=3),
    },
)


@st.composite
def items(draw: st.DrawFn) -> tuple[str, Any]:  # noqa: PLR0911 -- an arm for each kind of modifier
    """A field with modifiers, and a value that they take."""
    field = draw(st.sampled_from(FIELDS))
    kind = draw(
        st.sampled_from(["text", "text", "text", "number", "plain", "cidr", "exists", "fieldref", "re", "dash"])
    )
    many = "|all" if draw(st.booleans()) else ""
    several = st.lists(texts, min_size=1, max_size=3)
    if kind == "text":
        how = draw(st.sampled_from(["", "|contains", "|startswith", "|endswith", "|contains|cased", "|cased"]))
        return field + how + many, draw(texts | several)
    if kind == "number":
        return field + draw(st.sampled_from(["", "|lt", "|lte", "|gt", "|gte"])), draw(numbers)
    if kind == "plain":
        return field + draw(st.sampled_from(["", "|neq"])), draw(scalars)
    if kind == "cidr":
        return f"{field}|cidr", draw(st.sampled_from(["192.0.2.0/24", "192.0.2.0/31", "2001:db8::/32", "0.0.0.0/0"]))
    if kind == "exists":
        return f"{field}|exists", draw(st.booleans())
    if kind == "fieldref":
        how = draw(st.sampled_from(["", "|contains", "|startswith", "|endswith"]))
        return f"{field}|fieldref{how}", draw(st.sampled_from(FIELDS))
    if kind == "re":
        how = draw(st.sampled_from(["", "|i", "|m", "|s", "|i|m|s"]))
        return f"{field}|re{how}", draw(st.sampled_from(REGEXES))
    return f"{field}|windash|contains", draw(st.sampled_from(["-a", "a /b", "a-b", " -1 /a"]))


mappings = st.lists(items(), min_size=1, max_size=2).map(dict)
selections = (
    mappings | st.lists(mappings, min_size=1, max_size=2) | st.lists(texts.filter(bool), min_size=1, max_size=2)
)
conditions = st.sampled_from(
    ["s1", "not s1", "s1 and not s2", "1 of s*", "all of them", "not (s1 or s2)", "s1 or s2 and not s1", "not 1 of s*"]
)
detections = st.fixed_dictionaries({"s1": selections, "s2": selections, "condition": conditions})


@example([{"s1": ["?"], "condition": "s1"}], [{"a": None, "l": [], "k": {"x": []}}, {"k": {"x": [{}]}}])
@example([{"s1": ["?"], "condition": "s1"}], [{"a": [1], "k": {"x": "y"}}, {"a": {}}, {"k": {"x": {"z": ""}}}])
@example([{"s1": {"l.m": None}, "condition": "s1"}], [{"l": [{"m": None}, {"m": []}]}, {"l": [{"m": [0]}, {}]}])
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(detections, min_size=1, max_size=10), st.lists(records, min_size=1, max_size=10))
def test_the_engine_and_its_twin_agree(rules: list[dict[str, Any]], seen: list[dict[str, Any]]) -> None:
    expected = [[number for number, one in enumerate(seen) if matches(rule, one)] for rule in rules]
    assert found(rules, seen) == expected


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
