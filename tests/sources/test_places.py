"""Does each way to write a place read what stands there, and is it recognised by the same words?"""

import json
from pathlib import Path

import pytest

from cloison.lake.trial import rows_of
from cloison.sources.catalogue import load

SOURCE = """
name = "pump_log"
title = "Pump log"
vendor = "Harbour"
product = "Pump"
system = "pump"

[[carrier]]
name = "line"
all = ["at"]
match = { number = '^15$', open = '^false$' }

[carrier.map]
time = { from = "at", as = "time" }
message = MAPPED

[[event]]
class = 6003
activity = 99
"""

PLACES: dict[str, tuple[str, dict[str, object], str | None]] = {
    "a name with dots": ("'a.\"http://harbour.example/b\"'", {"a": {"http://harbour.example/b": "x"}}, "x"),
    "a member of a text that holds JSON": ("'a{}.b'", {"a": '{"b": "x"}'}, "x"),
    "an element of a text that holds JSON": ("'a{}[k=v].b[0]'", {"a": '[{"k":"w"},{"k":"v","b":["x"]}]'}, "x"),
    "the same where it is no text": ("'a{}[k=v].b[0]'", {"a": [{"k": "w"}, {"k": "v", "b": ["x"]}]}, "x"),
    "what a text in a list says": ("'a[k=v].b{}'", {"a": [{"k": "v", "b": '"x"'}]}, "x"),
    "JSON in JSON": ("'a{}.b{}.c'", {"a": json.dumps({"b": json.dumps({"c": "x"})})}, "x"),
    "a text that holds none": ("'a{}.b'", {"a": "{"}, None),
    "nothing": ("'a{}.b'", {}, None),
    "what was taken away": (
        "{ from = 'a', without = 'b', capture = 'Id=(\\w+)' }",
        {"a": "[Id=x1,K=1][Id=x2]", "b": "[Id=x1]"},
        "x2",
    ),
    "nothing was taken away": (
        "{ from = 'a', without = 'b', capture = 'Id=(\\w+)' }",
        {"a": "[Id=x1]", "b": "[Id=x0][Id=x1]"},
        None,
    ),
    "a default where all places are silent": ("{ from = ['a', 'b'], default = 'x' }", {}, "x"),
    "a second place before the default": ("{ from = ['a', 'b'], default = 'y' }", {"b": "x"}, "x"),
    "a second place that has one of the words": (
        "{ from = ['a', 'b'], values = { yes = 'x' }, default = 'y' }",
        {"a": "maybe", "b": "Yes"},
        "x",
    ),
    "a default for another word": ("{ from = 'a', values = { yes = 'y' }, default = 'x' }", {"a": "no"}, "x"),
    "all was taken away": ("{ from = 'a', without = 'b', capture = 'Id=(\\w+)' }", {"a": "[Id=x1][Id=x2]"}, "x1"),
}


@pytest.mark.parametrize(("mapped", "said", "read"), PLACES.values(), ids=PLACES.keys())
def test_place_reads_what_stands_there(tmp_path: Path, mapped: str, said: dict[str, object], read: str | None) -> None:
    (tmp_path / "pump_log").mkdir()
    (tmp_path / "pump_log" / "source.toml").write_text(SOURCE.replace("MAPPED", mapped))
    record = {"at": "2025-03-04T02:11:05Z", "number": 15, "open": False, **said}
    trial = rows_of(load((tmp_path,)), json.dumps(record).encode())
    assert [row["message"] for row in trial.rows] == [read]


def test_number_and_truth_value_tell_records_apart(tmp_path: Path) -> None:
    (tmp_path / "pump_log").mkdir()
    (tmp_path / "pump_log" / "source.toml").write_text(SOURCE.replace("MAPPED", "'at'"))
    records = [{"at": "2025-03-04T02:11:05Z", "number": n, "open": o} for n, o in ((15, False), (15, True), (1, False))]
    trial = rows_of(load((tmp_path,)), b"\n".join(json.dumps(one).encode() for one in records))
    assert (len(trial.rows), len(trial.rejects)) == (1, 2)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("3/24/2025 2:42:35 PM", "2025-03-24 14:42:35"),
        ("3/4/2025, 12:11:05.007 AM", "2025-03-04 00:11:05.007000"),
        ("2025-03-04T02:11:05", "2025-03-04 02:11:05"),
    ],
)
def test_time_without_a_zone_is_utc(tmp_path: Path, written: str, meant: str) -> None:
    (tmp_path / "pump_log").mkdir()
    (tmp_path / "pump_log" / "source.toml").write_text(SOURCE.replace("MAPPED", "'at'"))
    trial = rows_of(load((tmp_path,)), json.dumps({"at": written, "number": 15, "open": False}).encode())
    assert [(str(row["time"]), row["time_assumed"]) for row in trial.rows] == [(meant, False)]
