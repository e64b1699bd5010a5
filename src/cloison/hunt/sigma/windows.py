"""When do events of one group lie so close together that a correlation speaks? One pass in the order of time.

Two events are within a timespan when their times differ by at most that. What must reach a number (`>=`, `>`) is
judged at each event over the timespan that ends with it; the first event at which it is reached completes the
detection, which goes on while it stays reached again within a timespan: one detection a burst. What must stay below
or be exact is judged over whole spans: one begins with the first event and holds all within its timespan, the next
with the first event after. A condition in words is judged at each event of a rule that it asks for, over the timespan
that ends with it; of what it denies there must be nothing within the timespan before that event, nor after.
"""

import math
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeVar

Kind = Literal[
    "event_count",
    "value_count",
    "temporal",
    "temporal_ordered",
    "value_sum",
    "value_avg",
    "value_percentile",
    "value_median",
]
_COMPARED: dict[str, Callable[[float, float], bool]] = {
    "gte": lambda here, count: here >= count,
    "gt": lambda here, count: here > count,
    "lte": lambda here, count: here <= count,
    "lt": lambda here, count: here < count,
    "eq": lambda here, count: here == count,
    "neq": lambda here, count: here != count,
}


Key = TypeVar("Key")

_MOST_TIED = 200
"""So many ways to take events of the very same time in their turn are followed."""


Steps = frozenset[int]
"""Rules of a correlation by their number."""


@dataclass(frozen=True)
class Words:
    """A condition in words.

    Attributes:
        holds: given which rules speak in the timespan that ends with an event, and which in that before or after it.
        asks: the rules that it asks for.
        denies: the rules that stand under a `not`.
    """

    holds: Callable[[Steps, Steps], bool]
    asks: Steps = frozenset()
    denies: Steps = frozenset()


@dataclass(frozen=True)
class Asked:
    """What a correlation asks of the events of a group.

    Attributes:
        kind: of the correlation.
        span: how far apart in time they may be.
        operator, count: the condition on what is counted; for temporal kinds on how many of the rules speak.
        steps: how many rules there are, in their order.
        percentile: of a value_percentile, 0 to 100.
        words: the condition in words; None where it is a count.
    """

    kind: Kind
    span: timedelta
    operator: str
    count: float
    steps: int = 1
    percentile: int = 50
    words: Words | None = None

    @property
    def reaches(self) -> bool:
        """Whether a count has to reach a number, so that more events never undo it."""
        return self.words is None and self.operator in {"gte", "gt"}

    @property
    def lasts(self) -> bool:
        """Whether what it says at an event stays so, whatever comes after that event."""
        return self.reaches and self.kind != "temporal_ordered"

    @property
    def denies(self) -> bool:
        """Whether an event to come may undo what it says."""
        return self.words is not None and bool(self.words.denies)


@dataclass(frozen=True)
class Seen:
    """An event that a rule of the correlation describes: when, which, by which of the rules, with which value."""

    time: datetime
    event_uid: str
    step: int = 0
    value: str | float | None = None


@dataclass(frozen=True)
class Found:
    """A burst: the event that completed it, how many events it has, its first and its last."""

    completed: Seen
    events: int
    first: Seen
    last: Seen


def bursts(asked: Asked, seen: Sequence[Seen] | Iterable[Seen]) -> Iterator[Found]:
    """Every detection among the events of one group, which come in the order of (time, event_uid, step)."""
    if asked.kind == "temporal_ordered":
        return _joined(asked.span, _chains(asked, seen))
    if asked.words is not None:
        return _joined(asked.span, _worded(asked, asked.words, list(seen)))
    if asked.reaches:
        return _joined(asked.span, _sliding(asked, seen))
    return _spans(asked, seen)


@dataclass(frozen=True)
class _Reached:
    """The condition holds at `last`, over the events from `first` on; `place` numbers the events of the group."""

    first: Seen
    last: Seen
    first_place: int
    place: int


def _joined(span: timedelta, reached: Iterable[_Reached]) -> Iterator[Found]:
    """What is reached again within a timespan is the same burst."""
    begun: _Reached | None = None
    latest: _Reached | None = None
    for one in reached:
        if begun is not None and latest is not None and one.last.time - latest.last.time > span:
            yield _burst(begun, latest)
            begun = None
        begun, latest = begun or one, one
    if begun is not None and latest is not None:
        yield _burst(begun, latest)


def _burst(begun: _Reached, latest: _Reached) -> Found:
    return Found(begun.last, latest.place - begun.first_place + 1, begun.first, latest.last)


class _Window:
    """The events of the timespan that ends with the latest."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._held: deque[tuple[int, Seen]] = deque()
        self._values: Counter[object] = Counter()
        self._steps: Counter[int] = Counter()
        self._events: Counter[object] = Counter()
        self._places = 0

    @property
    def first(self) -> tuple[int, Seen]:
        """The place and the event it begins with."""
        return self._held[0]

    @property
    def steps(self) -> Steps:
        """Which rules speak in it."""
        return frozenset(self._steps)

    @property
    def place(self) -> int:
        """The place of the latest event among the group's."""
        return self._places - 1

    def add(self, one: Seen) -> None:
        """Take in the next event and let go of those that are too old."""
        while self._held and one.time - self._held[0][1].time > self._asked.span:
            self._let_go(self._held.popleft()[1])
        if not self._events[one.event_uid]:
            self._places += 1
        self._held.append((self._places - 1, one))
        self._events[one.event_uid] += 1
        self._steps[one.step] += 1
        if one.value is not None:
            self._values[one.value] += 1

    def clear(self) -> None:
        """Begin anew."""
        for counter in (self._values, self._steps, self._events):
            counter.clear()
        self._held.clear()

    def _let_go(self, old: Seen) -> None:
        _taken(self._values, old.value)
        _taken(self._steps, old.step)
        _taken(self._events, old.event_uid)

    def holds(self) -> bool:
        """Whether the condition holds over the events held."""
        measured = self._measured()
        return measured is not None and _COMPARED[self._asked.operator](measured, self._asked.count)

    def _measured(self) -> float | None:
        kind = self._asked.kind
        if kind == "event_count":
            return len(self._events)
        if kind == "temporal":
            return len(self._steps)
        if kind == "value_count":
            return len(self._values)
        numbers = sorted(float(one.value) for _, one in self._held if one.value is not None)
        return _NUMERIC[kind](numbers, self._asked.percentile) if numbers else None


def _taken(counter: Counter[Key], key: Key) -> None:
    """One less of it."""
    counter[key] -= 1
    if counter[key] <= 0:
        del counter[key]


def _percentile(numbers: list[float], percentile: int) -> float:
    """The smallest number that so many of a hundred do not exceed (nearest rank)."""
    return numbers[max(1, math.ceil(len(numbers) * percentile / 100)) - 1]


def _median(numbers: list[float]) -> float:
    half = len(numbers) // 2
    return numbers[half] if len(numbers) % 2 else (numbers[half - 1] + numbers[half]) / 2


_NUMERIC: dict[str, Callable[[list[float], int], float]] = {
    "value_sum": lambda numbers, _: math.fsum(numbers),
    "value_avg": lambda numbers, _: math.fsum(numbers) / len(numbers),
    "value_percentile": _percentile,
    "value_median": lambda numbers, _: _median(numbers),
}


def _sliding(asked: Asked, seen: Iterable[Seen]) -> Iterator[_Reached]:
    window = _Window(asked)
    for one in seen:
        window.add(one)
        if window.holds():
            place, first = window.first
            yield _Reached(first, one, place, window.place)


def _worded(asked: Asked, words: Words, seen: Sequence[Seen]) -> Iterator[_Reached]:
    """Where a condition in words holds; events that it only denies are looked at, and belong to no burst."""
    window = _Window(asked)
    around: Counter[int] = Counter()
    begin = end = 0
    for one in seen:
        while end < len(seen) and seen[end].time - one.time <= asked.span:
            around[seen[end].step] += 1
            end += 1
        while one.time - seen[begin].time > asked.span:
            _taken(around, seen[begin].step)
            begin += 1
        if one.step in words.asks:
            window.add(one)
            if words.holds(window.steps, frozenset(around)):
                place, first = window.first
                yield _Reached(first, one, place, window.place)


def _spans(asked: Asked, seen: Iterable[Seen]) -> Iterator[Found]:
    window = _Window(asked)
    events: dict[str, Seen] = {}
    for one in seen:
        if events and one.time - next(iter(events.values())).time > asked.span:
            yield from _whole(window, events)
            window.clear()
            events = {}
        window.add(one)
        events.setdefault(one.event_uid, one)
    if events:
        yield from _whole(window, events)


def _whole(window: _Window, events: dict[str, Seen]) -> Iterator[Found]:
    if window.holds():
        listed = list(events.values())
        yield Found(listed[-1], len(listed), listed[0], listed[-1])


@dataclass(frozen=True)
class _Chain:
    """Events of the first rules in their order."""

    events: tuple[tuple[int, Seen], ...]

    @property
    def began(self) -> datetime:
        """When it began."""
        return self.events[0][1].time

    def has(self, one: Seen) -> bool:
        """Whether the event is one of its own."""
        return any(other.event_uid == one.event_uid for _, other in self.events)


def _chains(asked: Asked, seen: Iterable[Seen]) -> Iterator[_Reached]:
    """Where the last rule speaks after all before it, each in its turn and of an event of its own; ties are in turn."""
    older: list[_Chain | None] = [None] * asked.steps
    for together in _same_time(seen):
        now: list[list[_Chain]] = [[] for _ in range(asked.steps)]
        for step in range(asked.steps):
            for place, one in together:
                if one.step == step:
                    now[step] += _extended(asked, step, place, one, older, now)
            now[step] = _told_apart(now[step])
        for chain in now[-1][:1]:
            place, last = chain.events[-1]
            yield _Reached(chain.events[0][1], last, chain.events[0][0], place)
        for step, chains in enumerate(now):
            held = older[step]
            if chains and (held is None or chains[0].began >= held.began):
                older[step] = chains[0]


def _extended(
    asked: Asked, step: int, place: int, one: Seen, older: list[_Chain | None], now: list[list[_Chain]]
) -> Iterator[_Chain]:
    if step == 0:
        yield _Chain(((place, one),))
        return
    before = older[step - 1]
    choices = [*([before] if before is not None else []), *now[step - 1]]
    for chain in choices:
        if not chain.has(one) and one.time - chain.began <= asked.span:
            yield _Chain((*chain.events, (place, one)))


def _told_apart(chains: list[_Chain]) -> list[_Chain]:
    """Of the chains that use the same events of the latest time only the one that began last, such first."""
    best: dict[frozenset[str], _Chain] = {}
    for chain in sorted(chains, key=lambda chain: chain.began, reverse=True):
        latest = chain.events[-1][1].time
        best.setdefault(frozenset(one.event_uid for _, one in chain.events if one.time == latest), chain)
    return list(best.values())[:_MOST_TIED]


def _same_time(seen: Iterable[Seen]) -> Iterator[list[tuple[int, Seen]]]:
    """Events of one time together, each with its place among the group's."""
    together: list[tuple[int, Seen]] = []
    places: dict[str, int] = {}
    count = 0
    for one in seen:
        if together and one.time != together[0][1].time:
            yield together
            together, places = [], {}
        if one.event_uid not in places:
            places[one.event_uid] = count
            count += 1
        together.append((places[one.event_uid], one))
    if together:
        yield together
