"""Does a sweep through the index see exactly what the exact query over the whole lake sees?"""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from demo.model_incident.generate import generate
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.kit import Event, _part, event
from tests.service.harness import access_lines, cloison, okta_lines, refused, taken

from cloison.evidence.journal import Held, HeldMember
from cloison.hunt.intel import read_indicators
from cloison.hunt.intel.reading import Reading
from cloison.hunt.sought import FAMILIES
from cloison.hunt.sweep import LIST_SIGHTINGS, PLACE_SIGHTED, SWEEP
from cloison.lake import index
from cloison.lake.analysis import run
from cloison.lake.engine import open_engine
from cloison.lake.scene import stage_addresses
from cloison.model.indicator import ADDRESS_KINDS, UNSWEPT_KINDS, IndicatorKind
from cloison.service.case import Case, make_case
from cloison.service.case_sweep import sweep_case
from cloison.service.inputs_kept import Given
from cloison.service.investigate import stage, stage_given
from cloison.service.progress import Silent
from cloison.service.sources_known import catalogue_of
from cloison.sources.catalogue import shipped

some = st.sampled_from
ADDRESSES = ("192.0.2.1", "192.0.2.200", "203.0.113.5", "2001:db8::5", "2001:db8:0:1::5", "::1", "2001:db8:1:2:3:4:5:6")
HOSTS = ("evil.example", "CDN.evil.example", "notevil.example", "203.0.113.5", "example", "a.b.c.example.")
URLS = (
    "/go?to=https%3A%2F%2Fcdn.evil.example%2Fx",
    "https://user@EVIL.example:8443/x?y=1#z",
    "//evil.example/x",
    "http://203.0.113.5/a",
    "%zz://evil.example",
    "/evil.example",
)
FILES = ("Drop.exe", "a/b\\DROP.exe", "drop.exe ", "")
HASH = "0f" * 16
COLUMNS: dict[str, tuple[object, ...]] = {
    "src_ip": ADDRESSES,
    "dst_ip": ADDRESSES,
    "src_host": HOSTS,
    "dst_host": HOSTS,
    "url": URLS,
    "principal": ("ada", "m.alder@corp.example", ""),
    "actor_email": ("M.Alder@corp.example", "ada@corp.example"),
    "target_principal": ("ada", "svc"),
    "credential_uid": ("T1", "t1"),
    "target_credential_uid": ("T1", "T2"),
    "minted_credential_uid": ("T2", "T1"),
    "file_hash": (HASH, HASH.upper()),
    "file_name": FILES,
    "user_agent": ("curl/8.1", "Curl/8.1"),
}
INDICATORS = (
    *(f"ip,{one}" for one in ADDRESSES),
    "cidr,192.0.2.0/25",
    "cidr,0.0.0.0/0",
    "cidr,2001:db8::/48",
    "range,192.0.2.150-203.0.113.5",
    "domain,evil.example",
    "domain,cdn.evil.example",
    "domain,c.example",
    "url,https://evil.example:8443/x?y=1",
    "url,http://evil.example/go",
    "url,http://evil.example/evil.example",
    "url,http://203.0.113.5/a",
    "url,https://cdn.evil.example/evil.example",
    "email,m.alder@corp.example",
    "account,ada",
    "account,svc",
    "credential,T1",
    "credential,T2",
    f"md5,{HASH}",
    "file_name,drop.exe",
    "user_agent,curl/8.1",
    "user_agent,nobody/1.0",
)


@st.composite
def events(draw: st.DrawFn) -> Event:
    """An event that holds a few of the values, perhaps told before: an event that is told again has its time."""
    held = draw(st.dictionaries(some(sorted(COLUMNS)), st.integers(0, 6), max_size=4))
    columns: Event = {name: COLUMNS[name][number % len(COLUMNS[name])] for name, number in held.items()}
    if draw(st.booleans()):
        columns["src_ips"] = draw(st.lists(some(ADDRESSES), unique=True, max_size=3))
    columns["class_uid"] = draw(some([6003, 4001]))
    number = draw(st.integers(0, 9))
    return event(f"e{number}", f"11-15 10:0{number // 2}", **columns)


def case_of(folder: Path, parts: Sequence[Sequence[Event]]) -> Case:
    """A case whose lake holds these parts, and whose evidence is not there to be read."""
    case = make_case(folder, written_by="tests")
    names = [f"jira_access-{number:06}-0000.parquet" for number in range(len(parts))]
    for name, rows in zip(names, parts, strict=True):
        _part(case.lake / name, rows)
    journal = case.journal()
    journal.built_with(shipped().fingerprint)
    held = Held("m1", "m1.log", 1, "m1.log", "m1.log", "", "2025-04-12T00:00:00", "tests")
    stored = sum(map(len, parts))
    journal.record([held], [HeldMember("m1", "m1", "", 1, "", stored)], [("m1", "jira_access", stored)], [], names)
    journal.close()
    return case


def plainly(case: Case, reading: Reading) -> list[dict[str, object]]:
    """The exact query over all events."""
    engine = open_engine(threads=1)
    journal = case.journal()
    try:
        stage(engine, case, journal, catalogue_of(case))
        stage_given(engine, Given(reading.indicators, (), (), ()), None)
        stage_addresses(engine)
        for one in (SWEEP, PLACE_SIGHTED, LIST_SIGHTINGS):
            run(engine, one)
        read = engine.execute(f"SELECT * FROM sightings ORDER BY {', '.join(LIST_SIGHTINGS.contract.key)}")
        names = [column[0] for column in read.description or ()]
        return [dict(zip(names, row, strict=True)) for row in read.fetchall()]
    finally:
        journal.close()
        engine.close()


def listed(lines: Sequence[str]) -> Reading:
    return read_indicators(("kind,value\n" + "".join(f"{one}\n" for one in lines)).encode(), origin="given.csv")


def swept(case: Case, reading: Reading) -> list[dict[str, object]]:
    return sweep_case(case, reading, catalogue_of(case), Silent()).sightings


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.lists(events(), min_size=1, max_size=8), min_size=1, max_size=3),
    st.lists(some(INDICATORS), unique=True, min_size=1, max_size=6),
)
@pytest.mark.long
def test_the_index_sees_what_the_exact_query_sees(parts: list[list[Event]], lines: list[str]) -> None:
    places = iter(7 * number % 25 for number in range(24))
    placed = [[{**one, "record_offset": next(places)} for one in part] for part in parts]
    with tempfile.TemporaryDirectory() as folder:
        case = case_of(Path(folder) / "case", placed)
        assert swept(case, listed(lines)) == plainly(case, listed(lines))


@pytest.mark.parametrize("line", INDICATORS)
def test_every_kind_is_found_alone(line: str, tmp_path: Path) -> None:
    held = [
        event(f"{name}{number}", "11-15 10:00", **{name: value})
        for name, values in COLUMNS.items()
        for number, value in enumerate(values)
    ]
    case = case_of(tmp_path / "case", [held])
    assert swept(case, listed([line])) == plainly(case, listed([line]))


def test_every_kind_of_indicator_has_a_family() -> None:
    assert set(FAMILIES) | ADDRESS_KINDS | set(UNSWEPT_KINDS) == set(IndicatorKind)


def test_only_the_blocks_of_the_right_rows_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "BLOCK", 4)
    monkeypatch.setattr("cloison.lake.finding.BLOCK", 4)
    held = [event(f"e{number:02}", "11-15 10:00", src_ip=f"192.0.2.{number}") for number in range(30)]
    case = case_of(tmp_path / "case", [held[:11], held[11:]])
    assert [one["event_uid"] for one in swept(case, listed(["ip,192.0.2.3", "ip,192.0.2.12", "ip,192.0.2.29"]))] == [
        "e03",
        "e12",
        "e29",
    ]


@pytest.mark.long
def test_the_model_incident_through_the_index(tmp_path: Path) -> None:
    generate(tmp_path / "incident", seed=1, scale=0.02)
    taken(tmp_path / "case", tmp_path / "incident/evidence")
    case = Case(tmp_path / "case")
    given_file = next((tmp_path / "incident").glob("indicators*"))
    reading = read_indicators(given_file.read_bytes(), origin="given")
    expected = plainly(case, reading)
    assert len(expected) > 100
    assert swept(case, reading) == expected


def test_more_evidence_is_indexed_beside_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(okta_lines(range(40)))
    (tmp_path / "b.log").write_bytes(access_lines(range(40)))
    (tmp_path / "given.txt").write_text("203.0.113.9\n198.51.100.9\n")
    taken(tmp_path / "case", tmp_path / "a.json")
    first = cloison("sweep", tmp_path / "given.txt", tmp_path / "case", "--json", "-q")
    taken(tmp_path / "case", tmp_path / "b.log")
    second = cloison("sweep", tmp_path / "given.txt", tmp_path / "case", "--json", "-q")
    assert (first.code, second.code) == (10, 10)
    assert [one["evidence"] for one in first.json["sightings"]] == ["a.json"]
    assert [one["evidence"] for one in second.json["sightings"]] == ["b.log", "a.json"]
    assert (first.json["events"], second.json["events"]) == (40, 80)


def test_an_index_that_is_damaged_or_gone_is_made_again(tmp_path: Path) -> None:
    case = case_of(tmp_path / "case", [[event("e1", "11-15 10:00", src_ip="192.0.2.1")]])
    for harm in (_cut_short, _no_manifest, _no_coverage):
        assert [one["event_uid"] for one in swept(case, listed(["ip,192.0.2.1"]))] == ["e1"]
        harm(case.lake / "observables")
    assert [one["event_uid"] for one in swept(case, listed(["ip,192.0.2.1"]))] == ["e1"]


def _cut_short(folder: Path) -> None:
    next(folder.glob("*.src_ip.places")).write_bytes(b"")


def _no_manifest(folder: Path) -> None:
    (folder / "manifest.json").write_text("{")


def _no_coverage(folder: Path) -> None:
    (folder / "coverage.parquet").unlink()


def test_a_part_of_the_same_name_with_other_rows_is_indexed_anew(tmp_path: Path) -> None:
    case = case_of(tmp_path / "case", [[event("e1", "11-15 10:00", src_ip="192.0.2.1")]])
    assert swept(case, listed(["ip,192.0.2.2"])) == []
    _part(next(case.lake.glob("*.parquet")), [event("e1", "11-15 10:00", src_ip="192.0.2.2")])
    assert [one["observed"] for one in swept(case, listed(["ip,192.0.2.2"]))] == ["192.0.2.2"]


def test_none_of_so_many_in_so_many_events(tmp_path: Path) -> None:
    held = [event(f"e{hour}", f"11-15 {hour:02}:00") for hour in (*range(8), 9)]
    case = case_of(tmp_path / "case", [held])
    found = sweep_case(case, listed(["ip,192.0.2.1", "account,nobody"]), catalogue_of(case), Silent())
    assert found.exit_code == 0
    assert found.answer() == (
        "0 sightings of 2 indicators in 9 events between 2023-11-15T00:00:00Z and 2023-11-15T09:00:00Z; no gap is known"
    )


def test_what_no_event_can_hold_is_said(tmp_path: Path) -> None:
    case = case_of(tmp_path / "case", [[event("e1", "11-15 10:00", src_ip="192.0.2.1")]])
    found = sweep_case(case, listed(["as_number,AS64500"]), catalogue_of(case), Silent())
    assert found.unswept == (("as_number", "AS64500", "no event carries the number of an autonomous system"),)
    assert found.answer().endswith("; 1 of the indicators can be in no event")


def test_a_case_is_swept_by_itself(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(okta_lines(range(4)))
    (tmp_path / "given.txt").write_text("203.0.113.9\n")
    taken(tmp_path / "case", tmp_path / "a.json")
    said = refused("sweep", tmp_path / "given.txt", tmp_path / "case", tmp_path / "a.json", "-q", code=2)
    assert "a case is swept by itself" in said
