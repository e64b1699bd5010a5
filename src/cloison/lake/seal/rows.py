r"""What is a row of a sealed table, as bytes? The row as a JSON object, as the engine writes it; its hash is a leaf.

Any DuckDB says the same: `SELECT sha256('\x00'::BLOB || encode(to_json(t)::VARCHAR)) FROM 'table.parquet' AS t`.
"""

from collections.abc import Iterator
from pathlib import Path

import duckdb

from cloison.model.limits import Limits
from cloison.sources.paths import literal, quoted

LEAF_BYTES = 32
_BATCH = 4_096
_PLAIN = {"VARCHAR", "BIGINT", "BOOLEAN", "TIMESTAMP", "DOUBLE", "VARCHAR[]"}


class TableError(ValueError):
    """A Parquet file that is no table of a seal."""


def read(path: Path) -> str:
    """The SQL that reads a Parquet file."""
    return f"read_parquet({literal(str(path))})"


def leaves(engine: duckdb.DuckDBPyConnection, relation: str) -> Iterator[bytes]:
    """The leaf of each row of a relation, in its order."""
    cursor = engine.execute(
        f"SELECT unhex(sha256('\\x00'::BLOB || encode(CAST(to_json(t) AS VARCHAR)))) FROM {relation} AS t"
    )
    while batch := cursor.fetchmany(_BATCH):
        yield from (row[0] for row in batch)


def columns_of(engine: duckdb.DuckDBPyConnection, relation: str) -> dict[str, str]:
    """The columns of a relation and their types."""
    described = engine.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
    return {str(row[0]): str(row[1]) for row in described}


def sound(engine: duckdb.DuckDBPyConnection, path: Path, expected: int, limits: Limits) -> None:
    """See that a Parquet file of anyone's is a flat table of so many rows, and is not a bomb, before its rows are read.

    Raises:
        TableError: it is not.
        duckdb.Error: it cannot be read.
    """
    strange = set(columns_of(engine, read(path)).values()) - _PLAIN
    if strange:
        raise TableError(f"has columns of types that no table has: {', '.join(sorted(strange))[:200]}")
    [(count,)] = engine.execute(f"SELECT num_rows FROM parquet_file_metadata({literal(str(path))})").fetchall()
    if count != expected:
        raise TableError(f"holds {count} rows, and not {expected}")
    bound = max(limits.unpacked_bytes, path.stat().st_size * limits.unpacked_ratio)
    if _unpacked(engine, path, bound) > bound:
        raise TableError(f"unpacks to more than {bound} bytes: treated as a bomb")


def _unpacked(engine: duckdb.DuckDBPyConnection, path: Path, bound: int) -> int:
    """How many bytes it unpacks to as it states, or as its texts come to: one text may stand in all rows."""
    [(stated,)] = engine.execute(
        f"SELECT greatest(sum(total_uncompressed_size), sum(num_values)) FROM parquet_metadata({literal(str(path))})"
    ).fetchall()
    if int(stated or 0) > bound:
        return int(stated)
    kinds = columns_of(engine, read(path))
    texts = [f"sum(strlen({quoted(name)}))" for name, kind in kinds.items() if kind == "VARCHAR"]
    texts += [
        f"sum(list_sum(list_transform({quoted(name)}, lambda x: strlen(x))))"
        for name, kind in kinds.items()
        if kind == "VARCHAR[]"
    ]
    if not texts:
        return int(stated or 0)
    [sums] = engine.execute(f"SELECT {', '.join(texts)} FROM {read(path)}").fetchall()
    return max(int(stated or 0), sum(int(one or 0) for one in sums))


def write(engine: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    """Write a query's rows in their order; the same rows are the same bytes."""
    engine.execute(f"COPY ({query}) TO {literal(str(path))} (FORMAT parquet, COMPRESSION zstd)")
