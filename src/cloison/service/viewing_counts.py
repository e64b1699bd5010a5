"""How do the rows that answer a question lie in time, and over the values of a column?"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from cloison.errors import InputError
from cloison.service.viewing import SLOT_SECONDS, View
from cloison.service.viewing_rows import TIMES, Question, ends_of, matched, matched_as, slotted, time_in, total, where
from cloison.sources.paths import quoted
from cloison.sources.words import nearest

BUCKETS: Final = 120
"""At most so many bars."""
GROUPS: Final = 12
_STEPS: Final = (1, 5, 15, 60, 300, 900, 1_800, 3_600, 10_800, 21_600, 43_200, 86_400, 604_800, 2_592_000, 31_536_000)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Lane(msgspec.Struct, frozen=True):
    """The counts of one name, a number for each bucket."""

    name: str
    counts: tuple[int, ...]


class Histogram(msgspec.Struct, frozen=True):
    """Counts in buckets of `step_seconds` from `since` on, by lane; `total` rows are in them."""

    since: datetime
    until: datetime
    step_seconds: int
    lanes: tuple[Lane, ...]
    total: int

    def starts(self) -> list[datetime]:
        """When each bucket begins."""
        step = timedelta(seconds=self.step_seconds)
        count = len(self.lanes[0].counts) if self.lanes else 0
        return [self.since + step * number for number in range(count)]

    def sums(self) -> list[int]:
        """The counts of all lanes together."""
        return [sum(column) for column in zip(*(one.counts for one in self.lanes), strict=True)]


class Group(msgspec.Struct, frozen=True):
    """How many of the rows have these values."""

    values: tuple[object, ...]
    count: int
    first_at: datetime | None
    last_at: datetime | None


class Tally(msgspec.Struct, frozen=True):
    """The most frequent groups, of how many groups and rows."""

    columns: tuple[str, ...]
    groups: tuple[Group, ...]
    groups_in_all: int
    matched: int
    of: int


def histogram(view: View, question: Question, by: str = "system") -> Histogram | None:
    """How the rows lie in time, by system or source; None where no row that answers has a time."""
    columns = view.columns(question.table)
    if question.table not in TIMES:
        raise InputError(f"rows of {question.table!r} have no time", remedy=f"ask of {', '.join(TIMES)}")
    if by not in {"system", "source"} or by not in columns:
        raise InputError(f"no lanes by {by!r} here", where="by", remedy="system, or source where there is one")
    return view.keeping(
        ("histogram", question.table, where(view, question), _bounds(question), by), lambda: _drawn(view, question, by)
    )


def _bounds(question: Question) -> tuple[datetime | None, datetime | None]:
    return question.since, question.until


def _drawn(view: View, question: Question, by: str) -> Histogram | None:
    span = _span(view, question)
    if span is None:
        return None
    since, until = span
    step = _step(until - since)
    first = int((since - _EPOCH).total_seconds()) // step
    last = int((until - _EPOCH).total_seconds()) // step
    lanes: dict[str, list[int]] = {}
    for name, bucket, count in _counted(view, question, by, step):
        here = int(str(bucket)) - first
        if 0 <= here <= last - first:
            lanes.setdefault(str(name or ""), [0] * (last - first + 1))[here] += int(str(count))
    told = tuple(Lane(name, tuple(lanes[name])) for name in sorted(lanes))
    if question.table == "events":  # all of which have a time, and so are counted here
        view.keeping(matched_as(view, question), lambda: sum(sum(one.counts) for one in told))
    start, end = (_EPOCH + timedelta(seconds=step * number) for number in (first, last + 1))
    return Histogram(start, end, step, told, sum(sum(one.counts) for one in told))


def _step(span: timedelta) -> int:
    seconds = span.total_seconds()
    return next((step for step in _STEPS if seconds / step <= BUCKETS - 2), int(seconds // (BUCKETS - 2)) + 1)


def _span(view: View, question: Question) -> tuple[datetime, datetime] | None:
    """The hours that are drawn: those asked for, as far as rows go."""
    begin, _ = TIMES[question.table]
    if question.table == "events":
        first, last = view.since, view.until
    else:
        asked = where(view, question)
        [(first, last)] = view.ask(  # type: ignore[assignment]  # both are times
            f"SELECT min({quoted(begin)}), max({quoted(begin)}) FROM {quoted(question.table)} WHERE {asked.sql}",
            asked.parameters,
        )
    if not isinstance(first, datetime) or not isinstance(last, datetime):
        return None
    since = max(first, question.since) if question.since else first
    until = min(last, question.until) if question.until else last
    return (since, until) if since <= until else None


def _counted(view: View, question: Question, by: str, step: int) -> Iterable[tuple[object, ...]]:
    """Name, bucket since 1970, count; from the counts of the view where they hold the whole answer."""
    told = slotted(view, question) if step % SLOT_SECONDS == 0 else None
    if told is not None:
        return view.ask(
            f"""SELECT {quoted(by)}, slot * {SLOT_SECONDS} // {step}, sum(events)::BIGINT FROM ({told.sql})
            GROUP BY ALL""",
            told.parameters,
        )
    begin, _ = TIMES[question.table]
    asked = where(view, question)
    return view.ask(
        f"""SELECT {quoted(by)}, epoch_us({quoted(begin)}) // {step * 1_000_000}, count(*)
        FROM {quoted(question.table)} WHERE {asked.sql} GROUP BY ALL""",
        asked.parameters,
    )


def tally(view: View, question: Question, by: tuple[str, ...], most: int = GROUPS) -> Tally:
    """The most frequent values of some columns among the rows that answer a question.

    Raises:
        InputError: there is no such column.
    """
    columns = view.columns(question.table)
    for name in by:
        if name not in columns:
            raise InputError(f"no column {name[:60]!r}", where="by", remedy=nearest(name[:60], list(columns)))
    asked = where(view, question)
    listed = ", ".join(map(quoted, by))
    sql = f"""SELECT {listed}, count(*) AS n, {ends_of(question.table)}, count(*) OVER () FROM {quoted(question.table)}
      WHERE {asked.sql} GROUP BY {listed} ORDER BY n DESC, {listed} LIMIT ?"""
    found = view.keeping(("tally", sql, asked.parameters, most), lambda: view.ask(sql, (*asked.parameters, most)))
    wide = len(by)
    groups = tuple(
        Group(row[:wide], int(str(row[wide])), time_in(row[wide + 1]), time_in(row[wide + 2])) for row in found
    )
    groups_in_all = int(str(found[0][-1])) if found else 0
    return Tally(by, groups, groups_in_all, matched(view, question), total(view, question.table))
