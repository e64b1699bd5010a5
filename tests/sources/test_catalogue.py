"""Is every shipped source faultless, and does anything that decides what records become change the fingerprint?"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from cloison.errors import SourceError
from cloison.sources import catalogue as module
from cloison.sources.catalogue import COMPILER, SHIPPED, Catalogue, load, shipped
from cloison.sources.checking import check
from cloison.sources.mapping import compile_carrier
from cloison.sources.spec import read_spec

ROOT = SHIPPED.parent
PUMP = b"""
name = "pump_log"
title = "Pumps"
vendor = "Invented"
product = "Pump"
system = "pump"

[[carrier]]
name = "line"
all = ["pumpId"]
[carrier.map]
time = { from = "at", as = "time" }
vendor_uid = "pumpId"

[[event]]
class = 6003
activity = 99
"""


def _written(folder: Path, text: bytes, name: str = "pump_log") -> Path:
    (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / name / "source.toml").write_bytes(text)
    return folder


@pytest.mark.parametrize("place", sorted(SHIPPED.glob("*/source.toml")), ids=lambda place: place.parent.name)
def test_a_shipped_source_has_no_fault_and_compiles(place: Path) -> None:
    spec = read_spec(place.parent)
    check(spec, place)
    assert [bool(compile_carrier(spec, carrier).select) for carrier in spec.carrier] == [True] * len(spec.carrier)


def test_every_shipped_source_is_known() -> None:
    assert sorted(place.parent.name for place in SHIPPED.glob("*/source.toml")) == list(shipped().specs)


@pytest.mark.parametrize(
    ("good", "bad", "told"),
    [
        (b'all = ["pumpId"]', b'all = ["pump..Id"]', "not a path"),
        (b'vendor_uid = "pumpId"', b'vendor_number = "pumpId"', "no event column 'vendor_number'"),
    ],
    ids=["check", "compile"],
)
def test_a_source_of_ones_own_is_seen_through_at_once_beside_the_shipped_ones(
    tmp_path: Path, good: bytes, bad: bytes, told: str
) -> None:
    _written(tmp_path, PUMP.replace(good, bad))
    with pytest.raises(SourceError) as fault:
        load((SHIPPED, tmp_path))
    assert told in str(fault.value)


def test_a_source_of_ones_own_replaces_the_shipped_one_of_its_name(tmp_path: Path) -> None:
    known = load((SHIPPED, _written(tmp_path, PUMP.replace(b"pump_log", b"web_access"), "web_access")))
    assert known.specs["web_access"].title == "Pumps"
    assert [one.carrier.name for one in known.only("web_access")] == ["line"]
    assert len(known.specs) == len(shipped().specs)


def test_what_a_source_says_is_what_its_file_said_when_it_was_fingerprinted(tmp_path: Path) -> None:
    known = load((_written(tmp_path, PUMP),))
    before = known.fingerprint
    _written(tmp_path, PUMP.replace(b'"Pumps"', b'"Tides"'))
    assert known.specs["pump_log"].title == "Pumps"
    assert load((tmp_path,)).fingerprint != before


def test_the_fingerprint_is_of_content_and_of_no_place(tmp_path: Path) -> None:
    here, there = _written(tmp_path / "here", PUMP), _written(tmp_path / "there", PUMP)
    assert load((here,)).fingerprint == load((there,)).fingerprint


def test_a_source_more_or_another_name_is_another_fingerprint(tmp_path: Path) -> None:
    alone = load((_written(tmp_path / "alone", PUMP),)).fingerprint
    tide = PUMP.replace(b"pump_log", b"tide_log")
    renamed = load((_written(tmp_path / "renamed", tide, "tide_log"),)).fingerprint
    both = load((tmp_path / "alone", tmp_path / "renamed")).fingerprint
    assert len({alone, renamed, both}) == 3


def test_a_changed_compiler_is_another_fingerprint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in COMPILER:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    texts, expected = shipped().texts, shipped().fingerprint
    monkeypatch.setattr(module, "SHIPPED", tmp_path / "sources")
    seen = [Catalogue(texts).fingerprint]
    for name in COMPILER:
        (tmp_path / name).write_bytes((ROOT / name).read_bytes() + b"\n")
        seen.append(Catalogue(texts).fingerprint)
    assert seen[0] == expected
    assert len(set(seen)) == len(COMPILER) + 1


def _imported(place: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(place.read_bytes())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("cloison."):
            yield f"{(node.module or '').removeprefix('cloison.').replace('.', '/')}.py"


def test_the_fingerprint_is_of_every_module_that_the_compiler_reads() -> None:
    reached, ahead = {"sources/declared.py"}, ["sources/catalogue.py", "sources/mapping.py"]
    while ahead:
        name = ahead.pop()
        reached.add(name)
        ahead += [one for one in _imported(ROOT / name) if one not in reached]
    assert reached - {"sources/checking.py"} == set(COMPILER)  # it refuses a source and changes nothing in it
