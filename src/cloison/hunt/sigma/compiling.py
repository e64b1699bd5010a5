"""How does a rule's condition read as SQL over one row? What is null is no match, and NOT is never null."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from cloison.hunt.sigma.places import Place, Taxonomy, Value
from cloison.hunt.sigma.terms import (
    Absent,
    Every,
    Exists,
    Match,
    Network,
    Not,
    Number,
    Part,
    Pattern,
    Regex,
    Same,
    Term,
    Test,
    Text,
    Truth,
    UnfitError,
)
from cloison.sources.paths import literal

NUMERAL = "[+-]?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?"
"""What a text must be like to be compared as a number."""

_EXACT = 2**53
"""Whole numbers beyond are told apart by their digits: a DOUBLE does not."""

_IPV4 = "00000000000000000000ffff"
"""What the sortable key of an address of IPv4 begins with."""


@dataclass(frozen=True)
class OneOf:
    """Patterns that are one text each, compared without regard to case: one list is planned and asked faster."""

    texts: tuple[str, ...]


Hoist = Callable[[str], str]
"""Names an expression that many tests share, so that it is evaluated once a row."""


def condition_sql(term: Term, taxonomy: Taxonomy, hoist: Hoist) -> str:
    """The SQL condition of a term; TRUE where it holds, FALSE or NULL where it does not.

    Raises:
        UnfitError: a field is not to be had, or a regular expression is of a kind that the engine does not know.
    """
    if isinstance(term, Match):
        return _match_sql(term, taxonomy, hoist)
    if isinstance(term, Not):
        return f"({condition_sql(term.one, taxonomy, hoist)}) IS NOT TRUE"
    if isinstance(term, Every):
        return " AND ".join(f"({condition_sql(one, taxonomy, hoist)})" for one in term.each)
    return " OR ".join(f"({one})" for one in _either_sql(term.each, taxonomy, hoist))


def _either_sql(each: Sequence[Term], taxonomy: Taxonomy, hoist: Hoist) -> Iterator[str]:
    """The conditions of which any may hold; the texts that one field may be are one condition."""
    texts: dict[str | None, list[str]] = {}
    for one in each:
        if isinstance(one, Match) and isinstance(one.test, Pattern) and (text := _text_of(one.test)) is not None:
            texts.setdefault(one.field, []).append(text)
        else:
            yield condition_sql(one, taxonomy, hoist)
    for field, some in texts.items():
        place = taxonomy.everything() if field is None else taxonomy.place(field)
        yield " OR ".join(f"({_any_sql(one, OneOf(tuple(some)), hoist)})" for one in place.values) or "FALSE"


def _text_of(pattern: Pattern) -> str | None:
    """The text that a pattern is, where it has no wildcard and does not regard case."""
    parts = [part.text for part in pattern.parts if isinstance(part, Text)]
    return "".join(parts) if len(parts) == len(pattern.parts) and not pattern.cased else None


def _match_sql(match: Match, taxonomy: Taxonomy, hoist: Hoist) -> str:
    place = taxonomy.everything() if match.field is None else taxonomy.place(match.field)
    test = match.test
    if isinstance(test, Absent):
        return f"NOT ({place.held})"
    if isinstance(test, Exists):
        return place.there if test.wanted else f"NOT ({place.there})"
    if isinstance(test, Same):
        return _same_sql(place, taxonomy.place(test.field), test)
    return " OR ".join(f"({_any_sql(one, test, hoist)})" for one in place.values) or "FALSE"


def _any_sql(value: Value, test: Test | OneOf, hoist: Hoist) -> str:
    if value.kind != "texts":
        return _value_sql(value, test, hoist)
    inner = _value_sql(Value("v"), test, lambda sql: sql)
    return f"len(list_filter({value.sql}, lambda v: {inner})) > 0"


def _value_sql(value: Value, test: Test | OneOf, hoist: Hoist) -> str:
    """A test of one value."""
    if isinstance(test, OneOf | Pattern):
        return _text_sql(_as_text(value), test, hoist)
    if isinstance(test, Number):
        return _number_sql(value, test)
    if isinstance(test, Truth):
        said = literal("true" if test.value else "false")
        return f"{value.sql} = {said}::BOOLEAN" if value.kind == "bool" else f"lower({_as_text(value)}) = {said}"
    if isinstance(test, Regex):
        return f"regexp_matches({_as_text(value)}, {text_sql(spelled_regex(test))})"
    if isinstance(test, Network):
        return _network_sql(_as_text(value), test)
    if isinstance(test, Part):
        at = value.sql if value.kind == "time" else f"cl_time({_as_text(value)})"
        return f"{test.unit}({at}) = {test.number}"
    raise UnfitError(f"cannot be compiled: {test}")


def _text_sql(text: str, test: OneOf | Pattern, hoist: Hoist) -> str:
    if isinstance(test, Pattern):
        return _pattern_sql(text, test, hoist)
    listed = ", ".join(text_sql(one, lower=True) for one in dict.fromkeys(test.texts))
    return f"{hoist(f'lower({text})')} IN ({listed})"


def _network_sql(text: str, test: Network) -> str:
    """The cheap test goes first: IPv4 begins with the octets that the network fixes, IPv6 has a colon."""
    within = f"cl_ip_key({text}) BETWEEN {literal(test.low)} AND {literal(test.high)}"
    perhaps = f"contains({text}, ':')"
    if test.low.startswith(_IPV4):
        low, high = (bytes.fromhex(key[len(_IPV4) :])[:3] for key in (test.low, test.high))
        alike = takewhile(lambda pair: pair[0] == pair[1], zip(low, high, strict=True))
        fixed = "".join(f"{octet}." for octet, _ in alike)
        perhaps = f"starts_with({text}, {literal(fixed)}) OR {perhaps}"
    return f"CASE WHEN {perhaps} THEN {within} ELSE FALSE END"


def spelled_regex(test: Regex) -> str:
    """A regular expression with its flags, as the engine (RE2) takes it."""
    return f"(?{test.flags}){test.pattern}" if test.flags else test.pattern


def _as_text(value: Value) -> str:
    return value.sql if value.kind == "text" else f"CAST({value.sql} AS VARCHAR)"


def _pattern_sql(text: str, pattern: Pattern, hoist: Hoist) -> str:
    """Equality, the beginning, the end, the inside, or else LIKE, of the text or of both in lower case."""
    here = text if pattern.cased else hoist(f"lower({text})")
    fixed = [part.text for part in pattern.parts if isinstance(part, Text)]
    shape = tuple("text" if isinstance(part, Text) else part for part in pattern.parts)
    whole = text_sql("".join(fixed), lower=not pattern.cased)
    if shape in _SIMPLE:
        return _SIMPLE[shape].format(here, whole)
    like = "".join(_like(part) for part in pattern.parts)
    return f"{here} LIKE {text_sql(like, lower=not pattern.cased)} ESCAPE '\\'"


_SIMPLE = {
    (): "{0} = {1}",
    ("text",): "{0} = {1}",
    ("many",): "{0} IS NOT NULL",
    ("many", "text"): "ends_with({0}, {1})",
    ("text", "many"): "starts_with({0}, {1})",
    ("many", "text", "many"): "contains({0}, {1})",
}


def _like(part: object) -> str:
    if isinstance(part, Text):
        return part.text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return "%" if part == "many" else "_"


def text_sql(text: str, *, lower: bool = False) -> str:
    """A text of a rule as an SQL literal; NUL, which ends a statement, is spelled by its number."""
    joined = " || chr(0) || ".join(literal(part) for part in text.split("\0"))
    plain = f"({joined})" if "\0" in text else joined
    if not lower:
        return plain
    return plain.lower() if text.isascii() and "\0" not in text else f"lower({plain})"


def _number_sql(value: Value, test: Number) -> str:
    number = repr(test.number)
    if value.kind == "int":
        return f"{value.sql} {test.operator} {number}"
    text = _as_text(value)
    if test.operator in ("=", "<>") and isinstance(test.number, int) and abs(test.number) > _EXACT:
        return f"{text} {test.operator} {literal(number)}"
    read = f"regexp_full_match({text}, {literal(NUMERAL)}) AND try_cast({text} AS DOUBLE) {test.operator} {number}"
    return f"{text} = {literal(number)} OR ({read})" if test.operator == "=" else read


def _same_sql(place: Place, other: Place, test: Same) -> str:
    """Any value of a field against any of the other, without regard to case."""
    form = {
        (False, False): "{0} = {1}",
        (True, False): "starts_with({0}, {1})",
        (False, True): "ends_with({0}, {1})",
        (True, True): "contains({0}, {1})",
    }[test.starts, test.ends]
    here, there = _texts(place), _texts(other)
    inner = form.format("lower(v)", "lower(w)")
    return f"len(list_filter({here}, lambda v: len(list_filter({there}, lambda w: {inner})) > 0)) > 0"


def _texts(place: Place) -> str:
    """All values of a place as one list."""
    lists = [one.sql if one.kind == "texts" else f"[{_as_text(one)}]" for one in place.values]
    if len(lists) < 2:
        return lists[0] if lists else "CAST([] AS VARCHAR[])"
    return f"list_concat({', '.join(lists)})"
