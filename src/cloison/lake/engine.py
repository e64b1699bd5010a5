"""How is the embedded engine opened: bounded, offline, deterministic, with the converters installed?"""

from pathlib import Path

import duckdb

from cloison.sources.convert import install
from cloison.sources.paths import literal


def open_engine(
    *, spill: Path | None = None, memory: str = "1GB", threads: int | None = None
) -> duckdb.DuckDBPyConnection:
    """An in-memory DuckDB connection.

    Args:
        spill: a folder for what does not fit in memory; None keeps all in memory.
        memory: DuckDB's memory limit, like `2GB`.
        threads: how many threads; None leaves it to DuckDB.
    """
    engine = duckdb.connect()
    engine.execute("SET autoinstall_known_extensions = false; SET autoload_known_extensions = false")
    engine.execute(f"SET memory_limit = {literal(memory)}")
    engine.execute("SET enable_progress_bar = false")
    if spill is not None:
        engine.execute(f"SET temp_directory = {literal(str(spill))}")
    if threads is not None:
        engine.execute(f"SET threads = {threads}")
    install(engine)
    return engine
