"""How is a cell hidden so that the rest can still be checked, and it can be shown later? By a salted commitment.

A hidden cell is empty, and the table's last column `hidden` holds `COLUMN=COMMITMENT` for it; the commitment is the
SHA-256 over a fixed word, the cell's own salt of 32 bytes, and the cell as JSON. The salt is an HMAC of the cell's
place under a secret that the sealer keeps, so it is not guessed, and one disclosed cell discloses no other.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import duckdb
import msgspec

from cloison.errors import InputError
from cloison.lake.seal.rows import columns_of
from cloison.model.wording import many
from cloison.sources.paths import literal, quoted
from cloison.sources.words import nearest

HIDDEN = "hidden"
WORD = b"cloison hidden 1\n"
SECRET_BYTES = 32
PERSONAL = (
    "principal",
    "principals",
    "target_principal",
    "session_uid",
    "vendor_session_uid",
    "network",
    "net",
    "label",
    "client",
    "address",
    "src_ip",
    "why",
    "cause_uid",
)
"""What a row says of a principal: hidden in each row of a principal that is to be hidden."""
_NAMES = ("principal", "target_principal")
_ROW, _BLOCK = "_row", 64
_TOGETHER = 10


class _Hide(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    columns: list[str] = []
    values: list[str] = []
    principals: list[str] = []


class _Rules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    hide: list[_Hide]


@dataclass(frozen=True)
class Rules:
    """What to hide: whole columns as (table or "", column), values wherever a cell holds them, principals."""

    columns: tuple[tuple[str, str], ...] = ()
    values: tuple[str, ...] = ()
    principals: tuple[str, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """What may stand in no cell that is shown."""
        return (*self.values, *self.principals)

    def apart(self) -> "tuple[Rules, ...]":
        """Each of them by itself."""
        return (
            *(Rules(columns=(one,)) for one in self.columns),
            *(Rules(values=(one,)) for one in self.values),
            *(Rules(principals=(one,)) for one in self.principals),
        )


@dataclass(frozen=True)
class Cell:
    """A hidden cell and what opens it: `row` counts from 0, `value` is the cell as JSON, `salt` is hex."""

    table: str
    row: int
    column: str
    value: str
    salt: str


class Hidden(msgspec.Struct, frozen=True):
    """How much of a table is hidden: rows with a hidden cell, of all, and cells, of all that hold something."""

    rows: int
    of_rows: int
    cells: int
    of_cells: int

    def told(self) -> str:
        """For a person."""
        cells, rows = many(self.of_cells, "cell"), many(self.of_rows, "row")
        return f"{self.cells:,} of {cells} hidden, in {self.rows:,} of {rows}"


def read_rules(data: bytes, where: str, tables: Mapping[str, Sequence[str]]) -> Rules:
    """The rules in a TOML file, for tables and their columns.

    Raises:
        InputError: not TOML, an unknown word, or a column that no table has; all faults of the file at once.
    """
    try:
        told = msgspec.toml.decode(data, type=_Rules)
    except (msgspec.MsgspecError, UnicodeDecodeError) as fault:
        raise InputError(
            f"no rules of what to hide: {fault}",
            where=where,
            remedy='write [[hide]] with columns = ["sessions.client"], values = ["…"] or principals = ["…"]',
        ) from fault
    faults = list(_faults(told.hide, tables))
    if faults:
        raise InputError("; ".join(faults), where=where, remedy="`cloison show CASE TABLE` shows a table's columns")
    columns = [tuple(name.rpartition(".")[::2]) for one in told.hide for name in one.columns]
    values = tuple(dict.fromkeys(text.lower() for one in told.hide for text in one.values))
    principals = tuple(dict.fromkeys(text.lower() for one in told.hide for text in one.principals))
    return Rules(tuple((table, column) for table, column in columns), values, principals)


def _faults(told: Sequence[_Hide], tables: Mapping[str, Sequence[str]]) -> Iterator[str]:
    known = sorted({column for columns in tables.values() for column in columns})
    for number, one in enumerate(told, start=1):
        if not (one.columns or one.values or one.principals):
            yield f"hide {number}: says nothing to hide"
        for text in (*one.values, *one.principals):
            if len(text.strip()) < 3:
                yield f"hide {number}: {text!r} is shorter than three characters and stands in much that is not meant"
        for name in one.columns:
            table, _, column = name.rpartition(".")
            of_table = [short for short in tables if table in ("", short, short.rpartition("/")[2])]
            if not of_table:
                yield f"hide {number}: no table {table!r} ({nearest(table, list(tables))})"
            elif not any(column in tables[short] for short in of_table):
                there = sorted(tables[of_table[0]]) if table else known
                yield f"hide {number}: no column {name!r} ({nearest(column, there)})"


def hide(
    engine: duckdb.DuckDBPyConnection, table: str, relation: str, rules: Rules, secret: bytes
) -> tuple[str, list[Cell], Hidden] | None:
    """Hide cells of a relation: the query of what is shown, the hidden cells, and how many; None where none is.

    Args:
        engine: where the relation is.
        table: its name in the seal.
        relation: rows in the order in which they are sealed.
        rules: what to hide.
        secret: what the salts are made from.
    """
    kinds = columns_of(engine, relation)
    conditions = _conditions(table, kinds, rules)
    if not conditions:
        return None
    engine.execute(
        f"CREATE OR REPLACE TEMP TABLE to_hide AS SELECT row_number() OVER () - 1 AS {_ROW}, * FROM {relation}"
    )
    keys = [literal(part.hex()) for part in _keys(secret)]
    commitments = ", ".join(
        f"CASE WHEN {said} THEN {literal(name + '=')} || {_commitment(table, name, keys)} END"
        for name, said in conditions.items()
    )
    cells = [
        Cell(table, row, name, value, salt)
        for name, said in conditions.items()
        for row, value, salt in engine.execute(
            f"SELECT {_ROW}, CAST(to_json({quoted(name)}) AS VARCHAR), hex({_salt(table, name, keys)}) "
            f"FROM to_hide WHERE {said} ORDER BY {_ROW}"
        ).fetchall()
    ]
    if not cells:
        return None
    shown = ", ".join(
        f"CASE WHEN {conditions[name]} THEN NULL ELSE {quoted(name)} END AS {quoted(name)}"
        if name in conditions
        else quoted(name)
        for name in kinds
    )
    listed = f"list_filter([{commitments}], lambda x: x IS NOT NULL)"
    query = (
        f"""SELECT {shown}, CASE WHEN len({listed}) > 0 THEN {listed} END AS {HIDDEN} FROM to_hide ORDER BY {_ROW}"""
    )
    filled = ", ".join(f"count({quoted(name)})" for name in kinds)
    [counts] = engine.execute(f"SELECT count(*), {filled} FROM to_hide").fetchall()
    rows = len({cell.row for cell in cells})
    lowered = [Cell(one.table, one.row, one.column, one.value, one.salt.lower()) for one in cells]
    return query, lowered, Hidden(rows, counts[0], len(cells), sum(counts[1:]))


def count(engine: duckdb.DuckDBPyConnection, table: str, relation: str, several: Sequence[Rules]) -> tuple[Hidden, ...]:
    """How much of a relation each of several rules would hide, by one reading of it for every few of them."""
    kinds = columns_of(engine, relation)
    filled = " + ".join(f"count({quoted(name)})" for name in kinds)
    found: list[Hidden] = []
    for begin in range(0, len(several), _TOGETHER):
        asked = [_conditions(table, kinds, rules) for rules in several[begin : begin + _TOGETHER]]
        counts = ", ".join(
            f"count(*) FILTER (WHERE {' OR '.join(one.values()) or 'FALSE'}), "
            + (" + ".join(f"count(*) FILTER (WHERE {said})" for said in one.values()) or "0")
            for one in asked
        )
        [(rows, cells, *told)] = engine.execute(f"SELECT count(*), {filled}, {counts} FROM {relation}").fetchall()
        found += [Hidden(hit, rows, hidden, cells) for hit, hidden in zip(told[::2], told[1::2], strict=True)]
    return tuple(found)


def hides(kinds: Mapping[str, str]) -> bool:
    """Whether a table of these columns and types may have hidden cells."""
    return kinds.get(HIDDEN) == "VARCHAR[]"


def counted(engine: duckdb.DuckDBPyConnection, relation: str) -> Hidden | None:
    """How much of a sealed table is hidden, by its own commitments; None where nothing is."""
    kinds = columns_of(engine, relation)
    if not hides(kinds):
        return None
    filled = " + ".join(f"count({quoted(name)})" for name in kinds if name != HIDDEN) or "0"
    found = engine.execute(
        f"SELECT count({HIDDEN}), count(*), coalesce(sum(len({HIDDEN})), 0), {filled} FROM {relation}"
    ).fetchone()
    rows, of_rows, cells, shown = found or (0, 0, 0, 0)
    return Hidden(int(rows), int(of_rows), int(cells), int(shown) + int(cells))


def commitment(value: str, salt: bytes) -> str:
    """The commitment to a cell as JSON."""
    return hashlib.sha256(WORD + salt + value.encode()).hexdigest()


def salt_of(secret: bytes, table: str, row: int, column: str) -> bytes:
    """The salt of one cell."""
    return hmac.digest(secret, _place(table, row, column), "sha256")


def stands_in(texts: Sequence[str], data: bytes) -> str:
    """The first of the texts that stands in the bytes, however they are written; "" where none does."""
    lowered = data.lower()
    escaped = {text: json.dumps(text)[1:-1].encode() for text in texts}
    return next((text for text in texts if text.encode() in lowered or escaped[text] in lowered), "")


def _conditions(table: str, kinds: Mapping[str, str], rules: Rules) -> dict[str, str]:
    """When a cell of each column that may be hidden is, as SQL."""
    asked = {name: said for name in kinds if (said := _condition(table, name, kinds, rules))}
    return {name: f"({quoted(name)} IS NOT NULL AND ({said}))" for name, said in asked.items()}


def _condition(table: str, name: str, kinds: Mapping[str, str], rules: Rules) -> str:
    """When a cell of a column is hidden, as SQL; "" where it never is."""
    if ("", name) in rules.columns or any(_is(table, of) and name == column for of, column in rules.columns):
        return "TRUE"
    said = []
    if kinds[name] == "VARCHAR":
        said += [f"contains(lower({quoted(name)}), {literal(text)})" for text in rules.texts]
    elif kinds[name] == "VARCHAR[]":
        joined = f"lower(array_to_string({quoted(name)}, chr(31)))"
        said += [f"contains({joined}, {literal(text)})" for text in rules.texts]
    if name in PERSONAL and rules.principals:
        listed = ", ".join(map(literal, rules.principals))
        said += [f"lower({quoted(one)}) IN ({listed})" for one in _NAMES if one in kinds]
    return " OR ".join(said)


def _is(table: str, asked: str) -> bool:
    return bool(asked) and asked in (table, table.rpartition("/")[2])


def _place(table: str, row: int, column: str) -> bytes:
    return f"{table}/{row}/{column}".encode()


def _keys(secret: bytes) -> tuple[bytes, bytes]:
    """The inner and the outer key of HMAC (RFC 2104), so that the engine can take it of many cells at once."""
    filled = secret.ljust(_BLOCK, b"\0")
    return bytes(one ^ 0x36 for one in filled), bytes(one ^ 0x5C for one in filled)


def _salt(table: str, name: str, keys: Sequence[str]) -> str:
    inner, outer = keys
    place = f"encode({literal(table + '/')} || {_ROW} || {literal('/' + name)})"
    return f"unhex(sha256(unhex({outer}) || unhex(sha256(unhex({inner}) || {place}))))"


def _commitment(table: str, name: str, keys: Sequence[str]) -> str:
    word, salt = WORD.hex(), _salt(table, name, keys)
    return f"sha256(unhex('{word}') || {salt} || encode(CAST(to_json({quoted(name)}) AS VARCHAR)))"


_COMMITMENT = re.compile(r"(\w+)=([0-9a-f]{64})")


def commitments(listed: Sequence[str] | None) -> dict[str, str]:
    """Column to commitment, of one row."""
    found = (_COMMITMENT.fullmatch(one) for one in listed or ())
    return {one[1]: one[2] for one in found if one}
