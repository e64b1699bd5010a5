"""Does every source map its own corpus to the rows that were written by hand, and is each of its rules exercised?"""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path

import msgspec
import pytest
from _pytest.mark.structures import ParameterSet

from cloison.lake.trial import CORPUS_WRITTEN, Trial, rows_of
from cloison.service.source_checking import ALWAYS
from cloison.sources.catalogue import SHIPPED, Catalogue, shipped

SOURCES = sorted(place.parent for place in SHIPPED.glob("*/source.toml"))
RAW = sorted(SHIPPED.glob("*/corpus/*.raw"))


def _named(path: Path) -> str:
    return f"{path.parent.parent.name}/{path.stem}" if path.suffix else path.name


def _together(places: list[Path]) -> list[ParameterSet]:
    """Each place with the group of its source: one process maps a corpus once for all that is asked of it."""
    folders = [place.parent.parent if place.suffix else place for place in places]
    return [
        pytest.param(place, id=_named(place), marks=pytest.mark.xdist_group(folder.name))
        for place, folder in zip(places, folders, strict=True)
    ]


@cache
def _traced() -> Catalogue:
    """The shipped sources with the numbers of the rules that spoke beside each row."""
    return replace(shipped(), traced=True)


@cache
def _mapped(raw: Path) -> Trial:
    return rows_of(_traced(), raw.read_bytes(), dated=CORPUS_WRITTEN)


def _plain(value: object) -> object:
    return value.isoformat(timespec="microseconds") if isinstance(value, datetime) else value


def _differences(expected: dict[str, object], row: dict[str, object]) -> Iterator[str]:
    for column, wanted in expected.items():
        found = _plain(row[column]) if column in row else "<no such column>"
        if found != wanted:
            yield f"{column}: expected {wanted!r}, mapped {found!r}"


@pytest.mark.parametrize("raw", _together(RAW))
def test_corpus_maps_to_the_rows_written_by_hand(raw: Path) -> None:
    written = raw.with_suffix(".expected.json")
    assert written.is_file(), f"{raw.name} has no {written.name} beside it"
    expected = json.loads(written.read_bytes())
    trial = _mapped(raw)
    faults = [
        f"row {number}: {fault}"
        for number, (wanted, row) in enumerate(zip(expected, trial.rows, strict=False))
        for fault in _differences(wanted, row)
    ]
    assert not faults, "\n".join(faults)
    assert len(trial.rows) == len(expected), [reject.reason for reject in trial.rejects]


@pytest.mark.parametrize("raw", _together(RAW))
def test_corpus_is_accounted_for_to_the_last_record(raw: Path) -> None:
    trial = _mapped(raw)
    assert trial.received == len(trial.rows) + len(trial.rejects)


@pytest.mark.parametrize("raw", _together(RAW))
def test_expected_rows_say_what_always_matters(raw: Path) -> None:
    for number, row in enumerate(json.loads(raw.with_suffix(".expected.json").read_bytes())):
        assert set(ALWAYS) <= set(row), f"row {number} lacks {sorted(set(ALWAYS) - set(row))}"


@pytest.mark.parametrize("folder", _together(SOURCES))
def test_corpus_exercises_every_line_of_the_source(folder: Path) -> None:
    own = msgspec.toml.decode((folder / "source.toml").read_bytes())
    raws = sorted(folder.glob("corpus/*.raw"))
    assert raws, f"source {folder.name} has no corpus: add {folder.name}/corpus/NAME.raw and NAME.expected.json"
    rows = [row for raw in raws for row in _mapped(raw).rows if row["source"] == folder.name]
    unseen = [
        *_unseen("carrier", [one["name"] for one in own.get("carrier", [])], {row["carrier"] for row in rows}),
        *_unseen("event", range(len(own.get("event", []))), {row["_rule"] for row in rows}),
        *_unseen("rotation", range(len(own.get("rotation", []))), {row["_rot"] for row in rows}),
    ]
    told = [
        f"{kind} {which}: {own[kind][which].get('when', 'default')}" if isinstance(which, int) else f"{kind} {which}"
        for kind, which in unseen
    ]
    assert not told, f"{folder.name}: no record of the corpus exercises\n" + "\n".join(told)


def _unseen(kind: str, wanted: "range | list[str]", seen: set[object]) -> Iterator[tuple[str, int | str]]:
    return ((kind, which) for which in wanted if which not in seen)


@pytest.mark.parametrize("raw", _together(RAW))
def test_corpus_is_recognised_as_its_own_source(raw: Path) -> None:
    expected = {row["source"] for row in json.loads(raw.with_suffix(".expected.json").read_bytes())}
    assert {row["source"] for row in _mapped(raw).rows} == expected
