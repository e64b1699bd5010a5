"""What does a rule file mean as its author wrote it: names, odd words, several documents, filters?"""

from typing import Any

import pytest
from tests.hunt.sigma.engine import over

from cloison.hunt.sigma.rules import read_rules

ONE = "00000000-0000-4000-8000-000000000001"
TWO = "00000000-0000-4000-8000-000000000002"
HEAD = f"title: x\nid: {ONE}\nlogsource: {{product: x}}\n"


def rule(detection: str) -> str:
    return f"{HEAD}detection: {{{detection}}}\n"


def described(text: str, records: list[Any]) -> list[int]:
    refused, by_rule = over(read_rules([("r.yml", text)]), records)
    assert refused == []
    return by_rule.get(ONE, [])


def whys(*texts: str) -> list[str]:
    return [one.why for one in read_rules([(f"{n}.yml", text) for n, text in enumerate(texts)]).refused]


@pytest.mark.parametrize(
    ("detection", "records", "expected"),
    [
        ("on: {a: y}, condition: on", [{"a": "y"}, {"a": "n"}], [0]),
        ("no: {a: y}, condition: not no", [{"a": "y"}, {}], [1]),
        ("yes_1: {a: y}, off: {b: y}, condition: all of them", [{"a": "y"}, {"a": "y", "b": "y"}], [1]),
        ("1: {a: y}, condition: 1", [{"a": "y"}, {}], [0]),
        ("s: {on: y, 4624: z, null: w}, condition: s", [{"on": "y", "4624": "z", "null": "w"}, {"True": "y"}], [0]),
        ("s: {off|contains: y}, condition: s", [{"off": "xyz"}, {"False": "xyz"}], [0]),
        ("s: {a: y}, timeframe: 5m, condition: all of them", [{"a": "y"}], [0]),
    ],
)
def test_names_are_the_texts_they_are(detection: str, records: list[Any], expected: list[int]) -> None:
    assert described(rule(detection), records) == expected


@pytest.mark.parametrize(
    ("item", "values", "expected"),
    [
        ("a: on", ["on", "ON", True, "true", False, "off"], [0, 1, 2, 3]),
        ("a: 'on'", ["on", True], [0]),
        ("a: [no, x]", ["no", False, "x", True], [0, 1, 2]),
        ("a|neq: off", ["off", False, "on", None], [2, 3]),
        ("a: true", [True, "True", "yes", 1], [0, 1]),
        ("a|all: [on, x]", [["on", "x"], [True, "x"]], [0]),
        ("a|contains: no", ["know", False], [0]),
        ("a|cased: No", ["No", "no", False], [0]),
        ("a|re: 12", ["x123", 12, "1"], [0, 1]),
        ("a|startswith: [44, x]", ["4444", 44, "xy", "144"], [0, 1, 2]),
        ("a|endswith: 1.50", ["v1.50", 1.5], [0]),
        ("a|exists: yes", ["x", None], [0, 1]),
        ("a: 0755", ["0755", 493, 755, "755"], [0]),
        ("a: 12:30", ["12:30", 750], [0]),
        ("a: 1_000", ["1_000", 1000], [0]),
        ("a: 0x1410", ["0x1410", "0X1410", 5136, "5136"], [0, 1, 2, 3]),
        ("a: 12345678901234567890", [12345678901234567890, 12345678901234567891], [0]),
        ("a: 404", [404, "404", "404.0"], [0, 1, 2]),
        ("a: =", ["=", "x"], [0]),
        ("a: 2024-01-02", ["2024-01-02", "x"], [0]),
        ("a: ~", [None, "~"], [0]),
        ("a: [null, '', '-']", [None, "", "-", "x"], [0, 1, 2]),
        ("a: []", [None, "x"], [0]),
    ],
)
def test_a_value_is_what_its_author_wrote(item: str, values: list[Any], expected: list[int]) -> None:
    assert described(rule(f"s: {{{item}}}, condition: s"), [{"a": value} for value in values]) == expected


@pytest.mark.parametrize(
    ("keywords", "expected"),
    [("[no, 404]", [0, 1, 3]), ("{'|all': [foo, 404]}", [3]), ("[true]", [2]), ("{'|contains': yes}", [])],
)
def test_a_keyword_is_a_text(keywords: str, expected: list[int]) -> None:
    records = [{"a": "know"}, {"a": 404}, {"a": "untrue"}, {"a": "foo", "b": ["40404"]}]
    assert described(rule(f"s: {keywords}, condition: s"), records) == expected


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (rule("s: {a|gt: 0755}, condition: s"), "incompatible to value type of '0755'"),
        (rule("s: {a|exists: 1}, condition: s"), "SigmaExistsModifier incompatible"),
        (rule("s: {a: {b: c}}, condition: s"), "Unsupported type"),
        (rule("s: {a: y}, condition: {s: t}"), "its condition is no text"),
        (HEAD + "level: 3\ndetection: {s: {a: y}, condition: s}", "'3' is not a valid Sigma rule level"),
        ("a: &a [*a]\n" + rule("s: {a: y}, condition: s"), "Recursive YAML"),
        ("action: seldom\n---\n" + rule("s: {a: y}, condition: s"), "Unknown Sigma collection action 'seldom'"),
        ("action: global\ntitle: x\n", "what others have in common"),
        ("# nothing\n", "the file is empty"),
        ("title: f\nlogsource: {product: x}\nfilter: {rules: any, s: {a: y}, condition: not s}", "no rule that"),
        ("title: f\nlogsource: {product: x}\nfilter: {s: {a: y}, condition: not s}", "must have a 'rules' field"),
        (
            "a0: &a0 [1, 1]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 20)),
            "YAML aliases expand to too many nodes",
        ),
    ],
)  # fmt: skip
def test_nothing_in_a_file_is_left_out_in_silence(text: str, why: str) -> None:
    (found,) = whys(text)
    assert why in found


def test_a_document_that_is_no_rule_keeps_no_other_from_running() -> None:
    refused, by_rule = over(read_rules([("r.yml", "[1]\n---\n" + rule("s: {a: y}, condition: s"))]), [{"a": "y"}])
    assert (refused, by_rule) == (["not a rule: a document is no mapping"], {ONE: [0]})


def test_a_global_document_is_part_of_those_that_follow() -> None:
    common = "action: global\ntitle: x\nlogsource: {product: x}\ndetection: {condition: s}\n"
    each = f"id: {ONE}\ndetection: {{s: {{a: y}}}}\n---\nid: {TWO}\ndetection: {{s: {{no: n}}}}\n"
    _, by_rule = over(read_rules([("r.yml", f"{common}---\n{each}")]), [{"a": "y"}, {"no": "n"}])
    assert by_rule == {ONE: [0], TWO: [1]}


def test_what_is_merged_may_be_said_otherwise() -> None:
    text = f"{HEAD}detection:\n  s: &s {{a: y, off: x}}\n  t: {{<<: *s, a: z}}\n  condition: t\n"
    assert described(text, [{"a": "y", "off": "x"}, {"a": "z", "off": "x"}]) == [1]


def test_a_filter_of_another_file_takes_away_from_the_rules_that_it_names() -> None:
    leave_out = f"title: f\nlogsource: {{product: x}}\nfilter: {{rules: [{ONE}], no: {{b: off}}, condition: not no}}\n"
    texts = [("f.yml", leave_out), ("r.yml", rule("s: {a: y}, condition: s"))]
    refused, by_rule = over(read_rules(texts), [{"a": "y"}, {"a": "y", "b": "off"}])
    assert (refused, by_rule) == ([], {ONE: [0]})


def test_a_rule_says_what_takes_away_from_it_and_a_filter_from_how_many_rules() -> None:
    leave_out = f"title: f\nlogsource: {{product: x}}\nfilter: {{rules: [{ONE}], no: {{b: off}}, condition: not no}}\n"
    whole = rule("s: {a: y}, condition: s").replace(ONE, TWO)
    rules = read_rules([("f.yml", leave_out), ("r.yml", rule("s: {a: y}, condition: s")), ("s.yml", whole)])
    assert {one.said.uid: one.filters for one in rules.rules} == {ONE: ("f",), TWO: ()}
    assert [(one.said.title, one.said.origin, one.rules) for one in rules.filters] == [("f", "f.yml", 1)]
