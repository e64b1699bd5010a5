"""How is long SQL that is run for every case, batch and step read only once?"""

from functools import cache, lru_cache

import duckdb


@lru_cache(maxsize=256)
def statement(sql: str) -> duckdb.Statement:
    """One statement as the engine has read it, for any connection: of a small case, reading takes longer than running.

    What is kept is a third of a megabyte for the longest.
    """
    (read,) = _reader().extract_statements(sql)
    return read


@cache
def _reader() -> duckdb.DuckDBPyConnection:
    """A connection that reads and runs nothing; it may be asked from several threads."""
    return duckdb.connect()
