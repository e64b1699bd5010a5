"""Is each changed byte of a sealed case found and named, and each member or row that is gone, new or elsewhere?"""

import hashlib
import io
import random
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.lake.seal.kit import changed, checked, damage_of, entries, members, resigned, written, written_lines

from cloison.lake.seal import envelope, manifest
from cloison.lake.seal.container import Entry
from cloison.lake.seal.manifest import Line
from cloison.lake.seal.members import BLOCKS, ENVELOPE, KEY, MANIFEST
from cloison.lake.seal.reading import Damage
from cloison.model.limits import Limits

FLIPS = 200


def named(damage: tuple[Damage, ...], at: int) -> list[str]:
    """The members of which the damage says that it is at this byte of the file."""
    return [
        one.member
        for one in damage
        if one.start <= at < one.end or (one.also is not None and one.also[0] <= at < one.also[1])
    ]


def holder(places: dict[str, Entry], at: int) -> str:
    """The member whose header or bytes hold a byte of the file; "" behind the last one."""
    return next((one.name for one in places.values() if one.offset <= at < one.ends), "")


def test_as_it_was_sealed(raw: bytes) -> None:
    found = checked(raw)
    assert found is not None
    assert (found.damage, found.signed) == ((), True)


@pytest.mark.long
@pytest.mark.parametrize("part", range(8))
def test_every_flipped_bit_is_found_and_named(seal: Path, raw: bytes, part: int) -> None:
    chance = random.Random(part)
    places = entries(seal)
    chosen = chance.sample(list(places.values()), FLIPS // 16)
    spots = [chance.randrange(one.offset, one.ends) for one in chosen]  # a member each, small or large
    behind = max(one.ends for one in places.values())
    spots += [chance.randrange(len(raw)) for _ in range(FLIPS // 16 - 2)] + [chance.randrange(behind, len(raw))] * 2
    for at in [*spots, chance.randrange(behind, len(raw))][: FLIPS // 8]:
        damage = damage_of(changed(raw, at, lambda byte: byte ^ 1 << chance.randrange(8)))
        member = holder(places, at)
        assert damage, at
        assert member in named(damage, at) or (not member and named(damage, at)), (at, member, damage[:5])


def test_a_changed_row_is_named_by_its_number(seal: Path, raw: bytes) -> None:
    place = entries(seal)["results/sessions.rows"]
    damage = damage_of(changed(raw, place.begins + 2 * 32 + 5, lambda byte: byte ^ 1))
    assert {(one.member, one.row) for one in damage} == {
        ("results/sessions.rows", None),
        ("results/sessions.rows", 2),
    }


def test_a_changed_line_of_the_manifest_is_named_to_the_byte(seal: Path, raw: bytes) -> None:
    at = entries(seal)[MANIFEST].begins + 10
    found = [(one.member, one.start, one.end) for one in damage_of(changed(raw, at, lambda byte: byte ^ 1))]
    assert (MANIFEST, at, at + 1) in found
    assert {member for member, _, _ in found} == {MANIFEST}


def test_a_member_that_is_gone_new_or_swapped_is_named(seal: Path, raw: bytes) -> None:
    held = members(seal, raw)
    gone = {name: data for name, data in held.items() if name != "results/scope.parquet"}
    assert "results/scope.parquet" in {one.member for one in damage_of(written(gone))}
    new = held | {"results/zeta.parquet": b"PAR1"}
    assert {one.member for one in damage_of(written(new))} == {"results/zeta.parquet"}
    swapped = held | {
        "given/totals.parquet": held["given/networks.parquet"],
        "given/networks.parquet": held["given/totals.parquet"],
    }
    assert {one.member for one in damage_of(written(swapped))} == {"given/totals.parquet", "given/networks.parquet"}


@pytest.mark.parametrize(
    ("change", "row"),
    [
        (lambda rows: [rows[1], rows[0], *rows[2:]], 0),
        (lambda rows: [*rows[:3], {**rows[3], "events": 999}, *rows[4:]], 3),
    ],
    ids=["swapped", "changed"],
)
def test_rows_that_are_swapped_or_changed_are_named_even_when_all_else_is_made_to_fit(
    seal: Path, raw: bytes, change: object, row: int
) -> None:
    held = members(seal, raw)
    held["results/sessions.parquet"] = rewritten(held["results/sessions.parquet"], change)
    damage = damage_of(resigned(held))
    assert ("results/sessions.parquet", row) in {(one.member, one.row) for one in damage}


@pytest.mark.parametrize("change", [lambda rows: rows[1:], lambda rows: [*rows, rows[-1]]], ids=["removed", "added"])
def test_rows_that_are_removed_or_added_are_counted(seal: Path, raw: bytes, change: object) -> None:
    held = members(seal, raw)
    before = len(held["results/sessions.rows"]) // 32
    held["results/sessions.parquet"] = rewritten(held["results/sessions.parquet"], change)
    [one] = damage_of(resigned(held))
    assert (one.member, one.what) in {
        ("results/sessions.parquet", f"the table holds {count} rows, and not {before}")
        for count in (before - 1, before + 1)
    }


def rewritten(data: bytes, change: object) -> bytes:
    table = pq.read_table(io.BytesIO(data))
    assert callable(change)
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(change(table.to_pylist()), schema=table.schema), out)
    return out.getvalue()


def test_a_seal_of_another_key_is_whole_and_not_trusted(seal: Path, raw: bytes) -> None:
    mine = checked(raw)
    assert mine is not None
    assert mine.key is not None
    theirs = checked(resigned(members(seal, raw)), envelope.key_id(mine.key))
    assert theirs is not None
    assert (theirs.damage, theirs.signed) == ((), False)


def test_leaves_that_are_not_those_of_the_root_are_named(seal: Path, raw: bytes) -> None:
    held = members(seal, raw)
    lines = manifest.read(
        written_lines({name: data for name, data in held.items() if name not in {ENVELOPE, MANIFEST, BLOCKS}})
    )[0]
    other = [
        Line(one.kind, "0" * 64, one.number, one.name) if (one.kind, one.name) == ("table", "results/scope") else one
        for one in lines
        if one.name != KEY
    ]
    key = envelope.new_key(hashlib.sha256(b"somebody").digest())
    pem = envelope.public_pem(key.public_key())
    other.append(Line("file", hashlib.sha256(pem).hexdigest(), len(pem), KEY))
    assert {one.member for one in damage_of(resigned(held, other))} == {"results/scope.rows"}


def test_a_table_that_unpacks_without_end_is_refused_before_it_is_read(seal: Path, raw: bytes, tmp_path: Path) -> None:
    count = 200_000
    path = tmp_path / "bomb.parquet"
    duckdb.execute(f"COPY (SELECT repeat('x', 20000) AS a FROM range({count})) TO '{path}' (FORMAT parquet)")
    held = members(seal, raw)
    held["results/bomb.parquet"], held["results/bomb.rows"] = path.read_bytes(), bytes(32 * count)
    bound = max(Limits().unpacked_bytes, path.stat().st_size * Limits().unpacked_ratio)
    told = {(one.member, one.what) for one in damage_of(resigned(held))}
    assert told == {("results/bomb.parquet", f"the table unpacks to more than {bound} bytes: treated as a bomb")}


@pytest.mark.parametrize("data", [b"", b"PAR1", b"no table", b"PAR1" + bytes(400) + b"PAR1"])
def test_what_is_no_table_is_named(seal: Path, raw: bytes, data: bytes) -> None:
    held = members(seal, raw) | {"results/scope.parquet": data}
    assert {one.member for one in damage_of(resigned(held))} == {"results/scope.parquet"}


@pytest.mark.parametrize("raw_file", [b"", b"\x7fELF", b"a" * 1000], ids=["empty", "program", "text"])
def test_what_is_no_zip_is_no_seal(raw_file: bytes) -> None:
    assert checked(raw_file) is None
