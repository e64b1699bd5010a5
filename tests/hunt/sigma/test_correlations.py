"""When do events that rules describe belong together: inside and outside the timespan, ties, order, what is missing?"""

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.hunt.sigma.engine import over

from cloison.hunt.sigma.correlating import Correlated, complete
from cloison.hunt.sigma.correlations import Correlation
from cloison.hunt.sigma.detections import DETECTED
from cloison.hunt.sigma.rules import read_rules
from cloison.hunt.sigma.said import Said
from cloison.hunt.sigma.windows import Asked, Seen, bursts

BASES = {"a": {"kind": "a"}, "b": {"kind": "b"}, "c": {"kind": "c"}}
SUM = "ffffffff-0000-4000-8000-000000000001"


def rules(kind: str, span: str, *, names: str = "a", generate: bool = False, **said: Any) -> str:
    """The base rules and a correlation over those that are named."""
    documents: list[dict[str, Any]] = [
        {"title": name, "name": name, "logsource": {"product": "x"}, "detection": {"s": item, "condition": "s"}}
        for name, item in BASES.items()
    ]
    asked = {"type": kind, "rules": list(names), "timespan": span, **{k.replace("_", "-"): v for k, v in said.items()}}
    documents.append({"title": "sum", "id": SUM, "correlation": asked | ({"generate": True} if generate else {})})
    return yaml.safe_dump_all(documents)


def seen(*events: str) -> list[dict[str, Any]]:
    """`kind second [user [number]]`, such as `a 10 ada 3`."""
    records = []
    for event in events:
        kind, second, *rest = event.split()
        at = datetime(2025, 3, 4, tzinfo=UTC) + timedelta(seconds=int(second))
        record: dict[str, Any] = {"kind": kind, "time": at.strftime("%Y-%m-%dT%H:%M:%SZ")}
        record |= dict(zip(("user", "n"), rest, strict=False))
        records.append(record)
    return records


def completed(text: str, *events: str) -> list[int]:
    """The numbers of the events that complete the correlation's detections."""
    refused, by_rule = over(read_rules([("r.yml", text)]), seen(*events))
    assert refused == []
    return by_rule.get(SUM, [])


@pytest.mark.parametrize(
    ("text", "events", "expected"),
    [
        (rules("event_count", "10s", condition={"gte": 3}), ("a 0", "a 5", "a 10"), [2]),
        (rules("event_count", "10s", condition={"gte": 3}), ("a 0", "a 5", "a 11"), []),
        (rules("event_count", "10s", condition={"gt": 2}), ("a 0", "a 0", "a 0"), [2]),
        (rules("event_count", "10s", condition={"gte": 2}), ("a 0", "a 1", "a 2", "a 12", "a 100", "a 101"), [1, 5]),
        (rules("event_count", "10s", condition={"lt": 2}), ("a 0", "a 5", "a 30"), [2]),
        (rules("event_count", "10s", condition={"eq": 2}), ("a 0", "a 5", "a 30", "a 31", "a 32"), [1]),
        (rules("event_count", "10s", condition={"gte": 2}, group_by=["user"]), ("a 0 x", "a 1 y", "a 2 x"), [2]),
        (rules("event_count", "10s", condition={"gte": 2}, group_by=["user"]), ("a 0", "a 1"), []),
        (rules("value_count", "10s", condition={"gte": 2, "field": "user"}), ("a 0 x", "a 1 x", "a 2 y"), [2]),
        (rules("value_count", "10s", condition={"gte": 2, "field": "user"}), ("a 0 x", "a 1", "a 2 x"), []),
        (rules("value_count", "10s", condition={"gte": 2, "field": "user"}), ("a 0 x", "a 11 y"), []),
        (rules("temporal", "10s", names="ab"), ("b 0", "a 5"), [1]),
        (rules("temporal", "10s", names="ab"), ("b 0", "a 11"), []),
        (rules("temporal", "10s", names="ab", group_by=["user"]), ("b 0 x", "a 5 y", "a 6 x"), [2]),
        (rules("temporal", "10s", names="abc", condition="a and (b or c)"), ("a 0", "c 5"), [1]),
        (rules("temporal_ordered", "10s", names="ab"), ("b 0", "a 5"), []),
        (rules("temporal_ordered", "10s", names="ab"), ("a 0", "b 10"), [1]),
        (rules("temporal_ordered", "10s", names="ab"), ("a 0", "b 11"), []),
        (rules("temporal_ordered", "10s", names="ab"), ("b 5", "a 5"), [0]),
        (rules("temporal_ordered", "10s", names="abc"), ("a 0", "b 1", "a 8", "c 9", "b 12"), [3]),
        (rules("value_sum", "10s", condition={"gte": 10, "field": "n"}), ("a 0 x 4", "a 1 x 5", "a 2 x 1"), [2]),
        (rules("value_avg", "10s", condition={"gt": 4, "field": "n"}), ("a 0 x 4", "a 1 x 5"), [1]),
        (rules("value_median", "10s", condition={"gte": 5, "field": "n"}), ("a 0 x 1", "a 1 x 5", "a 2 x 9"), [2]),
        (
            rules("value_percentile", "10s", condition={"gte": 9, "field": "n", "percentile": 95}),
            ("a 0 x 1", "a 1 x 9"),
            [1],
        ),
    ],
)
def test_events_belong_together(text: str, events: tuple[str, ...], expected: list[int]) -> None:
    assert completed(text, *events) == expected


WORDS: list[tuple[str, tuple[str, ...], list[int]]] = [
    ("a and not b", ("a 0",), [0]),
    ("a and not b", ("a 0", "b 11"), [0]),
    ("a and not b", ("b 0", "a 11"), [1]),
    ("a and not b", ("a 0", "b 10"), []),
    ("a and not b", ("b 0", "a 10"), []),
    ("a and not b", ("b 0", "a 0"), []),
    ("a and not b", ("b 0",), []),
    ("a and not b", ("a 0", "b 15", "a 30"), [0, 2]),
    ("a and not b", ("a 0", "a 5", "b 12"), [0]),
    ("not b and a", ("a 0", "b 11"), [0]),
    ("a or b", ("b 0", "c 1", "a 20"), [0, 2]),
    ("a or b", ("b 0", "a 5"), [0]),
    ("a and b and not c", ("a 0", "b 8", "c 18"), []),
    ("a and b and not c", ("a 0", "b 8", "c 19"), [1]),
    ("a and b and not c", ("c 0", "a 5", "b 11"), [2]),
    ("a and b and not c", ("a 0", "b 11"), []),
    ("a and (b or c)", ("a 0", "b 11", "c 12"), []),
    ("a and not (b or c)", ("a 0", "c 10"), []),
    ("a and not (b and c)", ("a 0", "b 5", "c 20"), [0]),
    ("a and not (b and c)", ("a 0", "b 5", "c 9"), []),
    ("a and not not b", ("a 0", "b 5"), [1]),
    ("(a and not b) or (b and not a)", ("b 0", "a 5", "a 30"), [2]),
]  # fmt: skip


@pytest.mark.parametrize(("condition", "events", "expected"), WORDS)
def test_a_condition_in_words(condition: str, events: tuple[str, ...], expected: list[int]) -> None:
    names = "".join(one for one in "abc" if one in condition.replace("and", ""))
    assert completed(rules("temporal", "10s", names=names, condition=condition), *events) == expected


def test_what_is_denied_is_denied_of_the_group_alone() -> None:
    text = rules("temporal", "10s", names="ab", condition="a and not b", group_by=["user"])
    assert completed(text, "a 0 x", "b 1 y", "a 20 y", "b 21", "b 22 y") == [0]


def test_a_condition_in_words_needs_no_list_of_rules() -> None:
    text = rules("temporal", "10s", condition="a and not b").replace("  rules:\n  - a\n", "")
    assert "rules:" not in text
    assert completed(text, "a 0", "a 20", "b 21") == [0]


def test_one_event_is_no_other_than_itself() -> None:
    both = rules("temporal", "10s", names="ab", condition="a and not b").replace("kind: b", "user: x")
    assert completed(both, "a 0 x", "a 20 y") == [1]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"condition": "not a", "names": "a"}, "no event would complete it"),
        ({"condition": "a or not b"}, "no event would complete it"),
        ({"condition": "not (a and not b)"}, "no event would complete it"),
        ({"condition": "a and c"}, "Rules defined but not referenced in extended condition: b"),
        ({"condition": "a and"}, "Failed to parse extended condition"),
        ({"condition": "a near b"}, "Failed to parse extended condition"),
        ({"kind": "event_count", "condition": "a and b"}, "Extended conditions"),
        ({"kind": "temporal_ordered", "condition": "a and not b"}, "does not name all in that order"),
        ({"kind": "temporal_ordered", "condition": "b and a"}, "does not name all in that order"),
        ({"kind": "temporal_ordered", "condition": {"gte": 1}}, "rules in order are all of them"),
        ({"kind": "event_count"}, "without condition"),
        ({"kind": "event_count", "condition": {"gte": 1, "lte": 3}}, "exactly one condition item"),
        ({"kind": "event_count", "condition": {"within": 1}}, "exactly one condition item"),
        ({"kind": "event_count", "condition": {"gte": "x"}}, "no valid Sigma correlation condition count"),
        ({"kind": "event_count", "condition": {"gte": 2}, "span": "10"}, "Timespan '10' is invalid"),
        ({"kind": "event_count", "condition": {"gte": 2}, "span": "99y"}, "longer than 20 years"),
        ({"kind": "value_count", "condition": {"gte": 2}}, "without field reference"),
        ({"kind": "value_sum", "condition": {"gte": 2}}, "without field reference"),
        ({"kind": "value_percentile", "condition": {"gte": 2, "field": "n", "percentile": "x"}}, "percentile"),
        ({"kind": "value_percentile", "condition": {"gte": 2, "field": "n", "percentile": 101}}, "0 to 100"),
        ({"kind": "event_count", "condition": {"gte": 2, "field": "n"}}, "counts no values"),
        ({"kind": "event_count", "condition": {"lt": 1}}, "asks for no event at all"),
        ({"kind": "event_count", "condition": {"eq": 0}}, "asks for no event at all"),
        ({"kind": "value_mode", "condition": {"gte": 2, "field": "n"}}, "no valid Sigma correlation type"),
    ],
)  # fmt: skip
def test_what_is_not_said_is_refused(said: dict[str, Any], why: str) -> None:
    asked = {"kind": "temporal", "span": "10s", "names": "ab", **said}
    refused, by_rule = over(read_rules([("r.yml", rules(asked.pop("kind"), asked.pop("span"), **asked))]), seen("a 0"))
    assert len(refused) == 1
    assert why in refused[0]
    assert SUM not in by_rule


def test_in_order_by_the_words_that_say_so() -> None:
    text = rules("temporal_ordered", "10s", names="ab", condition="a and b")
    assert completed(text, "b 0", "a 5", "b 9") == [2]


NUMBERS = ("a 0 x 1", "a 1 x 2", "a 2 x 2", "a 3 x 7")
MEASURED: list[tuple[str, dict[str, Any], list[int]]] = [
    ("event_count", {"gte": 4}, [3]),
    ("event_count", {"gt": 4}, []),
    ("event_count", {"lte": 4}, [3]),
    ("event_count", {"lt": 4}, []),
    ("event_count", {"eq": 4}, [3]),
    ("event_count", {"neq": 4}, []),
    ("value_count", {"gte": 3, "field": "n"}, [3]),
    ("value_count", {"eq": 3, "field": "n"}, [3]),
    ("value_count", {"lt": 3, "field": "n"}, []),
    ("value_count", {"gte": 4, "field": ["n", "user"]}, []),
    ("value_count", {"gte": 3, "field": ["n", "user"]}, [3]),
    ("value_sum", {"gte": 12, "field": "n"}, [3]),
    ("value_sum", {"gte": 2.5, "field": "n"}, [1]),
    ("value_sum", {"neq": 12, "field": "n"}, []),
    ("value_avg", {"eq": 3, "field": "n"}, [3]),
    ("value_avg", {"lt": 3.5, "field": "n"}, [3]),
    ("value_median", {"eq": 2, "field": "n"}, [3]),
    ("value_median", {"lte": 1, "field": "n"}, []),
    ("value_percentile", {"gte": 7, "field": "n", "percentile": 75}, []),
    ("value_percentile", {"gte": 7, "field": "n", "percentile": 76}, [3]),
    ("value_percentile", {"eq": 2, "field": "n"}, [3]),
    ("temporal", {"gte": 1}, [0]),
    ("temporal", {"eq": 1}, [3]),
    ("temporal", {"lt": 2}, [3]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "condition", "expected"), MEASURED)
def test_each_kind_with_each_comparison(kind: str, condition: dict[str, Any], expected: list[int]) -> None:
    assert completed(rules(kind, "10s", condition=condition), *NUMBERS) == expected


def test_a_correlation_of_a_correlation_reads_its_own_fields_of_the_rules_below() -> None:
    inner = rules("event_count", "10s", condition={"gte": 2}).replace("title: sum", "title: sum\nname: twice")
    outer = {"type": "event_count", "rules": "twice", "timespan": "1h", "group-by": ["user"], "condition": {"gte": 2}}
    text = inner + "---\n" + yaml.safe_dump({"title": "outer", "name": "outer", "correlation": outer})
    records = seen("a 0 x", "a 1 x", "a 100 x", "a 101 x")
    refused, by_rule = over(read_rules([("r.yml", text)]), records)
    assert (refused, by_rule) == ([], {"outer": [3]})


def test_an_alias_names_a_field_differently_in_each_rule() -> None:
    aliases = {"who": {"a": "user", "b": "n"}}
    text = rules("temporal", "10s", names="ab", group_by=["who"], aliases=aliases)
    assert completed(text, "a 0 x", "b 1 y x", "b 2 x y") == [1]


def test_the_rules_themselves_are_told_only_where_it_says_generate() -> None:
    for generate, expected in ((False, 1), (True, 3)):
        text = rules("event_count", "10s", generate=generate, condition={"gte": 2})
        _, by_rule = over(read_rules([("r.yml", text)]), seen("a 0", "a 1"))
        assert sum(map(len, by_rule.values())) == expected


def test_a_correlation_of_a_rule_that_is_missing_is_refused() -> None:
    refused, _ = over(read_rules([("r.yml", rules("temporal", "10s", names="az"))]), seen("a 0"))
    assert refused == ["it refers to z, which is not one among the rules, or refers back to it"]


def test_a_name_is_that_of_the_own_file_first() -> None:
    other = rules("event_count", "10s", condition={"gte": 2}).replace("kind: a", "kind: c").replace(SUM, SUM[:-1] + "2")
    mine = rules("event_count", "10s", condition={"gte": 2})
    for texts in ([("1.yml", mine), ("2.yml", other)], [("2.yml", other), ("1.yml", mine)]):
        refused, by_rule = over(read_rules(texts), seen("a 0", "a 1", "c 20", "c 21"))
        assert (refused, by_rule[SUM], by_rule[SUM[:-1] + "2"]) == ([], [1], [3])


def test_a_name_of_several_rules_of_other_files_is_none() -> None:
    base = "title: t\nname: {}\nlogsource: {{product: x}}\ndetection: {{s: {{kind: {}}}, condition: s}}\n"
    counting = "title: sum\ncorrelation: {type: event_count, rules: b, timespan: 1m, condition: {gte: 1}}\n"
    texts = [("1.yml", base.format("b", "a")), ("2.yml", base.format("b", "b")), ("3.yml", counting)]
    assert over(read_rules(texts), seen("a 0"))[0] == [
        "it refers to b, which is not one among the rules, or refers back to it"
    ]
    assert over(read_rules([*texts[:1], ("2.yml", texts[0][1]), texts[2]]), seen("a 0"))[0] == []


def test_what_refers_to_what_is_refused_says_why() -> None:
    base = "title: t\nname: b\nlogsource: {product: x}\ndetection: {s: {kind|nope: a}, condition: s}\n---\n"
    counting = "title: sum\ncorrelation: {type: event_count, rules: b, timespan: 1m, condition: {gte: 1}}\n"
    assert over(read_rules([("1.yml", base + counting)]), seen("a 0"))[0] == [
        "Unknown modifier 'nope'",
        "it refers to b, which cannot run: Unknown modifier 'nope'",
    ]


def test_a_group_by_array_is_a_group_for_each_of_its_values() -> None:
    text = rules("event_count", "10s", condition={"gte": 2}, group_by=["user"])
    records = [{"kind": "a", "time": "2025-03-04T00:00:00Z", "user": users} for users in (["x", "y"], ["y", "z"])]
    _, by_rule = over(read_rules([("r.yml", text)]), records)
    assert by_rule == {SUM: [1]}


START = datetime(2025, 3, 4, tzinfo=UTC)
_events = st.lists(
    st.tuples(st.integers(0, 12), st.sets(st.integers(0, 2), min_size=1), st.sampled_from("xyz")), max_size=9
)


def laid_out(events: list[tuple[int, set[int], str]]) -> list[Seen]:
    """Each event with every step that it is, in the order that the windows take them."""
    listed = [
        Seen(START + timedelta(seconds=second), f"{number:02}", step, value)
        for number, (second, steps, value) in enumerate(events)
        for step in steps
    ]
    return sorted(listed, key=lambda one: (one.time, one.event_uid, one.step))


@settings(max_examples=300, deadline=None)
@given(_events, st.integers(0, 6), st.integers(1, 3))
def test_rules_in_order_are_found_where_a_plain_search_finds_them(
    events: list[tuple[int, set[int], str]], span: int, steps: int
) -> None:
    rows = [one for one in laid_out(events) if one.step < steps]
    by_step = [[one for one in rows if one.step == step] for step in range(steps)]
    ends = {
        chain[-1].time
        for chain in itertools.product(*by_step)
        if all(a.time <= b.time for a, b in itertools.pairwise(chain))
        and len({one.event_uid for one in chain}) == steps
        and chain[-1].time - chain[0].time <= timedelta(seconds=span)
    }
    asked = Asked("temporal_ordered", timedelta(seconds=span), "gte", steps, steps)
    found = list(bursts(asked, rows))
    assert {one.completed.time for one in found} <= ends
    assert bool(found) == bool(ends)
    assert not ends or found[0].completed.time == min(ends)


@settings(max_examples=300, deadline=None)
@given(_events, st.integers(0, 6), st.integers(1, 4), st.sampled_from(["event_count", "value_count", "temporal"]))
def test_what_is_reached_is_found_where_a_plain_count_reaches_it(
    events: list[tuple[int, set[int], str]], span: int, least: int, kind: Any
) -> None:
    rows = laid_out(events)
    counted = {"event_count": "event_uid", "value_count": "value", "temporal": "step"}[kind]

    def reached(at: datetime) -> bool:
        within = [one for one in rows if at - timedelta(seconds=span) <= one.time <= at]
        return len({getattr(one, counted) for one in within}) >= least

    times = sorted({one.time for one in rows if reached(one.time)})
    firsts = [at for n, at in enumerate(times) if n == 0 or at - times[n - 1] > timedelta(seconds=span)]
    found = [one.completed.time for one in bursts(Asked(kind, timedelta(seconds=span), "gte", least, 3), rows)]
    assert found == firsts


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("gh"), st.integers(0, 12), st.sampled_from(["x", "y", "z", None])), max_size=14),
    st.integers(0, 12),
    st.integers(0, 4),
    st.sampled_from(["event_count", "value_count"]),
    st.sampled_from(["gte", "gt"]),
)
def test_a_query_counts_as_the_plain_pass_does(
    events: list[tuple[str, int, str | None]], span: int, least: int, kind: Any, operator: str
) -> None:
    asked = Asked(kind, timedelta(seconds=span), operator, least)
    one = Correlated(7, Correlation(Said("c", "c"), ("r",), ("g'",), {}, (), generate=False, asked=asked), ())
    rows = sorted(
        (group, datetime(2026, 1, 1) + timedelta(seconds=at), f"e{number:02}", value)
        for number, (group, at, value) in enumerate(events)
    )
    expected = sorted(
        (found.completed.event_uid, f"g'={group}", found.events, found.first.event_uid, found.last.time)
        for group in "gh"
        for found in bursts(asked, [Seen(at, uid, 0, value) for of, at, uid, value in rows if of == group])
    )
    with duckdb.connect() as engine:
        listed = ", ".join(f"{name} {sql}" for name, sql in DETECTED.sql_columns().items())
        engine.execute(f"CREATE TABLE detected ({listed})")
        engine.execute(
            "CREATE TABLE correlating (shared VARCHAR[], time TIMESTAMP, event_uid VARCHAR, value VARCHAR, "
            "step INTEGER, lacking BOOLEAN)"
        )
        for group, at, uid, value in reversed(rows):
            engine.execute("INSERT INTO correlating VALUES ([?], ?, ?, ?, 0, FALSE)", [group, at, uid, value])
        complete(engine, one)
        found = engine.execute("SELECT event_uid, shared, events, first_event_uid, last_at FROM detected").fetchall()
    assert sorted(found) == expected
