"""Is what is hidden gone from what is shown, counted, and opened by its own salt alone?"""

import hashlib
import hmac

import duckdb
import pytest

from cloison.errors import InputError
from cloison.lake.seal import hiding
from cloison.lake.seal.hiding import Hidden, Rules, commitment, read_rules, salt_of

SECRET = bytes(range(32))
TABLES = {"results/sessions": ("session_uid", "principal", "client"), "given/exposed": ("principal", "kind")}


@pytest.fixture
def engine() -> duckdb.DuckDBPyConnection:
    made = duckdb.connect()
    made.execute(
        """CREATE TABLE t AS SELECT * FROM (VALUES
        ('s1', 'M.Alder', 'curl', ['a', 'seen m.alder'], 1), ('s2', 'svc', NULL, NULL, 2),
        ('s3', 'ada', 'Firefox of m.alder', ['b'], 3)) AS v(session_uid, principal, client, gaps, events)"""
    )
    return made


def hidden(engine: duckdb.DuckDBPyConnection, rules: Rules) -> tuple[list[tuple[object, ...]], Hidden]:
    found = hiding.hide(engine, "results/sessions", "t", rules, SECRET)
    assert found is not None
    return engine.execute(found[0]).fetchall(), found[2]


def commit(row: int, column: str, value: str) -> str:
    salt = hmac.new(SECRET, f"results/sessions/{row}/{column}".encode(), "sha256").digest()
    return f"{column}=" + hashlib.sha256(b"cloison hidden 1\n" + salt + value.encode()).hexdigest()


def test_a_column_is_hidden_and_counted(engine: duckdb.DuckDBPyConnection) -> None:
    rows, counted = hidden(engine, Rules(columns=(("sessions", "client"),)))
    assert rows[0] == ("s1", "M.Alder", None, ["a", "seen m.alder"], 1, [commit(0, "client", '"curl"')])
    assert rows[1] == ("s2", "svc", None, None, 2, None)
    assert counted == Hidden(rows=2, of_rows=3, cells=2, of_cells=13)


def test_a_value_is_hidden_wherever_a_cell_holds_it(engine: duckdb.DuckDBPyConnection) -> None:
    rows, counted = hidden(engine, Rules(values=("m.alder",)))
    assert [row[:5] for row in rows] == [
        ("s1", None, "curl", None, 1),
        ("s2", "svc", None, None, 2),
        ("s3", "ada", None, ["b"], 3),
    ]
    assert rows[0][5] == [commit(0, "principal", '"M.Alder"'), commit(0, "gaps", '["a","seen m.alder"]')]
    assert (counted.rows, counted.cells) == (2, 3)


def test_of_a_principal_all_that_tells_of_it_is_hidden(engine: duckdb.DuckDBPyConnection) -> None:
    rows, _ = hidden(engine, Rules(principals=("m.alder",)))
    assert rows[0][:5] == (None, None, None, None, 1)
    assert rows[2][:5] == ("s3", "ada", None, ["b"], 3)


def test_a_number_and_a_time_are_hidden_as_they_are(engine: duckdb.DuckDBPyConnection) -> None:
    rows, _ = hidden(engine, Rules(columns=(("", "events"),)))
    assert rows[2][4:] == (None, [commit(2, "events", "3")])


def test_nothing_to_hide_changes_nothing(engine: duckdb.DuckDBPyConnection) -> None:
    assert hiding.hide(engine, "results/sessions", "t", Rules(values=("nobody",)), SECRET) is None


def test_the_salt_opens_one_cell_and_no_other(engine: duckdb.DuckDBPyConnection) -> None:
    found = hiding.hide(engine, "results/sessions", "t", Rules(columns=(("", "principal"),)), SECRET)
    assert found is not None
    first = found[1][0]
    assert (first.row, first.column, first.value) == (0, "principal", '"M.Alder"')
    assert bytes.fromhex(first.salt) == salt_of(SECRET, "results/sessions", 0, "principal")
    assert commitment(first.value, bytes.fromhex(first.salt)) == commit(0, "principal", '"M.Alder"').partition("=")[2]
    assert len({one.salt for one in found[1]}) == 3


def test_rules_are_read() -> None:
    text = b'[[hide]]\ncolumns = ["sessions.client", "kind"]\n[[hide]]\nvalues = ["M.Alder"]\nprincipals = ["svc-a"]\n'
    assert read_rules(text, "rules.toml", TABLES) == Rules(
        (("sessions", "client"), ("", "kind")), ("m.alder",), ("svc-a",)
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hide = 3", "no rules of what to hide: Expected `array`, got `int`"),
        ("[[hide]]\ncolumn = ['a']", "Object contains unknown field `column`"),
        ("[[hide]]", "hide 1: says nothing to hide"),
        ("[[hide]]\ncolumns = ['session.client']", "hide 1: no table 'session'"),
        ("[[hide]]\ncolumns = ['sessions.cliemt']", "no column 'sessions.cliemt' (did you mean 'client'?)"),
        ("[[hide]]\nvalues = ['ab']\n[[hide]]\ncolumns = ['nope']", "hide 1: 'ab' is shorter than three characters"),
        ("[[hide]]\nvalues = ['ab']\n[[hide]]\ncolumns = ['nope']", "hide 2: no column 'nope'"),
        ("no = [", "no rules of what to hide"),
    ],
)
def test_each_fault_of_the_rules_is_told(text: str, said: str) -> None:
    with pytest.raises(InputError) as told:
        read_rules(text.encode(), "rules.toml", TABLES)
    assert said in str(told.value)


def test_what_several_rules_would_hide_is_counted_as_each_then_hides(engine: duckdb.DuckDBPyConnection) -> None:
    whole = Rules((("sessions", "client"),), ("m.alder",), ("svc", "nobody"))
    several = [whole, *whole.apart(), *(Rules(values=(f"no such value {number}",)) for number in range(30))]
    counted = hiding.count(engine, "results/sessions", "t", several)
    assert [(one.rows, one.cells) for one in counted[:5]] == [(3, 6), (2, 2), (2, 3), (1, 2), (0, 0)]
    assert {(one.of_rows, one.of_cells) for one in counted} == {(3, 13)}
    hides = [hiding.hide(engine, "results/sessions", "t", rules, SECRET) for rules in several]
    assert [one[2] if one else Hidden(0, 3, 0, 13) for one in hides] == list(counted)
