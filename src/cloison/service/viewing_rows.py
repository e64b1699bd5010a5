"""Which rows of a table, of which hours, with which values, in which order; a page at a time, out of how many?

Tables and columns are those of the contracts and nothing else; every value of a question is a parameter.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final, Literal, get_args

import msgspec

from cloison.errors import InputError
from cloison.service.investigate import moment
from cloison.service.plan import contracts
from cloison.service.viewing import SLOT_SECONDS, View
from cloison.sources.paths import quoted
from cloison.sources.words import nearest

ROWS: Final = 50
"""So many rows are on a page that does not say how many."""
MOST_ROWS: Final = 500
_MOST_TESTS: Final = 20
_VALUE_CHARACTERS: Final = 4_096

Op = Literal["is", "not", "has", "starts", "none"]
OPS: Final = get_args(Op)

TIMES: Final[Mapping[str, tuple[str, str]]] = {
    "events": ("time", "time"),
    "acts": ("time", "time"),
    "timeline": ("time", "time"),
    "sightings": ("time", "time"),
    "detections": ("time", "time"),
    "sessions": ("first_at", "last_at"),
    "touched": ("first_at", "last_at"),
    "coverage": ("first_at", "last_at"),
    "compromised": ("since", "until"),
}
"""When what each row tells begins and ends; a row of a table that is not here belongs to every hour."""


class Test(msgspec.Struct, frozen=True):
    """What a column of a row must be: `is` or `not` a value, `has` or `starts` with a text (any case), or `none`."""

    column: str
    op: Op
    value: str = ""


class Question(msgspec.Struct, frozen=True):
    """Which rows: those that touch the hours from `since` up to before `until` and pass every test.

    `order` is a column, with `-` before it the greatest first, or "" for the table's own; `after` is the `next` of the
    page before.
    """

    table: str
    since: datetime | None = None
    until: datetime | None = None
    tests: tuple[Test, ...] = ()
    order: str = ""
    after: str = ""
    limit: int = ROWS


class Page(msgspec.Struct, frozen=True):
    """Some rows: `matched` of `of` rows of the table answer the question; `next` is "" on the last page."""

    table: str
    columns: tuple[str, ...]
    rows: list[tuple[object, ...]]
    matched: int
    of: int
    next: str

    def told(self) -> Iterator[dict[str, object]]:
        """Each row as its columns with their values."""
        for row in self.rows:
            yield dict(zip(self.columns, row, strict=True))


def read_question(table: str, words: Mapping[str, Sequence[str]]) -> Question:
    """The question that the parameters of an address ask: from, to, f=column:op:value, order, after, limit.

    Raises:
        InputError: a parameter cannot be understood.
    """
    tests = [_read_test(text) for text in words.get("f", ())]
    if len(tests) > _MOST_TESTS:
        raise InputError(f"{len(tests)} filters", where="f", remedy=f"at most {_MOST_TESTS} at once")
    return Question(
        table,
        _read_time(words, "from"),
        _read_time(words, "to"),
        tuple(dict.fromkeys(tests)),
        _word(words, "order"),
        _word(words, "after"),
        _read_limit(_word(words, "limit")),
    )


def _word(words: Mapping[str, Sequence[str]], name: str) -> str:
    given = words.get(name) or ("",)
    return given[-1][:_VALUE_CHARACTERS]


def _read_time(words: Mapping[str, Sequence[str]], name: str) -> datetime | None:
    text = _word(words, name).strip()
    if not text:
        return None
    found = moment(text)
    if found is None:
        raise InputError(f"{text[:40]!r} is no time", where=name, remedy="write 2023-11-14T09:00:00Z")
    return found.replace(tzinfo=UTC)


def _read_limit(text: str) -> int:
    if not text:
        return ROWS
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text[:9]) <= MOST_ROWS:
        raise InputError(f"{text[:40]!r} is no number of rows", where="limit", remedy=f"write 1 to {MOST_ROWS}")
    return int(text)


def _read_test(text: str) -> Test:
    """`principal:is:a.b`; what is behind the second colon is the value, colons and all."""
    column, _, rest = text.partition(":")
    op, _, value = rest.partition(":")
    if op not in OPS:
        remedy = f"write column:op:value with one of {', '.join(OPS)}"
        raise InputError(f"{text[:60]!r} is no filter", where="f", remedy=remedy)
    return Test(column, op, value[:_VALUE_CHARACTERS])  # type: ignore[arg-type]  # it is one of them


class Clause(msgspec.Struct, frozen=True):
    """A condition of SQL and what its parameters stand for."""

    sql: str
    parameters: tuple[object, ...]


def where(view: View, question: Question) -> Clause:
    """What a row has to be, as a condition.

    Raises:
        InputError: there is no such table or column, or its values are of another kind.
    """
    columns = view.columns(question.table)
    parts = [*_hours(question), *(_tested(columns, test) for test in question.tests)]
    return Clause(" AND ".join(one.sql for one in parts) or "TRUE", tuple(p for one in parts for p in one.parameters))


def _hours(question: Question) -> Iterator[Clause]:
    begin, end = TIMES.get(question.table, ("", ""))
    if begin and question.since:
        ends = quoted(end) if begin == end else f"coalesce({quoted(end)}, TIMESTAMP '9999-12-31')"
        yield Clause(f"{ends} >= ?", (question.since.replace(tzinfo=None),))
    if begin and question.until:
        yield Clause(f"{quoted(begin)} < ?", (question.until.replace(tzinfo=None),))


def _tested(columns: Mapping[str, str], test: Test) -> Clause:
    kind = columns.get(test.column)
    if kind is None:
        raise InputError(f"no column {test.column[:60]!r}", where="f", remedy=nearest(test.column[:60], list(columns)))
    name = quoted(test.column)
    if test.op == "none":
        return Clause(f"({name} IS NULL)" if kind != "string" else f"coalesce({name}, '') = ''", ())
    return (_tested_text if kind in {"string", "strings"} else _tested_value)(name, kind, test)


_TEXT: Final[Mapping[tuple[str, Op], str]] = {
    ("string", "is"): "{0} = ?",
    ("string", "not"): "{0} IS DISTINCT FROM ?",
    ("string", "has"): "contains(lower({0}), lower(?))",
    ("string", "starts"): "starts_with(lower({0}), lower(?))",
    ("strings", "is"): "list_contains({0}, ?)",
    ("strings", "not"): "NOT coalesce(list_contains({0}, ?), FALSE)",
    ("strings", "has"): "contains(lower(array_to_string({0}, chr(10))), lower(?))",
    ("strings", "starts"): "starts_with(lower(array_to_string({0}, chr(10))), lower(?))",
}


def _tested_text(name: str, kind: str, test: Test) -> Clause:
    return Clause(_TEXT[kind, test.op].format(name), (test.value,))


def _tested_value(name: str, kind: str, test: Test) -> Clause:
    if test.op not in {"is", "not"}:
        raise InputError(f"{name} holds no text", where="f", remedy="ask whether it `is` or is `not` a value")
    value = _READERS[kind](test.value)
    if value is None:
        raise InputError(f"{test.value[:40]!r} is no {kind}", where=f"f={test.column}", remedy=_WRITTEN[kind])
    return Clause(f"{name} {'=' if test.op == 'is' else 'IS DISTINCT FROM'} ?", (value,))


def _read_int(text: str) -> int | None:
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdecimal() and len(digits) < 19 else None


_READERS: Final[Mapping[str, Callable[[str], object]]] = {
    "int": _read_int,
    "bool": {"true": True, "false": False}.get,
    "timestamp": moment,
}
_WRITTEN: Final = {"int": "write a number", "bool": "write true or false", "timestamp": "write 2023-11-14T09:00:00Z"}


def rows(view: View, question: Question, columns: Sequence[str] = ()) -> Page:
    """One page of the rows that answer a question, and how many there are; of some columns, or of all.

    Raises:
        InputError: the question names what there is not.
    """
    held = view.columns(question.table)
    names = tuple(name for name in held if name in columns or name in _BY_PLACE.get(question.table, ()) or not columns)
    limit = max(1, min(question.limit, MOST_ROWS))
    offset = 0 if question.table in _BY_PLACE and not question.order else _offset(question.after)
    asked = where(view, question)
    order, place = _ordered(view, question)
    near = _near(view, question, limit + 1)
    found = view.ask(
        f"""SELECT {", ".join(map(quoted, names))} FROM {quoted(question.table)}
        WHERE {asked.sql} AND {place.sql} AND {near.sql} ORDER BY {order} LIMIT ? OFFSET ?""",
        (*asked.parameters, *place.parameters, *near.parameters, limit + 1, offset),
    )
    following = _next(question, names, found[limit - 1], offset + limit) if len(found) > limit else ""
    return Page(question.table, names, found[:limit], matched(view, question), total(view, question.table), following)


def _near(view: View, question: Question, limit: int) -> Clause:
    """Up to when the rows of a page must lie, where the counts of the view tell."""
    columns = {test.column for test in question.tests}
    if question.table != "events" or question.order or not columns <= {"source", "system"}:
        return Clause("TRUE", ())
    begun = [question.since] if question.since else []
    begun += [_place(question.after)[0].replace(tzinfo=UTC)] if question.after else []
    first = int(max(begun).timestamp()) // SLOT_SECONDS + 1 if begun else None
    tests = [_tested(view.columns("events"), test) for test in question.tests]
    told = " AND ".join(["slot >= coalesce(?, slot)", *(one.sql for one in tests)])
    found = view.ask(
        f"""SELECT slot FROM (SELECT slot, sum(sum(events)) OVER (ORDER BY slot) AS events FROM slots
          WHERE {told} GROUP BY slot) WHERE events >= ? ORDER BY slot LIMIT 1""",
        (first, *(value for one in tests for value in one.parameters), limit),
    )
    if not found:
        return Clause("TRUE", ())
    until = datetime.fromtimestamp((int(str(found[0][0])) + 1) * SLOT_SECONDS, UTC)
    return Clause("time < ?", (until.replace(tzinfo=None),))


_BY_PLACE: Final = {"events": ("time", "event_uid"), "acts": ("time", "event_uid")}
"""Tables of which any page is as near as the first: it begins behind the key of the page before."""


def _ordered(view: View, question: Question) -> tuple[str, Clause]:
    """How the rows are ordered, and behind which of them the page begins."""
    columns = view.columns(question.table)
    key = _BY_PLACE.get(question.table) or contracts()[question.table].key
    told = ", ".join(map(quoted, key))
    name = question.order.removeprefix("-")
    if name:
        if name not in columns:
            raise InputError(f"no column {name[:60]!r}", where="order", remedy=nearest(name[:60], list(columns)))
        return f"{quoted(name)} {'DESC' if question.order[0] == '-' else 'ASC'} NULLS LAST, {told}", Clause("TRUE", ())
    if question.table in _BY_PLACE and question.after:
        time, uid = _place(question.after)
        return told, Clause(f"({key[0]} >= ? AND ({key[0]} > ? OR {key[1]} > ?))", (time, time, uid))
    return told, Clause("TRUE", ())


def _place(text: str) -> tuple[datetime, str]:
    try:
        time, uid = json.loads(text)
        found = moment(time)
    except (ValueError, TypeError, RecursionError):
        found, uid = None, ""
    if found is None or not isinstance(uid, str):
        raise InputError("this page begins nowhere", where="after", remedy="take `after` from the page before")
    return found, uid


def _offset(text: str) -> int:
    if text and not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise InputError("this page begins nowhere", where="after", remedy="take `after` from the page before")
    return int(text or 0)


def _next(question: Question, columns: Sequence[str], last: tuple[object, ...], offset: int) -> str:
    if question.table not in _BY_PLACE or question.order:
        return str(offset)
    time, uid = (last[columns.index(name)] for name in _BY_PLACE[question.table])
    return json.dumps([time.isoformat() if isinstance(time, datetime) else "", uid], separators=(",", ":"))


def matched(view: View, question: Question) -> int:
    """How many rows answer a question."""
    asked = where(view, question)
    if asked.sql == "TRUE":
        return total(view, question.table)
    counted = slotted(view, question)
    if counted is not None:
        sql, asked = f"SELECT coalesce(sum(events), 0)::BIGINT FROM ({counted.sql})", counted
    else:
        sql = f"SELECT count(*) FROM {quoted(question.table)} WHERE {asked.sql}"
    return view.keeping(matched_as(view, question), lambda: _number(view.ask(sql, asked.parameters)))


def matched_as(view: View, question: Question) -> object:
    """Under which name the number of rows that answer a question is kept."""
    asked = where(view, question)
    return ("matched", question.table, asked.sql, asked.parameters)


def slotted(view: View, question: Question) -> Clause | None:
    """A query for the events that answer a question by slot, source and system, of the counts of the view.

    Only slots that begin before the hours asked for or end after them are counted anew. None where the counts do not
    tell what is asked.
    """
    if question.table != "events" or not {test.column for test in question.tests} <= {"source", "system"}:
        return None
    tests = [_tested(view.columns("events"), test) for test in question.tests]
    told = " AND ".join(["TRUE", *(one.sql for one in tests)])
    values = tuple(value for one in tests for value in one.parameters)
    since, until = question.since, question.until
    first = None if since is None else -(-int(since.timestamp() * 1_000_000) // (SLOT_SECONDS * 1_000_000))
    last = None if until is None else int(until.timestamp()) // SLOT_SECONDS
    if first is not None and last is not None and first >= last:
        return None
    whole = f"""SELECT slot, source, system, events FROM slots
      WHERE slot >= coalesce(?, slot) AND slot < coalesce(?, slot + 1) AND {told}"""
    parts, parameters = [whole], [first, last, *values]
    for begin, end in ((since, _begins(first)), (_begins(last), until)):
        if begin is not None and end is not None and begin < end:
            parts.append(
                f"""SELECT epoch_us(time) // {SLOT_SECONDS * 1_000_000}, source, system, count(*) FROM events
                WHERE time >= ? AND time < ? AND {told} GROUP BY ALL"""
            )
            parameters += [begin.replace(tzinfo=None), end.replace(tzinfo=None), *values]
    return Clause(" UNION ALL ".join(parts), tuple(parameters))


def _begins(slot: int | None) -> datetime | None:
    """When a slot begins; None where time does not reach so far."""
    try:
        return None if slot is None else datetime.fromtimestamp(slot * SLOT_SECONDS, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def ends_of(table: str) -> str:
    """SQL: when the first of some rows of a table begins and the last one ends; nulls where its rows have no time."""
    begin, end = TIMES.get(table, ("", ""))
    return f"min({quoted(begin)}), max(coalesce({quoted(end)}, {quoted(begin)}))" if begin else "NULL, NULL"


def time_in(value: object) -> datetime | None:
    """A cell that holds a time or nothing."""
    return value if isinstance(value, datetime) else None


def total(view: View, table: str) -> int:
    """How many rows a table has."""
    view.columns(table)
    if table == "events":
        return view.events
    sql = f"SELECT count(*) FROM {quoted(table)}"
    return view.keeping(("total", table), lambda: _number(view.ask(sql)))


def _number(found: list[tuple[object, ...]]) -> int:
    return int(str(found[0][0]))
