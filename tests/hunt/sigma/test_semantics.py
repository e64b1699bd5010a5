"""What does each modifier mean? Each case by itself, with its answer as a literal."""

from typing import Any

import pytest
from tests.hunt.sigma.engine import found, over, rule_text

from cloison.hunt.sigma.rules import read_rules

CASES: list[tuple[str, dict[str, Any], list[Any], list[int]]] = [
    ("equality is of the whole text, without regard to case", {"a": "Foo"}, ["foo", "FOO", "foo ", "xfoo"], [0, 1]),
    ("cased", {"a|cased": "Foo"}, ["foo", "Foo", "FOO"], [1]),
    ("contains", {"a|contains": "b.c"}, ["ab.cd", "abxcd", "B.C", None], [0, 2]),
    ("startswith", {"a|startswith": "ab"}, ["abc", "xab", "AB"], [0, 2]),
    ("endswith", {"a|endswith": "bc"}, ["abc", "bcd", "BC"], [0, 2]),
    ("a star is any text, also none and over lines", {"a": "a*c"}, ["ac", "abc", "a\nc", "acd"], [0, 1, 2]),
    ("a question mark is one character", {"a": "a?c"}, ["ac", "abc", "aßc", "abbc"], [1, 2]),
    ("an escaped star is a star", {"a": "a\\*c"}, ["a*c", "abc", "a\\c"], [0]),
    ("an escaped backslash before a star", {"a": "a\\\\*"}, ["a\\", "a\\b", "a*", "ab"], [0, 1]),
    ("a backslash before anything else is itself", {"a": "c:\\x"}, ["c:\\x", "c:x"], [0]),
    ("percent and underscore are themselves", {"a|contains": "%_"}, ["a%_b", "a%xb", "ab"], [0]),
    ("all: every one of them", {"a|contains|all": ["x", "y"]}, ["xy", "yx", "x"], [0, 1]),
    ("any of a list", {"a": ["x", "y"]}, ["x", "Y", "z"], [0, 1]),
    ("an array: any element", {"a": "x"}, [["w", "X"], ["xx"], []], [0]),
    ("all over an array: each by any element", {"a|all": ["x", "y"]}, [["y", "x"], ["x"], "xy"], [0]),
    ("null: no value there", {"a": None}, [None, "", "x", [], [None]], [0, 3, 4]),
    ("an empty text is a value", {"a": ""}, [None, "", " "], [1]),
    ("exists: the field is there, be it null", {"a|exists": True}, [None, "x"], [0, 1]),
    ("a number equals what reads as the same number", {"a": 404}, [404, "404", 404.0, "404.0", "4040"], [0, 1, 2, 3]),
    ("a text is compared as a text", {"a": "404"}, [404, "404", "404.0"], [0, 1]),
    ("greater, as numbers", {"a|gt": 9}, [10, "10", 9, "9.5", "x", None], [0, 1, 3]),
    ("less or equal", {"a|lte": 1.5}, [1, "1.5", 2, "-3", "0x1"], [0, 1, 3]),
    ("truth", {"a": True}, [True, "TRUE", False, 1], [0, 1]),
    ("truth as a text", {"a": "true"}, [True, "True", "no"], [0, 1]),
    ("neq: not this", {"a|neq": "x"}, ["x", "y", None], [1, 2]),
    ("an address in a network of IPv4", {"a|cidr": "192.0.2.0/25"}, ["192.0.2.127", "192.0.2.128", "192.0.20.1"], [0]),
    ("a network is no prefix of text", {"a|cidr": "192.0.0.0/14"}, ["192.3.255.255", "192.4.0.0", "192.0.x"], [0]),
    ("an address with a port, or mapped", {"a|cidr": "192.0.2.0/24"}, ["192.0.2.1:443", "::ffff:192.0.2.1", "::1"], [0, 1]),
    ("a network of IPv6", {"a|cidr": "2001:db8::/33"}, ["2001:DB8:0:1::1", "2001:db8:8000::1", "[2001:db8::]:1"], [0, 2]),
    ("a regular expression is looked for anywhere, with case", {"a|re": "b+c"}, ["abbcd", "ABBCD", "ac"], [0]),
    ("i: without case", {"a|re|i": "^b+C$"}, ["bbc", "abbc"], [0]),
    ("m: at every line", {"a|re|m": "^b$"}, ["a\nb\nc", "ab"], [0]),
    ("s: a dot is also a line's end", {"a|re|s": "a.b"}, ["a\nb", "axb"], [0, 1]),
    ("without s it is not", {"a|re": "a.b"}, ["a\nb", "axb"], [1]),
    ("windash", {"a|windash|contains": " -f"}, ["x -f", "x /f", "x –f", "x f"], [0, 1, 2]),  # noqa: RUF001
    ("base64", {"a|base64|cased": "foo"}, ["Zm9v", "zm9v"], [0]),
    ("base64offset", {"a|base64offset|contains": "/bin/bash"}, ["L2Jpbi9iYXNo", "xvYmluL2Jhc2", "vYmluL2Jhc2g="], [0, 1, 2]),
    ("wide", {"a|wide|contains": "ab"}, ["a\0b\0", "ab"], [0]),
    ("a minute of a time", {"a|minute": 5}, ["2025-03-04T10:05:00Z", "2025-03-04T05:10:00Z", "x"], [0]),
    ("an hour of a time, in UTC", {"a|hour": 9}, ["2025-03-04T10:05:00+01:00", "2025-03-04T10:05:00Z"], [0]),
    ("letters of any script without case", {"a": "ÉCOLE ΣΑΣ"}, ["école σασ", "ecole"], [0]),  # noqa: RUF001
    ("what SQL minds is text", {"a": "x'; DROP TABLE events; --"}, ["x'; drop table events; --", "x"], [0]),
]  # fmt: skip


@pytest.mark.parametrize(("what", "item", "values", "expected"), CASES, ids=[case[0] for case in CASES])
def test_a_field_is_compared(what: str, item: dict[str, Any], values: list[Any], expected: list[int]) -> None:
    assert found([{"s": item, "condition": "s"}], [{"a": value} for value in values]) == [expected]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("s and not f", [0]),
        ("not s", [2, 3]),
        ("not f", [0, 2, 3]),
        ("1 of s*", [0, 1]),
        ("all of them", [1]),
        ("not 1 of them", [2, 3]),
        ("(s or f) and not (s and f)", [0]),
    ],
)
def test_a_condition_holds_and_not_is_never_null(condition: str, expected: list[int]) -> None:
    rule = {"s": {"a": "x"}, "f": {"b": "y"}, "condition": condition}
    assert found([rule], [{"a": "x"}, {"a": "x", "b": "y"}, {}, {"a": None, "b": None}]) == [expected]


def test_fields_are_paths_without_regard_to_case_through_arrays_and_keys_with_dots() -> None:
    records = [
        {"Alpha": {"beta": [{"Gamma": "x"}, {"gamma": "y"}]}},
        {"alpha.beta": {"gamma": "Y"}},
        {"alpha": {"beta": "y"}},
    ]
    rules = [
        {"s": {name: "y"}, "condition": "s"}
        for name in ("alpha.beta.gamma", "ALPHA.beta[].gamma", "alpha.beta.1.gamma")
    ]
    assert found(rules, records) == [[0, 1], [0, 1], [0]]


def test_a_field_that_exists_and_is_null_in_every_record() -> None:
    rules = [{"s": {"a|exists": wanted}, "condition": "s"} for wanted in (True, False)]
    assert found(rules, [{"a": None}, {"b": 1}]) == [[0], [1]]


def test_a_field_refers_to_another_and_is_false_when_either_is_missing() -> None:
    records = [
        {"a": "Foobar", "b": "foo"},
        {"a": "foo", "b": "FOO"},
        {"a": "x"},
        {"b": "x"},
        {"a": ["q", "foo"], "b": "foo"},
    ]
    rules = [
        {"s": {f"a|fieldref{how}": "b"}, "condition": "s"} for how in ("", "|startswith", "|endswith", "|contains")
    ]
    assert found(rules, records) == [[1, 4], [0, 1, 4], [1, 4], [0, 1, 4]]


def test_keywords_are_looked_for_in_every_value_and_in_no_key() -> None:
    records = [{"a": {"b": ["x", "has NEEDLE in"]}}, {"needle": "x"}, {"a": 17}, {}]
    rules = [{"k": ["needle"], "condition": "k"}, {"k": [17], "condition": "k"}, {"k": ["n*dle in"], "condition": "k"}]
    assert found(rules, records) == [[0], [2], [0]]


def test_placeholders_are_filled_or_the_rule_is_refused() -> None:
    rule = {"s": {"a|expand": "%who%@corp.example"}, "condition": "s"}
    records = [{"a": "ada@corp.example"}, {"a": "bob@corp.example"}, {"a": "%who%@corp.example"}]
    assert found([rule], records, who=["ada", "b*"]) == [[0, 1]]
    refused, by_rule = over(read_rules([("r.yml", rule_text(rule))]), records)
    assert (refused, by_rule) == (["its placeholder %who% stands for nothing: list its values in placeholders.yml"], {})


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("title: [", "not YAML"),
        ("- 1\n- 2", "not a rule"),
        ("title: x\nlogsource: {product: x}\ndetection: {s: {a: 1}, condition: s | count() > 3}", "The pipe syntax"),
        ("title: x\nlogsource: {product: x}\ndetection: {s: {a|re: '(?<=x)y'}, condition: s}", "invalid perl operator"),
        ("title: x\nlogsource: {product: x}\ndetection: {s: {a|nope: y}, condition: s}", "Unknown modifier"),
        ("title: x\nlogsource: {product: x}\ndetection: {s: {a: y}, condition: t}", "not defined"),
        ("title: x\nlogsource: {product: x}\ndetection: {s: {a: y, a: z}, condition: s}", "Duplicate key"),
        ("title: x\nlogsource: {product: x}\ndetection: {s: {a|cidr: 192.0.2.1/24}, condition: s}", "CIDR"),
        ('title: x\nlogsource: {product: x}\ndetection: {s: {a: "\\ud800"}, condition: s}', "not YAML"),
        ("a: &a [1]\n" + "\n".join(f"b{n}: &b{n} [*a, *a]" for n in range(3)), "rule"),
    ],
)
def test_what_cannot_run_says_why_and_does_not_stop_the_others(text: str, why: str) -> None:
    good = rule_text({"s": {"a": "y"}, "condition": "s"})
    refused, by_rule = over(read_rules([("bad.yml", text), ("good.yml", good)]), [{"a": "y"}])
    assert len(refused) == 1
    assert why in refused[0]
    assert list(by_rule.values()) == [[0]]
