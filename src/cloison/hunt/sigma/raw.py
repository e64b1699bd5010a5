"""Which columns of raw records do rules need, and how are they made out of records and found again?"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import duckdb
import msgspec

from cloison.hunt.sigma.places import Place, Value
from cloison.hunt.sigma.shapes import UNTOLD, Shape, Spot, exists_sql, leaves, many_sql, single_sql, spots
from cloison.hunt.sigma.terms import Exists, Match, Not, Term, UnfitError, fields_of, has_keywords
from cloison.sources.paths import literal, quoted


@dataclass
class Needs:
    """What rules read of the raw records of a source."""

    fields: set[str] = field(default_factory=set)
    asked_for: set[str] = field(default_factory=set)  # fields whose existence is asked
    keywords: bool = False

    def add(self, term: Term) -> None:
        """Take in what a condition reads."""
        self.fields |= fields_of(term)
        self.asked_for |= set(_asked_for(term))
        self.keywords = self.keywords or has_keywords(term)

    @property
    def any(self) -> bool:
        """Whether anything is needed at all."""
        return bool(self.fields) or self.keywords


def _asked_for(term: Term) -> Iterator[str]:
    if isinstance(term, Match):
        if isinstance(term.test, Exists) and term.field is not None:
            yield term.field
    elif isinstance(term, Not):
        yield from _asked_for(term.one)
    else:
        for one in term.each:
            yield from _asked_for(one)


@dataclass(frozen=True)
class Columns:
    """The columns of a table of raw values: for each field its one value, its many, and whether it is there."""

    names: Mapping[str, int]
    asked_for: frozenset[str]
    keywords: bool

    @staticmethod
    def of(needs: Needs) -> "Columns":
        """A column number for each field, spellings that differ in case only being one."""
        lowered = sorted({name.lower() for name in needs.fields})
        numbers = {name: number for number, name in enumerate(lowered)}
        return Columns(numbers, frozenset(name.lower() for name in needs.asked_for), needs.keywords)

    @staticmethod
    def of_names(names: Sequence[str]) -> "Columns":
        """A column for each of the names, in their order."""
        return Columns({name.lower(): number for number, name in enumerate(names)}, frozenset(), keywords=False)

    def sql_types(self) -> dict[str, str]:
        """Column to SQL type."""
        types: dict[str, str] = {}
        for name, number in self.names.items():
            types |= {f"f{number}": "VARCHAR", f"m{number}": "VARCHAR[]"}
            if name in self.asked_for:
                types[f"x{number}"] = "BOOLEAN"
        return types | ({"words": "VARCHAR[]"} if self.keywords else {})

    def select(self, shape: Shape, record: str, prefix: str = "") -> str:
        """The select list that makes the columns of records of a shape, under names that begin so."""
        made: list[str] = []
        for name, number in self.names.items():
            found = spots(shape, name)
            made.append(f"{single_sql(found, record)} AS {prefix}f{number}")
            made.append(f"{many_sql(found, record)} AS {prefix}m{number}")
            if name in self.asked_for:
                made.append(f"{exists_sql(found, record)} AS {prefix}x{number}")
        if self.keywords:
            made.append(f"{_words_sql(shape, record)} AS {prefix}words")
        return ", ".join(made)

    def select_pairs(self, line: str) -> str:
        """The select list that makes the columns of lines that hold `name=value` pairs, quoted, in hex, or plain."""
        made: list[str] = []
        for name, number in self.names.items():
            pattern = literal(f'(?i)(?:^|[ \'(\\x1d]){re.escape(name)}=("[^"]*"|[^ \'\\x1d]*)')
            found = f"list_transform(regexp_extract_all({line}, {pattern}, 1), lambda v: cl_hex_text(v))"
            made += [f"CAST(NULL AS VARCHAR) AS f{number}"]
            made += [f"nullif(list_filter({found}, lambda v: v IS NOT NULL), []) AS m{number}"]
            if name in self.asked_for:
                made.append(f"regexp_matches({line}, {pattern}) AS x{number}")
        return ", ".join([*made, *([f"[{line}] AS words"] if self.keywords else [])])

    def place(self, name: str, held: frozenset[str]) -> Place:
        """Where a field stands; `held` are the columns that hold anything at all."""
        if name.lower() not in self.names:
            raise UnfitError(f"the records have no field {name}")
        number = self.names[name.lower()]
        values = [Value(f"f{number}")] if f"f{number}" in held else []
        values += [Value(f"m{number}", "texts")] if f"m{number}" in held else []
        return Place(tuple(values), f"x{number}" if name.lower() in self.asked_for else "")

    def everything(self) -> Place:
        """What a keyword searches."""
        return Place((Value("words", "texts"),))


def _words_sql(shape: Shape, record: str) -> str:
    found = leaves(shape)
    listed = ", ".join(literal(spot.path) for spot in found if not spot.many and not spot.shape.nested)
    lists = [f"json_extract_string({record}, [{listed}])"] if listed else []
    lists += [_plain_sql(spot, record) for spot in found if spot.many or spot.shape.nested]
    if not lists:
        return "CAST([] AS VARCHAR[])"
    return lists[0] if len(lists) == 1 else f"list_concat({', '.join(lists)})"


def _plain_sql(spot: Spot, record: str) -> str:
    """SQL: the plain values at a place, as a list; an object or a list that stands there in some records is none."""
    if not spot.shape.nested:
        return f"json_extract_string({record}, {literal(spot.path)})"
    here = f"json_extract({record}, {literal(spot.path)})"
    listed = here if spot.many else f"[{here}]"
    plain = f"list_filter({listed}, lambda v: json_type(v) NOT IN ('OBJECT', 'ARRAY'))"
    return f"list_transform({plain}, lambda v: v ->> '$')"


def shape_of(engine: duckdb.DuckDBPyConnection, rows: str, record: str) -> Shape:
    """The shape of the records in a relation."""
    shape = Shape()
    structures = engine.execute(f"SELECT DISTINCT CAST(json_structure({record}) AS VARCHAR) FROM {rows}").fetchall()
    for (text,) in structures:
        if text is not None:
            shape.widen(_decoded(text))
    untold = f'"{UNTOLD}"'
    if any(text is not None and untold in text for (text,) in structures):
        told = f"contains(CAST(json_structure({record}) AS VARCHAR), {literal(untold)})"
        mixed = f"SELECT {record} FROM {rows} WHERE {told}"
        read = engine.execute(mixed)
        while some := read.fetchmany(1_000):
            for (text,) in some:
                shape.observe(_decoded(text))
    return shape


def held_columns(engine: duckdb.DuckDBPyConnection, table: str, columns: Iterable[str]) -> frozenset[str]:
    """The columns of a table that hold a value in some row."""
    names = list(columns)
    if not names:
        return frozenset()
    asked = ", ".join(f"count({quoted(name)})" for name in names)
    found = engine.execute(f"SELECT {asked} FROM {quoted(table)}").fetchone() or ()
    return frozenset(name for name, count in zip(names, found, strict=True) if count)


def _decoded(text: str) -> object:
    return msgspec.json.decode(text)
