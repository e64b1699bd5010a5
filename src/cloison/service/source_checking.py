"""What is wrong with a source that somebody writes? Its words, places and patterns, and its corpus, all at once."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import duckdb
import msgspec

from cloison.errors import InputError, SourceError
from cloison.lake.trial import CORPUS_WRITTEN, Trial, rows_by
from cloison.sources.catalogue import shipped
from cloison.sources.checking import faults_of
from cloison.sources.fields import SETTABLE
from cloison.sources.mapping import Mapping, compile_carrier
from cloison.sources.spec import Spec, read_spec
from cloison.sources.words import Fault, Lines, key_path, nearest, word_faults

_UNTOLD = {"evidence_uid", "record_offset", "record_length", "event_uid", "superseded", "_rule", "_rot"}
_IN_RULE = re.compile(r"^(event|rotation)\[(\d+)\][.](\w+)")
ALWAYS = ("source", "carrier", "time", "system", "class_uid", "activity_id", "status_id")
"""The columns that every expected row says, whatever else it says."""


@dataclass(frozen=True)
class Checked:
    """A source as it was found: every fault, what it holds, and the rows that its corpus becomes.

    `rows` are by the name of the file that they are kept in.
    """

    name: str
    faults: tuple[Fault, ...]
    carriers: int = 0
    events: int = 0
    rotations: int = 0
    records: int = 0
    rows: dict[str, list[dict[str, object]]] = field(default_factory=dict)


def check_source(folder: Path) -> Checked:
    """Check a source as far as its faults allow: words, then how they fit together, then what the corpus becomes.

    Raises:
        InputError: there is no source in the folder.
    """
    place = folder / "source.toml"
    if not place.is_file():
        what = "no source.toml in it" if folder.is_dir() else "no such folder"
        raise InputError(what, where=str(folder), remedy="`cloison sources new NAME` makes one")
    try:
        text = place.read_text(encoding="utf-8")
        raw: object = msgspec.toml.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        return Checked(folder.name, (Fault(str(place), _line_in(str(fault)), f"not TOML: {fault}"),))
    words = word_faults(raw, text, place) if isinstance(raw, dict) else [Fault(str(place), 0, "not a table")]
    if words:
        return Checked(folder.name, tuple(words))
    try:
        spec = read_spec(folder.absolute())
    except SourceError as fault:
        return Checked(folder.name, (Fault(str(place), 0, fault.what, fault.remedy),))
    lines = Lines(text)
    mappings, fitting = _compiled(spec, folder.absolute().name, lines, place)
    if fitting:
        return Checked(spec.name, tuple(fitting))
    return _proven(spec, mappings, folder, lines, raw if isinstance(raw, dict) else {})


def _line_in(message: str) -> int:
    found = re.search(r"line (\d+)", message)
    return int(found[1]) if found else 0


# -- how its words fit together ---


def _compiled(spec: Spec, folder: str, lines: Lines, place: Path) -> tuple[list[Mapping], list[Fault]]:
    faults = [_placed(spec, told, lines, place) for told in faults_of(spec, folder)]
    mappings: list[Mapping] = []
    for number, carrier in enumerate(spec.carrier):
        unknown = [name for name in carrier.map if name not in SETTABLE | {"status"} and not name.startswith("_")]
        for name in unknown:
            at = ("carrier", number, "map", name)
            remedy = f"{nearest(name, sorted(SETTABLE))} local names begin with _"
            faults.append(Fault(str(place), lines.of(at), f"{key_path(at)}no event column {name!r}", remedy))
        if not unknown and not faults:
            try:
                compile_carrier(spec, carrier)
            except SourceError as fault:
                line = lines.of(("carrier", number))
                faults.append(Fault(str(place), line, f"{fault.where}: {fault.what}", fault.remedy))
            else:
                mappings.append(Mapping(spec, carrier, traced=True))
    return mappings, faults


def _placed(spec: Spec, told: str, lines: Lines, place: Path) -> Fault:
    """A fault that names its rule, carrier or word, at its line."""
    if rule := _IN_RULE.match(told):
        return Fault(str(place), lines.of((rule[1], int(rule[2]), rule[3])), told)
    for number, carrier in enumerate(spec.carrier):
        head = f"{spec.name}/{carrier.name}."
        if told.startswith(head):
            word = told.removeprefix(head).partition(":")[0]
            at = ("carrier", number, word if word in {"all", "any", "none", "match", "pattern"} else "map", word)
            return Fault(str(place), lines.of(at), told)
    return Fault(str(place), lines.of(tuple(told.partition(":")[0].split("."))), told)


# -- what its corpus becomes ---


def _proven(spec: Spec, mappings: list[Mapping], folder: Path, lines: Lines, own: dict[str, object]) -> Checked:
    traced = _among_the_shipped(spec, mappings)
    faults: list[Fault] = []
    rows: dict[str, list[dict[str, object]]] = {}
    raws = sorted((folder / "corpus").glob("*.raw"))
    if not raws:
        faults.append(Fault(str(folder / "corpus"), 0, "no record", "put made-up records into corpus/SHAPE.raw"))
    for raw in raws:
        try:
            trial = rows_by(traced, raw.read_bytes(), dated=CORPUS_WRITTEN)
        except duckdb.Error as fault:
            faults.append(Fault(str(raw), 0, f"the engine cannot map it: {str(fault).splitlines()[0]}"))
            continue
        faults += _raw_faults(raw, trial, spec.name)
        rows[_written(raw).name] = [row for row in trial.rows if row["source"] == spec.name]
    every = [row for kept in rows.values() for row in kept]
    if raws and not faults:
        faults += _unexercised(own, every, lines, folder / "source.toml")
    counts = (len(spec.carrier), len(spec.event), len(spec.rotation), len(every))
    return Checked(spec.name, tuple(faults), *counts, {name: _shown(kept) for name, kept in rows.items()})


def _among_the_shipped(spec: Spec, mappings: list[Mapping]) -> tuple[Mapping, ...]:
    """In the place of the shipped source of its name, else last: of two that show as many signs the first counts."""
    known = shipped()
    names = dict.fromkeys((*(one.spec.name for one in known.mappings), spec.name))
    placed = (mappings if name == spec.name else known.only(name) for name in names)
    return tuple(replace(one, traced=True) for own in placed for one in own)


def _written(raw: Path) -> Path:
    return raw.with_suffix(".expected.json")


def _shown(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    return [{name: _plain(value) for name, value in row.items() if _told(name, value)} for row in rows]


def _told(name: str, value: object) -> bool:
    return value is not None and name not in _UNTOLD and not (name == "time_assumed" and value is False)


def _raw_faults(raw: Path, trial: Trial, name: str) -> Iterator[Fault]:
    data = raw.read_bytes() if trial.rejects else b""
    for reject in trial.rejects:
        line = data.count(b"\n", 0, reject.offset) + 1
        yield Fault(str(raw), line, f"the record at byte {reject.offset} is rejected: {reject.reason}")
    written = _written(raw)
    try:
        expected: object = json.loads(written.read_bytes())
    except FileNotFoundError:
        yield Fault(str(written), 0, "is missing", "`--rows` prints what the records become: keep it once you agree")
        return
    except ValueError as fault:
        yield Fault(str(written), 0, f"not JSON: {fault}")
        return
    if not isinstance(expected, list) or not all(isinstance(one, dict) for one in expected):
        yield Fault(str(written), 0, "not a list of objects", "one object a row, with the columns that must come out")
        return
    others = {str(row["source"]) for row in trial.rows} - {name} - {str(one.get("source", name)) for one in expected}
    for other in sorted(others):
        yield Fault(str(raw), 0, f"recognised as {other}", "give its carrier another sign that only this log shows")
    if len(expected) != len(trial.rows):
        yield Fault(str(written), 0, f"{len(expected)} rows are expected, {len(trial.rows)} come out")
    for number, (wanted, row) in enumerate(zip(expected, trial.rows, strict=False)):
        yield from (Fault(str(written), 0, f"row {number}: {told}") for told in _differences(wanted, row))


def _differences(expected: dict[str, object], row: dict[str, object]) -> Iterator[str]:
    if lacking := [name for name in ALWAYS if name not in expected]:
        yield f"lacks {', '.join(lacking)}: every row says these"
    for column, wanted in expected.items():
        if column not in row:
            yield f"no event column {column!r}, {nearest(column, sorted(row))}"
        elif _plain(row[column]) != wanted:
            yield f"{column}: expected {wanted!r}, comes out as {_plain(row[column])!r}"


def _plain(value: object) -> object:
    return value.isoformat(timespec="microseconds") if isinstance(value, datetime) else value


def _unexercised(own: dict[str, object], rows: list[dict[str, object]], lines: Lines, place: Path) -> Iterator[Fault]:
    """The carriers and rules, of its own and not of what it extends, that no record of the corpus comes to."""
    for kind, column in (("carrier", "carrier"), ("event", "_rule"), ("rotation", "_rot")):
        listed = own.get(kind, [])
        seen = {row[column] for row in rows}
        for number, one in enumerate(listed if isinstance(listed, list) else []):
            name = one["name"] if kind == "carrier" else number
            if name not in seen:
                what = f"{kind}[{number}]: no record of the corpus comes to it"
                yield Fault(str(place), lines.of((kind, number)), what, f"add one: {_asked(one)}")


def _asked(one: dict[str, object]) -> str:
    told = {name: value for name, value in one.items() if name in {"name", "when", "all", "pattern"}}
    return json.dumps(told, ensure_ascii=False)[:200] if told else "one that no rule before it takes"
