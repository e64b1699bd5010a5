"""How are the rows fetched that hold what is looked for, so that an analysis runs over them and not the whole lake?"""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from cloison.lake.analysis import Analysis
from cloison.lake.index import BLOCK, Found, Index
from cloison.lake.observables import ADDRESS, OBSERVABLES, numbered, stage_numbers
from cloison.lake.repeats import PART
from cloison.lake.scene import NO_ROWS
from cloison.ocsf.events import EVENTS
from cloison.sources.paths import literal, quoted

_ALWAYS = ("event_uid", "time", "time_assumed", "superseded")
"""What `lake/scene.py` reads of every row."""


def stage_found(
    engine: duckdb.DuckDBPyConnection,
    index: Index,
    parts: Sequence[Path],
    words: Mapping[str, Iterable[str]],
    spans: Sequence[tuple[int, int]],
    analyses: Iterable[Analysis],
) -> None:
    """Make the table `raw_events` of the rows that hold one of the words or addresses, and perhaps of some others.

    Args:
        engine: where it is made.
        index: of these parts.
        parts: the lake's files, in the order in which `left_out` counts them.
        words: by family.
        spans: of the numbers of addresses, both ends among them.
        analyses: what will read them; columns that they do not name are NULL.
    """
    stage_numbers(engine)
    sought = _sought(engine, words, spans)
    places = {path.name: number for number, path in enumerate(parts, 1)}
    engine.execute("CREATE OR REPLACE TEMP TABLE matched (part BIGINT, file_row_number BIGINT)")
    by_name: dict[str, list[Found]] = {}
    for one in index.places(sought, spans):
        by_name.setdefault(one.held_in, []).append(one)
    for name, found in by_name.items():
        _match(engine, name, found, parts, places)
    _fetch(engine, parts, _read_by(analyses))


def _sought(
    engine: duckdb.DuckDBPyConnection, words: Mapping[str, Iterable[str]], spans: Sequence[tuple[int, int]]
) -> list[tuple[str, np.ndarray]]:
    """Make the tables of numbers that are looked for, and return those of words by observable."""
    listed = [(family, word) for family, some in words.items() for word in some]
    _table(
        engine, "sought_words", {"family": [one for one, _ in listed], "word": [one for _, one in listed]}, pa.string()
    )
    lows, highs = ([one[end] for one in spans] for end in (0, 1))
    _table(engine, "sought_spans", {"low": lows, "high": highs}, pa.uint64())
    names = [(name, one.family) for name, one in OBSERVABLES.items() if one.family in words]
    _table(
        engine, "sought_at", {"held_in": [one for one, _ in names], "family": [one for _, one in names]}, pa.string()
    )
    engine.execute("""CREATE OR REPLACE TEMP TABLE sought AS
      SELECT DISTINCT o.held_in, word_number(o.held_in, w.word) AS number
      FROM sought_words AS w JOIN sought_at AS o ON o.family = w.family""")
    return [
        (name, engine.execute("SELECT number FROM sought WHERE held_in = ?", [name]).fetchnumpy()["number"])
        for name, _ in names
    ]


def _match(
    engine: duckdb.DuckDBPyConnection,
    name: str,
    found: Sequence[Found],
    parts: Sequence[Path],
    places: Mapping[str, int],
) -> None:
    """Add to `matched` the rows of these blocks that hold at this observable what is looked for."""
    named = sorted({one.part for one in found}, key=lambda part: places[part])
    of_file = {part: number for number, part in enumerate(named)}
    blocks = [(of_file[one.part], block) for one in found for block in one.blocks]
    _table(engine, "blocks", {"file": [one for one, _ in blocks], "block": [one for _, one in blocks]}, pa.int64())
    listed = ", ".join(literal(str(parts[places[part] - 1])) for part in named)
    rows = f"""(SELECT r.*, r.file_index, r.file_row_number FROM read_parquet([{listed}]) AS r
      SEMI JOIN blocks AS b ON b.file = r.file_index AND b.block = r.file_row_number // {BLOCK}) WHERE TRUE"""
    held = numbered(rows, "(CAST(file_index AS BIGINT) << 40) + file_row_number", [name])
    tested = (
        "EXISTS (SELECT 1 FROM sought_spans AS s WHERE h.number BETWEEN s.low AND s.high)"
        if OBSERVABLES[name].family == ADDRESS
        else f"h.number IN (SELECT number FROM sought WHERE held_in = {literal(name)})"
    )
    numbers = ", ".join(str(places[part]) for part in named)
    engine.execute(f"""INSERT INTO matched SELECT [{numbers}][(place >> 40) + 1], place & {(1 << 40) - 1}
      FROM ({held}) AS h WHERE {tested}""")


def _fetch(engine: duckdb.DuckDBPyConnection, parts: Sequence[Path], columns: set[str]) -> None:
    """Make `raw_events` of what is `matched`; each part is read by itself, so that whole row groups are passed over."""
    engine.execute(f"CREATE OR REPLACE TEMP TABLE raw_events AS {NO_ROWS}")
    read = ", ".join(quoted(name) for name in PART if name in columns)
    chosen = ", ".join(
        f"CAST({quoted(name) if name in columns else 'NULL'} AS {kind}) AS {quoted(name)}"
        for name, kind in PART.items()
    )
    numbers = [number for (number,) in engine.execute("SELECT DISTINCT part FROM matched ORDER BY part").fetchall()]
    rows = " UNION ALL ".join(
        f"""SELECT {read}, {literal(str(parts[number - 1]))} AS filename, file_row_number, {number} AS part
        FROM read_parquet({literal(str(parts[number - 1]))}, file_row_number = true)
        WHERE file_row_number IN (SELECT file_row_number FROM matched WHERE part = {number})"""
        for number in numbers
    )
    if numbers:
        engine.execute(f"INSERT INTO raw_events BY NAME SELECT {chosen}, filename, file_row_number, part FROM ({rows})")


def _read_by(analyses: Iterable[Analysis]) -> set[str]:
    """The columns that these analyses name, or could: every word of their SQL that is one."""
    words = {word for one in analyses for word in re.findall(r"\w+", one.sql)}
    return {*_ALWAYS, *(name for name in EVENTS.columns if name in words)}


def _table(
    engine: duckdb.DuckDBPyConnection, name: str, columns: Mapping[str, Sequence[object]], kind: pa.DataType
) -> None:
    arrays = [pa.array(values, type=kind) for values in columns.values()]
    engine.register("incoming", pa.table(arrays, names=list(columns)))
    engine.execute(f"CREATE OR REPLACE TEMP TABLE {quoted(name)} AS SELECT * FROM incoming")
    engine.unregister("incoming")
