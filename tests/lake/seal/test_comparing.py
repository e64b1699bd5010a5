"""Does a difference name table, key and column, also where cells are hidden?"""

import duckdb
import pytest

from cloison.lake.seal.comparing import SHOWN, Difference, compare

ROWS = "VALUES ('a', 1, 'x'), ('b', 2, NULL), ('c', 3, 'z')"
HIDDEN = "VALUES ('a', 1, 'x', NULL), (NULL, 2, NULL, ['k=00']), ('c', NULL, 'z', ['n=00'])"


@pytest.fixture
def engine() -> duckdb.DuckDBPyConnection:
    made = duckdb.connect()
    made.execute(f"CREATE TABLE found AS SELECT * FROM ({ROWS}) AS v(k, n, t)")
    return made


def told(engine: duckdb.DuckDBPyConnection, rows: str, columns: str = "k, n, t") -> tuple[int, list[Difference]]:
    engine.execute(f"CREATE OR REPLACE TABLE sealed AS SELECT * FROM ({rows}) AS v({columns})")
    compared = compare(engine, "results/t", "sealed", "found", ("k",))
    return compared.count, list(compared.differences)


def test_the_same_is_the_same(engine: duckdb.DuckDBPyConnection) -> None:
    assert told(engine, ROWS) == (0, [])


def test_a_cell_is_named_by_its_key_and_column(engine: duckdb.DuckDBPyConnection) -> None:
    assert told(engine, ROWS.replace("2, NULL", "7, 'y'")) == (
        2,
        [Difference("results/t", {"k": "b"}, "n", "7", "2"), Difference("results/t", {"k": "b"}, "t", "y", None)],
    )


def test_a_row_that_one_side_lacks_is_named(engine: duckdb.DuckDBPyConnection) -> None:
    assert told(engine, ROWS.replace("'a'", "'aa'")) == (
        2,
        [
            Difference("results/t", {"k": "aa"}, "", "a row", None),
            Difference("results/t", {"k": "a"}, "", None, "a row"),
        ],
    )


def test_a_column_that_one_side_lacks_is_named(engine: duckdb.DuckDBPyConnection) -> None:
    count, [one] = told(engine, "SELECT k, n FROM found", "k, n")
    assert (count, one.sealed, one.found) == (1, "k VARCHAR, n INTEGER", "k VARCHAR, n INTEGER, t VARCHAR")


def test_hidden_cells_say_nothing_and_the_others_count(engine: duckdb.DuckDBPyConnection) -> None:
    assert told(engine, HIDDEN, "k, n, t, hidden") == (0, [])
    count, [one] = told(engine, HIDDEN.replace("(NULL, 2", "(NULL, 5"), "k, n, t, hidden")
    assert (count, one) == (1, Difference("results/t", {"k": "b"}, "n", "5", "2"))


def test_more_differences_than_are_told_are_counted(engine: duckdb.DuckDBPyConnection) -> None:
    count, listed = told(engine, "SELECT 'x' || i, i::INTEGER, 'y' FROM range(1000) AS r(i)")
    assert (count, len(listed)) == (1003, SHOWN)
