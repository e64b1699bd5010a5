"""How is the embedded engine opened: bounded, offline, deterministic, with the converters installed?"""

from pathlib import Path

import duckdb

from cloison.sources.convert import install
from cloison.sources.paths import literal

_FOR_MUCH = (
    "common_subplan",
    "duplicate_groups",
    "empty_result_pullup",
    "join_elimination",
    "late_materialization",
    "outer_join_simplification",
    "partial_aggregate_pushdown",
    "partitioned_execution",
    "projection_placement",
    "projection_pullup",
    "remote_pushdown",
    "row_group_pruner",
    "sampling_pushdown",
    "scalar_fn_pushdown",
    "self_join_aggregate",
    "top_n_window_elimination",
    "type_pushdown",
    "window_rewriter",
    "window_self_join",
)
"""What an optimizer does for large tables; over a few thousand rows it costs more than it gives."""


def plan_for_little(engine: duckdb.DuckDBPyConnection) -> None:
    """Make an engine quick for queries over few rows: they take longer to plan than to answer.

    One thread: handing rows from one to another takes longer than the second one saves.
    """
    known = {str(name) for (name,) in engine.execute("SELECT name FROM duckdb_optimizers()").fetchall()}
    engine.execute("SET threads = 1")
    engine.execute(f"SET disabled_optimizers = {literal(','.join(one for one in _FOR_MUCH if one in known))}")


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
