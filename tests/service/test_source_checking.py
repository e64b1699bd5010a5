"""Does a new source pass once its blanks are filled, and is every fault of one told at once, with its line?"""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.service.harness import cloison, totals

from cloison.errors import InputError
from cloison.service.source_checking import Checked, check_source
from cloison.service.source_making import make_source
from cloison.sources.catalogue import SHIPPED
from cloison.sources.words import BLANK


def _filled(tmp_path: Path, change: Callable[[str], str] = str) -> Path:
    folder = make_source("pump_log", tmp_path)
    for path in (folder / "source.toml", folder / "corpus" / "record.expected.json"):
        path.write_text(path.read_text().replace(BLANK, "pump"))
    (folder / "source.toml").write_text(change((folder / "source.toml").read_text()))
    return folder


def _told(checked: Checked) -> list[str]:
    """Each fault with the name of its file alone."""
    return [str(fault).removeprefix(fault.place.rpartition("/")[0] + "/") for fault in checked.faults]


def test_a_new_source_asks_for_its_blanks_and_for_nothing_else(tmp_path: Path) -> None:
    checked = check_source(make_source("pump_log", tmp_path))
    assert _told(checked) == [
        "source.toml:5: title: still to fill in",
        "source.toml:6: vendor: still to fill in",
        "source.toml:7: product: still to fill in",
        "source.toml:8: system: still to fill in",
        "source.toml:9: reference: still to fill in",
        "source.toml:64: blind[0].text: still to fill in",
    ]


def test_a_source_whose_blanks_are_filled_is_right_and_reads_a_case(tmp_path: Path) -> None:
    folder = _filled(tmp_path / "case-sources")
    checked = check_source(folder)
    assert (checked.faults, checked.carriers, checked.events, checked.rotations, checked.records) == ((), 1, 3, 1, 3)
    (tmp_path / "log.json").write_bytes((folder / "corpus" / "record.raw").read_bytes())
    case = tmp_path / "case"
    cloison("take", case, tmp_path / "log.json", "-q")
    assert totals(case) == (3, 0, 0, 3)
    folder.parent.rename(case / "sources")
    cloison("investigate", case, "-q")
    assert totals(case) == (3, 3, 0, 0)


WRONG: dict[str, tuple[tuple[str, str], list[str]]] = {
    "unknown words, all of them": (
        ('from = "userName", as = "account"', 'form = "userName", as = "acount"'),
        [
            "source.toml:25: carrier[0].map.principal.form: no such word: 'form' (did you mean 'from'?)",
            "source.toml:25: carrier[0].map.principal.as: Invalid enum value 'acount' (did you mean 'account'?)",
        ],
    ),
    "a missing word": (
        ('effect = "revoked"\n', ""),
        ["source.toml:49: rotation[0]: 'effect' is missing (see docs/sources.md for what it says)"],
    ),
    "a wrong type": (
        ("class = 3002", 'class = "3002"'),
        ["source.toml:35: event[0].class: Expected `int | object`, got `str`"],
    ),
    "no TOML": (("[carrier.map]", "[carrier.map"), ["source.toml:21: not TOML: "]),
    "an unknown column": (
        ("user_agent = ", "user_agnet = "),
        ["source.toml:27: carrier[0].map.user_agnet: no event column 'user_agnet' (did you mean 'user_agent'?"],
    ),
    "a bad path": (
        ('src_ip = { from = "sourceAddress"', 'src_ip = { from = "source[Address"'),
        ["source.toml:26: pump_log/record.src_ip: not a path: 'source[Address' (write a.b, "],
    ),
    "a capture without a group": (
        ('resource_uid = "object"', 'resource_uid = { from = "object", capture = "x+" }'),
        ["source.toml:30: pump_log/record.resource_uid: 'x+' captures 0 groups, 1 are used"],
    ),
    "a field that no carrier maps": (
        ('credential = "$target_credential_uid"', 'credential = "$_gone"'),
        ["source.toml:53: rotation[0].credential: '$_gone' is mapped by no carrier"],
    ),
    "an event that no record comes to": (
        ('event_code = "login" }\n', 'event_code = "logon" }\n'),
        [
            "record.expected.json: row 0: class_uid: expected 3002, comes out as 6003",
            "record.expected.json: row 0: activity_id: expected 1, comes out as 99",
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("change", "wanted"), WRONG.values(), ids=WRONG.keys())
def test_each_fault_is_told_with_its_place_and_remedy(
    tmp_path: Path, change: tuple[str, str], wanted: list[str]
) -> None:
    told = _told(check_source(_filled(tmp_path, lambda text: text.replace(*change))))
    assert len(told) == len(wanted)
    assert all(one.startswith(want) for one, want in zip(told, wanted, strict=True)), told


def test_what_no_record_of_the_corpus_comes_to_is_told(tmp_path: Path) -> None:
    folder = _filled(tmp_path)
    for name in ("record.raw", "record.expected.json"):
        path = folder / "corpus" / name
        if name.endswith("raw"):
            path.write_text("".join(path.read_text().splitlines(keepends=True)[:1]))
        else:
            path.write_text(json.dumps(json.loads(path.read_text())[:1]))
    assert [one.partition(" (")[0] for one in _told(check_source(folder))] == [
        "source.toml:38: event[1]: no record of the corpus comes to it",
        "source.toml:44: event[2]: no record of the corpus comes to it",
        "source.toml:49: rotation[0]: no record of the corpus comes to it",
    ]


def test_what_is_wrong_with_the_corpus_is_told(tmp_path: Path) -> None:
    folder = _filled(tmp_path)
    (folder / "corpus" / "record.expected.json").unlink()
    (folder / "corpus" / "other.raw").write_text('           \n{"pump": 1}\n')
    (folder / "corpus" / "other.expected.json").write_text("[")
    assert [one.partition(" (")[0] for one in _told(check_source(folder))] == [
        "other.raw:2: the record at byte 12 is rejected: recognised by no source",
        "other.expected.json: not JSON: Expecting value: line 1 column 2",
        "record.expected.json: is missing",
    ]


def test_a_row_says_what_every_row_says(tmp_path: Path) -> None:
    expected = _filled(tmp_path) / "corpus" / "record.expected.json"
    rows = json.loads(expected.read_text())
    del rows[1]["system"], rows[1]["time"]
    expected.write_text(json.dumps(rows))
    assert _told(check_source(expected.parent.parent)) == [
        "record.expected.json: row 1: lacks time, system: every row says these",
    ]


def test_the_grammar_that_a_new_source_shows_is_one_of_two_words(tmp_path: Path) -> None:
    text = (make_source("pump_log", tmp_path) / "source.toml").read_text()
    shown = re.search(r"pattern = '(.*) …\$'", text)
    assert shown
    assert re.fullmatch(shown[1], "02:00 ash")


@pytest.mark.parametrize(
    "name", ["ocsf", "entra_noninteractive_signin", "jira_access", "linux_auth", "atlassian_dc_audit"]
)
def test_shipped_sources_are_right_also_where_they_build_upon_others_or_state_no_year(name: str) -> None:
    assert check_source(SHIPPED / name).faults == ()


def test_the_command_ends_with_2_and_tells_its_rows(tmp_path: Path) -> None:
    folder = _filled(tmp_path)
    right = cloison("sources", "check", folder, "--rows")
    assert right.code == 0
    assert list(right.json) == ["record.expected.json"]
    assert right.json["record.expected.json"][1]["rotation_credential_uid"] == "tok-77"
    (folder / "source.toml").write_text("name = 1\n")
    wrong = cloison("sources", "check", folder)
    assert wrong.code == 2
    assert "source.toml:1: name: Expected `str`, got `int`" in wrong.out
    assert wrong.out.splitlines()[-1] == "pump_log: 7 faults"


def test_a_source_is_described_by_its_name() -> None:
    described = cloison("sources", "--json", "ocsf").json
    assert described["recognised_by"] == {
        "event": ["class_uid", "metadata", "type_uid", "category_uid", "activity_id", "metadata.version"]
    }
    assert "did you mean 'ocsf'?" in cloison("sources", "oscf").err


@pytest.mark.parametrize("name", ["Pump", "../pump", "1pump", ""])
def test_a_name_is_a_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="cannot be a name"):
        make_source(name, tmp_path)


def test_a_folder_that_is_there_is_left_alone(tmp_path: Path) -> None:
    make_source("pump_log", tmp_path)
    with pytest.raises(InputError, match="is there already"):
        make_source("pump_log", tmp_path)


def test_no_source_in_the_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no source\.toml in it .`cloison sources new NAME`"):
        check_source(tmp_path)
    with pytest.raises(InputError, match="gone: no such folder"):
        check_source(tmp_path / "gone")
