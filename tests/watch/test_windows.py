"""Do correlations say batch by batch what they say of all that came so far?"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cloison.hunt.sigma.correlating import Correlated, Part
from cloison.hunt.sigma.correlations import Correlation
from cloison.hunt.sigma.detections import DETECTED
from cloison.hunt.sigma.places import Place, Taxonomy, Value
from cloison.hunt.sigma.said import Said
from cloison.hunt.sigma.taxonomies import Reading
from cloison.hunt.sigma.windows import Asked, Seen, bursts
from cloison.ocsf.events import EVENTS
from cloison.watch.windows import BESIDE, Window

START = datetime(2026, 1, 1)
PLACES = Taxonomy(
    lambda name: Place((Value(name, "texts" if name == "people" else "text"),)),
    lambda: Place(()),
)
COLUMNS = {
    "event_uid": "VARCHAR",
    "time": "TIMESTAMP",
    "people": "VARCHAR[]",
    "what": "VARCHAR",
    "rule": "INTEGER",
    **{name: EVENTS.sql_columns()[name] for name in BESIDE},
}

Event = tuple[int, frozenset[str], str | None, int]
"""A second, whose it is, a value, and the rule that describes it."""

_event = st.tuples(
    st.integers(0, 12),
    st.frozensets(st.sampled_from("gh"), min_size=1),
    st.sampled_from(["x", "y", "z", None]),
    st.integers(0, 1),
)
_batches = st.lists(st.lists(_event, max_size=6), min_size=1, max_size=6)


def correlated(asked: Asked) -> Correlated:
    """A correlation of two rules."""
    said = Said("c", "c")
    parts = tuple(
        Part(step, step, "events", Reading("TRUE", PLACES), ("people",), ("what",), frozenset({step}))
        for step in (0, 1)
    )
    asked_for = Correlation(said, ("a", "b"), ("people",), {}, ("what",), generate=False, asked=asked)
    return Correlated(7, asked_for, parts)


class Batches:
    """A window over one correlation, in an engine of its own."""

    def __init__(self, asked: Asked) -> None:
        self.engine = duckdb.connect()
        for table, columns in (("detected", DETECTED.sql_columns()), ("events", COLUMNS)):
            self.engine.execute(f"CREATE TABLE {table} ({', '.join(f'{name} {sql}' for name, sql in columns.items())})")
        self.window = Window(self.engine, [correlated(asked)])
        self._count = 0

    def see(self, batch: Iterable[Event]) -> set[tuple[str, str]]:
        """Which events complete it, and of which group."""
        self.engine.execute("TRUNCATE events; TRUNCATE detected")
        for second, people, what, rule in batch:
            row = [f"e{self._count:03}", START + timedelta(seconds=second), sorted(people), what, rule]
            self.engine.execute("INSERT INTO events (event_uid, time, people, what, rule) VALUES (?, ?, ?, ?, ?)", row)
            self._count += 1
        self.engine.execute(
            "INSERT INTO detected SELECT rule, event_uid, time, '', 1, time, time, event_uid FROM events"
        )
        if self.window.add():
            self.window.correlate(new=True)
        return set(self.engine.execute("SELECT event_uid, shared FROM detected WHERE rule_number = 7").fetchall())

    def close(self) -> None:
        """Let go of the engine."""
        self.engine.close()


def plainly(asked: Asked, batches: list[list[Event]]) -> set[tuple[str, str]]:
    """The same of all that came so far, after each batch, of the groups that it adds to."""
    rows: list[tuple[str, Seen]] = []
    found = set()
    count = 0
    for batch in batches:
        touched: set[str] = set()
        for second, people, what, rule in batch:
            at = START + timedelta(seconds=second)
            rows += [(who, Seen(at, f"e{count:03}", rule, what)) for who in people]
            touched |= people
            count += 1
        for who in touched:
            ours = sorted((one for of, one in rows if of == who), key=lambda one: (one.time, one.event_uid, one.step))
            found |= {(one.completed.event_uid, f"people={who}") for one in bursts(asked, ours)}
    return found


@settings(max_examples=150, deadline=None)
@given(
    _batches,
    st.integers(0, 14),
    st.integers(1, 4),
    st.sampled_from(["event_count", "value_count", "temporal", "temporal_ordered"]),
    st.sampled_from(["gte", "gt", "eq", "lt"]),
)
def test_batches_say_what_all_that_came_says(
    batches: list[list[Event]], span: int, least: int, kind: Any, operator: str
) -> None:
    if kind == "temporal_ordered":  # it asks for both, and for nothing else
        operator, least = "gte", 2
    asked = Asked(kind, timedelta(seconds=span), operator, least, steps=2)
    watched = Batches(asked)
    try:
        found = set().union(*(watched.see(one) for one in batches))
    finally:
        watched.close()
    assert found == plainly(asked, batches)


def one_of(second: int, who: str = "g") -> Event:
    return second, frozenset({who}), None, 0


@pytest.fixture
def two_within_ten() -> Any:
    """Two events within ten seconds."""
    watched = Batches(Asked("event_count", timedelta(seconds=10), "gte", 2))
    yield watched
    watched.close()


def test_what_was_told_is_not_counted_again(two_within_ten: Batches) -> None:
    assert two_within_ten.see([one_of(0), one_of(5)]) == {("e001", "people=g")}
    assert two_within_ten.see([one_of(6)]) == set()
    assert two_within_ten.see([one_of(7, "h"), one_of(8, "h")]) == {("e004", "people=h")}


def test_what_comes_before_what_was_told_is_told(two_within_ten: Batches) -> None:
    assert two_within_ten.see([one_of(0), one_of(5)]) == {("e001", "people=g")}
    assert two_within_ten.see([one_of(3)]) == {("e002", "people=g")}
    assert two_within_ten.see([one_of(4)]) == set()


def test_what_was_told_long_ago_is_told_again(two_within_ten: Batches) -> None:
    assert two_within_ten.see([one_of(0), one_of(5)]) == {("e001", "people=g")}
    assert two_within_ten.see([one_of(100)]) == {("e001", "people=g")}
    assert ("e003", "people=g") in two_within_ten.see([one_of(101)])


def test_what_was_told_is_forgotten_after_its_timespan(
    two_within_ten: Batches, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cloison.watch.windows.LATE", 0)
    told = "SELECT count(*) FROM window_told"
    two_within_ten.see([one_of(0), one_of(5)])
    assert two_within_ten.engine.execute(told).fetchall() == [(1,)]
    two_within_ten.see([one_of(100)])
    two_within_ten.window.forget()
    assert two_within_ten.engine.execute(told).fetchall() == [(0,)]
    assert two_within_ten.see([one_of(101)]) == {("e003", "people=g")}
