"""Hand a case's answers on, in the forms that other programs read."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from cloison import __version__
from cloison.errors import InputError
from cloison.report.exports import FORMS, Told
from cloison.report.exports.told import Row
from cloison.service.answers import opened
from cloison.service.case import Case
from cloison.service.inputs_kept import given
from cloison.service.investigate import TABLES
from cloison.sources.paths import literal, quoted

PARQUET, CSV = "parquet", "csv"
ALL_FORMS = (*FORMS, CSV, PARQUET)
WHOLE = (CSV, PARQUET)
"""The forms that hold every table."""
DETECTING = (*WHOLE, "navigator")
"""The forms that hold what rules detect."""
_AT_ONCE = 10_000


def export(case: Case, form: str, to: Path) -> list[Path]:
    """Write the answers in one of `ALL_FORMS`; a table a file below the folder `to` for CSV and Parquet.

    Raises:
        InputError: there is no such form, or it cannot be written there.
    """
    if form not in ALL_FORMS:
        raise InputError(f"no form {form!r}", where="--format", remedy=f"the forms are: {', '.join(ALL_FORMS)}")
    try:
        with opened(case) as engine:
            return _tables(case, engine, form, to) if form in WHOLE else [_file(case, engine, form, to)]
    except OSError as fault:
        raise InputError(f"cannot be written: {fault.strerror}", where=str(to), remedy="name another place") from fault


def _file(case: Case, engine: duckdb.DuckDBPyConnection, form: str, to: Path) -> Path:
    """One file, which appears when it is whole."""
    draft = to.with_name(f"{to.name}.draft")
    indicators = tuple(given(case).indicators)
    told = Told(case.folder.resolve().name, _as_of(engine), __version__, indicators, _reader(case, engine))
    try:
        with draft.open("wb") as file:
            file.writelines(FORMS[form](told))
        return draft.replace(to)
    finally:
        draft.unlink(missing_ok=True)


def _tables(case: Case, engine: duckdb.DuckDBPyConnection, form: str, to: Path) -> list[Path]:
    to.mkdir(parents=True, exist_ok=True)
    written = []
    for name in TABLES:
        path = to / f"{name}.{form}"
        if form == PARQUET:
            shutil.copyfile(case.results / f"{name}.parquet", path)
        else:
            engine.execute(f"COPY (SELECT {_cells(engine, name)} FROM {quoted(name)}) TO {literal(str(path))} (HEADER)")
        written.append(path)
    return written


def _cells(engine: duckdb.DuckDBPyConnection, name: str) -> str:
    """The table's columns as cells that no spreadsheet computes: text that would start a formula is quoted."""
    described = engine.execute(f"DESCRIBE {quoted(name)}").fetchall()
    return ", ".join(f"{_cell(quoted(column), kind)} AS {quoted(column)}" for column, kind, *_ in described)


def _cell(column: str, kind: str) -> str:
    text = f"array_to_string({column}, ', ')" if kind.endswith("[]") else column
    if kind not in ("VARCHAR", "VARCHAR[]"):
        return text
    return f"CASE WHEN regexp_matches({text}, '^[=+@\\t\\r-]') THEN '''' || {text} ELSE {text} END"


def _reader(case: Case, engine: duckdb.DuckDBPyConnection) -> Callable[[str], Iterator[Row]]:
    def rows(name: str) -> Iterator[Row]:
        if name not in TABLES:
            raise ValueError(f"no table {name!r}")
        path = literal(str(case.results / f"{name}.parquet"))
        read = engine.cursor().execute(f"SELECT * FROM read_parquet({path})")
        names = [column[0] for column in read.description or ()]
        while found := read.fetchmany(_AT_ONCE):
            yield from (dict(zip(names, row, strict=True)) for row in found)

    return rows


def _as_of(engine: duckdb.DuckDBPyConnection) -> datetime:
    """The moment that the answers speak of: the last record of the logs."""
    found = engine.execute("SELECT max(last_at) FROM coverage").fetchone()
    return found[0] if found and found[0] else datetime(1970, 1, 1, tzinfo=UTC)
