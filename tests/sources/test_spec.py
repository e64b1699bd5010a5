"""Is a typo in a source.toml an error that names its place and what to do?"""

from pathlib import Path

import pytest

from cloison.errors import SourceError
from cloison.lake.trial import rows_of
from cloison.sources.catalogue import load, shipped

GOOD = """
name = "pump_log"
title = "Pump log"
vendor = "Harbour"
product = "Pump"
system = "pump"
identity = ["vendor_uid"]

[[carrier]]
name = "line"
all = ["pumpId", "at"]

[carrier.map]
time = { from = "at", as = "time" }
vendor_uid = "pumpId"
event_code = "what"

[[event]]
class = 6003
activity = 99
"""


WHAT = ("flow", "ebb", "flow", "ebbing")


def _load(folder: Path, text: str, name: str = "pump_log") -> None:
    (folder / name).mkdir(parents=True)
    (folder / name / "source.toml").write_text(text)
    load((folder,))


def test_good_source_loads(tmp_path: Path) -> None:
    (tmp_path / "pump_log").mkdir()
    (tmp_path / "pump_log" / "source.toml").write_text(GOOD)
    catalogue = load((tmp_path,))
    assert list(catalogue.specs) == ["pump_log"]
    assert [mapping.carrier.name for mapping in catalogue.mappings] == ["line"]


def test_a_template_joins_fields_and_is_nothing_when_one_is_missing(tmp_path: Path) -> None:
    (tmp_path / "pump_log").mkdir()
    mapped = GOOD.replace('event_code = "what"', 'event_code = "what"\n_part = "part"')
    text = mapped.replace("activity = 99", 'activity = 99\nset = { resource_uid = "pump {vendor_uid}/{_part}" }')
    (tmp_path / "pump_log" / "source.toml").write_text(text)
    records = b"""{"pumpId":"p1","at":"2025-03-04T03:00:10Z","what":"on","part":"v/2 {_part}"}
    {"pumpId":"p2","at":"2025-03-04T03:00:11Z","what":"on"}"""
    assert [row["resource_uid"] for row in rows_of(load((tmp_path,)), records).rows] == ["pump p1/v/2 {_part}", None]


def test_a_class_may_be_chosen_by_a_field_or_be_the_number_that_it_holds(tmp_path: Path) -> None:
    (tmp_path / "pump_log").mkdir()
    mapped = GOOD.replace('event_code = "what"', 'event_code = "what"\n_class = "class"')
    chosen = """[[event]]
when = { event_code = "told" }
class = { from = "event_code", values = { told = 3001 } }
activity = 1

[[event]]
class = { from = "_class", default = 6003 }
activity = { from = "_class", values = { 3002 = 7 } }
"""
    (tmp_path / "pump_log" / "source.toml").write_text(mapped.partition("[[event]]")[0] + chosen)
    records = b"""{"pumpId":"p1","at":"2025-03-04T03:00:10Z","what":"told","class":3002}
    {"pumpId":"p2","at":"2025-03-04T03:00:11Z","class":3002}
    {"pumpId":"p3","at":"2025-03-04T03:00:12Z","class":"4001"}
    {"pumpId":"p4","at":"2025-03-04T03:00:13Z","class":"none"}"""
    rows = rows_of(load((tmp_path,)), records).rows
    assert [(row["class_uid"], row["activity_id"]) for row in rows] == [(3001, 1), (3002, 7), (4001, 99), (6003, 99)]


@pytest.mark.parametrize(
    "asked",
    ['matches = "^4"', 'prefix = "4"', 'suffix = "03"', 'has = "0"', 'equals = "403"', 'not_in = ["404"]'],
)
def test_a_number_is_asked_by_its_digits(asked: str, tmp_path: Path) -> None:
    (tmp_path / "pump_log").mkdir()
    mapped = GOOD.replace('event_code = "what"', 'event_code = "what"\nhttp_status = { from = "code", as = "int" }')
    refused = f"[[event]]\nwhen = {{ http_status = {{ {asked} }} }}\nclass = 6003\nactivity = 7\n\n[[event]]\n"
    (tmp_path / "pump_log" / "source.toml").write_text(mapped.replace("[[event]]\n", refused))
    records = b"""{"pumpId":"p1","at":"2025-03-04T03:00:10Z","code":403}
    {"pumpId":"p2","at":"2025-03-04T03:00:11Z"}"""
    assert [row["activity_id"] for row in rows_of(load((tmp_path,)), records).rows] == [7, 99]


def test_any_other_word_may_stay_as_it_is_in_lower_case(tmp_path: Path) -> None:
    (tmp_path / "pump_log").mkdir()
    kept = GOOD.replace('"what"', '{ from = "what", values = { Run = "started", "*" = "*" } }')
    (tmp_path / "pump_log" / "source.toml").write_text(kept)
    records = b"""{"pumpId":"p1","at":"2025-03-04T03:00:10Z","what":"RUN"}
    {"pumpId":"p2","at":"2025-03-04T03:00:11Z","what":"Halt"}
    {"pumpId":"p3","at":"2025-03-04T03:00:12Z"}"""
    assert [row["event_code"] for row in rows_of(load((tmp_path,)), records).rows] == ["started", "halt", None]


TYPOS = {
    "unknown word at the top": ('title = "Pump log"', 'titel = "Pump log"', ("titel",)),
    "missing word": ('system = "pump"\n', "", ("system",)),
    "unknown word in a carrier": ('all = ["pumpId", "at"]', 'al = ["pumpId", "at"]', ("al", "carrier")),
    "only of a field that is not mapped": ("identity =", 'only = { tide = "x" }\nidentity =', ("only", "tide")),
    "never of a field that is read from two places": (
        'event_code = "what"\n',
        'event_code = { from = ["what", "that"] }\n\n[never]\nevent_code = "x"\n',
        ("never", "event_code"),
    ),
    "each that picks": ('all = ["pumpId", "at"]', 'all = ["pumpId", "at"]\neach = "acts[]"', ("each", "acts[]")),
    "each of which nothing is read": (
        'all = ["pumpId", "at"]',
        'all = ["pumpId", "at"]\neach = "acts"',
        ("each", "pump_log/line"),
    ),
    "unknown converter": ('as = "time"', 'as = "epoch_m"', ("epoch_m", "carrier[0]")),
    "unknown column": ('event_code = "what"', 'event_cod = "what"', ("event_cod", "pump_log/line")),
    "bad path": ('event_code = "what"', 'event_code = "a[0.b"', ("a[0.b",)),
    "empty path": ('event_code = "what"', 'event_code = ""', ("pump_log/line",)),
    "text and object at once": (
        'event_code = "what"',
        'event_code = "what.that"\nmessage = "what{}.why"',
        ("'what'", "text"),
    ),
    "without and nothing to compare": (
        'event_code = "what"',
        'event_code = { from = "what", without = "then" }',
        ("without", "capture"),
    ),
    "like a carrier that is not there": ('name = "line"', 'name = "line"\nlike = "lime"', ("lime", "like")),
    "pick that is no number": ('event_code = "what"', 'event_code = "a[x].b"', ("a[x].b",)),
    "field without a place": ('event_code = "what"', 'event_code = { as = "text" }', ("from", "pump_log/line")),
    "unknown word in a field": ('event_code = "what"', 'event_code = { form = "what" }', ("form", "carrier")),
    "column set that is not there": (
        "activity = 99",
        'activity = 99\nset = { resorce_kind = "pump" }',
        ("resorce_kind",),
    ),
    "field set from one that no carrier maps": (
        "activity = 99",
        'activity = 99\nset = { resource_uid = "$pump_uid" }',
        ("pump_uid",),
    ),
    "condition on a field that no carrier maps": (
        "activity = 99",
        'activity = 99\nwhen = { event_cod = "x" }',
        ("event_cod",),
    ),
    "otherwise a field that is not there": (
        'event_code = "what"',
        'event_code = { from = "what", otherwise = "wat" }',
        ("wat", "pump_log/line"),
    ),
    "unknown test": ("activity = 99", 'activity = 99\nwhen = { event_code = { prefx = "x" } }', ("prefx", "event")),
    "broken regular expression": (
        "activity = 99",
        "activity = 99\nwhen = { event_code = { matches = '(' } }",
        ("(", "pump_log"),
    ),
    "lookahead, which the engine has not": (
        "activity = 99",
        "activity = 99\nwhen = { event_code = { matches = 'a(?=b)' } }",
        ("a(?=b)", "pump_log"),
    ),
    "class that is no number": ("class = 6003", 'class = "6003"', ("class", "event")),
    "group without a capture": (
        "activity = 99",
        'activity = 99\nset = { resource_uid = "{1}" }',
        ("capture", "pump_log"),
    ),
    "template of a field that no carrier maps": (
        "activity = 99",
        'activity = 99\nset = { resource_uid = "{vendor_uid}/{_part}" }',
        ("_part", "mapped by no carrier"),
    ),
    "unknown status": ("activity = 99", 'activity = 99\nstatus = "fine"', ("fine", "event")),
    "identity that no carrier maps": ('identity = ["vendor_uid"]', 'identity = ["vendor_id"]', ("vendor_id",)),
}


@pytest.mark.parametrize(("good", "bad", "named"), TYPOS.values(), ids=TYPOS.keys())
def test_typo_is_an_error_that_names_its_place(tmp_path: Path, good: str, bad: str, named: tuple[str, ...]) -> None:
    assert GOOD.count(good) == 1
    with pytest.raises(SourceError) as caught:
        _load(tmp_path, GOOD.replace(good, bad))
    said = str(caught.value)
    assert caught.value.exit_code == 2
    assert caught.value.where, said
    assert [word for word in named if word not in said] == [], said


@pytest.mark.parametrize("typo", ["unknown word at the top", "unknown column", "bad path", "unknown converter"])
def test_typo_says_what_to_do(tmp_path: Path, typo: str) -> None:
    good, bad, _ = TYPOS[typo]
    with pytest.raises(SourceError) as caught:
        _load(tmp_path, GOOD.replace(good, bad))
    assert caught.value.remedy


def test_not_toml_names_the_line(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as caught:
        _load(tmp_path, GOOD + "\n[[event\n")
    assert caught.value.where == str(tmp_path / "pump_log" / "source.toml")
    assert "line 22" in caught.value.what


def test_not_utf8_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "pump_log").mkdir()
    (tmp_path / "pump_log" / "source.toml").write_bytes(b'name = "\xff"')
    with pytest.raises(SourceError) as caught:
        load((tmp_path,))
    assert caught.value.where == str(tmp_path / "pump_log" / "source.toml")


@pytest.mark.parametrize("escape", ["../../etc", "..", "/etc/passwd", "a/b", "a\\b", "", "OKTA", "x\n"])
def test_extends_does_not_leave_its_folder(tmp_path: Path, escape: str) -> None:
    quoted = escape.replace("\\", "\\\\").replace("\n", "\\n")
    with pytest.raises(SourceError) as caught:
        _load(tmp_path, f'extends = "{quoted}"\n{GOOD}')
    assert "extends" in caught.value.what
    assert caught.value.where == str(tmp_path / "pump_log" / "source.toml")


def test_extends_of_an_absent_source_names_it(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as caught:
        _load(tmp_path, f'extends = "tide_log"\n{GOOD}')
    assert "tide_log" in str(caught.value)


def test_extends_in_a_circle_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "tide_log").mkdir()
    (tmp_path / "tide_log" / "source.toml").write_text('extends = "pump_log"\nname = "tide_log"\n')
    with pytest.raises(SourceError) as caught:
        _load(tmp_path, f'extends = "pump_log"\n{GOOD}', name="pump_log")
    assert "extends" in caught.value.what


def test_extended_source_puts_its_own_rules_first(tmp_path: Path) -> None:
    (tmp_path / "pump_log").mkdir()
    (tmp_path / "pump_log" / "source.toml").write_text(GOOD)
    (tmp_path / "tide_log").mkdir()
    (tmp_path / "tide_log" / "source.toml").write_text(
        'extends = "pump_log"\nname = "tide_log"\n'
        '[[event]]\nwhen = { event_code = "ebb" }\nclass = 6001\nactivity = 2\n'
    )
    tide = load((tmp_path,)).specs["tide_log"]
    assert [(event.class_, event.activity) for event in tide.event] == [(6001, 2), (6003, 99)]
    assert tide.system == "pump"


def test_carrier_like_another_says_only_what_differs(tmp_path: Path) -> None:
    (tmp_path / "pump_log").mkdir()
    again = '\n[[carrier]]\nname = "upper"\nlike = "line"\nall = ["PumpId"]\n[carrier.map]\nvendor_uid = "PumpId"\n'
    (tmp_path / "pump_log" / "source.toml").write_text(GOOD + again)
    upper = load((tmp_path,)).specs["pump_log"].carrier[1]
    assert (upper.name, upper.all) == ("upper", ("PumpId",))
    assert (upper.map["vendor_uid"], upper.map["event_code"]) == ("PumpId", "what")


def test_carrier_like_one_of_the_source_that_is_extended(tmp_path: Path) -> None:
    (tmp_path / "pump_log").mkdir()
    (tmp_path / "pump_log" / "source.toml").write_text(GOOD)
    (tmp_path / "tide_log").mkdir()
    (tmp_path / "tide_log" / "source.toml").write_text(
        'extends = "pump_log"\nname = "tide_log"\n[[carrier]]\nname = "tide"\nlike = "line"\nnone = ["dry"]\n'
    )
    tide = load((tmp_path,)).specs["tide_log"].carrier
    assert [(one.name, one.all, one.none, one.map["event_code"]) for one in tide] == [
        ("tide", ("pumpId", "at"), ("dry",), "what")
    ]


def test_a_source_and_its_extension_share_the_records_of_their_carriers(tmp_path: Path) -> None:
    (tmp_path / "pump_log").mkdir()
    (tmp_path / "pump_log" / "source.toml").write_text('never = { event_code = "^ebb" }\n' + GOOD)
    (tmp_path / "tide_log").mkdir()
    (tmp_path / "tide_log" / "source.toml").write_text(
        'extends = "pump_log"\nname = "tide_log"\nonly = { event_code = "^ebb" }\n'
    )
    known = load((tmp_path,))
    lines = [f'{{"pumpId": {number}, "at": 1700000000, "what": "{what}"}}' for number, what in enumerate(WHAT)]
    rows = rows_of(known, "\n".join(lines).encode()).rows
    assert [(row["event_code"], row["source"]) for row in rows] == [
        ("flow", "pump_log"),
        ("ebb", "tide_log"),
        ("flow", "pump_log"),
        ("ebbing", "tide_log"),
    ]


def test_name_of_the_folder_and_of_the_source_agree() -> None:
    assert {name for name, spec in shipped().specs.items() if spec.name != name} == set()
