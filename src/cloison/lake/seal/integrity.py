"""Is a sealed file what was sealed, to the last byte, and if not: which member, which bytes, which row?"""

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from pathlib import Path
from typing import IO

import duckdb
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from cloison.lake.seal import envelope, manifest, merkle, rows
from cloison.lake.seal.container import Entry
from cloison.lake.seal.envelope import EnvelopeError, Opened
from cloison.lake.seal.manifest import Line
from cloison.lake.seal.members import (
    BLOCK_BYTES,
    BLOCKS,
    ENVELOPE,
    KEY,
    LEAVES,
    MANIFEST,
    MANIFEST_BYTES,
    MARK_BYTES,
    TABLE,
    UNLISTED,
    Measured,
    bytes_of,
    marks_of,
    measured,
)
from cloison.lake.seal.reading import Damage, Layout, differing, layout
from cloison.model.limits import LIMITS, Limits

DAMAGES = 200
"""So many are told one by one."""


@dataclass(frozen=True)
class Checked:
    """What of a file is not as it was sealed, what its envelope says, and the members that are as they were sealed.

    `key` is the key in the file, `signed` whether it, or the key that was asked for, has signed this file's manifest.
    """

    damage: tuple[Damage, ...]
    opened: Opened | None
    key: Ed25519PublicKey | None
    signed: bool
    lines: tuple[Line, ...]
    sound: Mapping[str, Entry] = field(default_factory=dict)


class Seal:
    """A file that anyone may have written, with its members by name."""

    def __init__(self, file: IO[bytes], entries: Sequence[Entry]) -> None:
        self.file = file
        self.entries = {one.name: one for one in entries}
        self.measured = {one.name: measured(bytes_of(file, one), marked=False) for one in entries}

    def bytes(self, name: str, limit: int) -> bytes:
        """A member's bytes; nothing where it is not there or longer than the limit."""
        one = self.entries.get(name)
        return b"".join(bytes_of(self.file, one)) if one is not None and one.size <= limit else b""

    def take_out(self, name: str, path: Path) -> Path:
        """Write a member to a path of the caller's choice."""
        with path.open("wb") as out:
            for piece in bytes_of(self.file, self.entries[name]):
                out.write(piece)
        return path

    def damage(self, name: str, what: str, span: tuple[int, int] | None = None, row: int | None = None) -> Damage:
        """Damage to a member, at `span` of its own bytes, or anywhere in it."""
        one = self.entries[name]
        start, end = span or (0, one.size)
        return Damage(name, one.begins + start, one.begins + end, what, row)


@contextmanager
def opened_file(path: Path) -> Iterator[IO[bytes]]:
    """A file for reading, which is closed again."""
    with path.open("rb") as file:
        yield file


def check(
    path: Path,
    engine: duckdb.DuckDBPyConnection,
    folder: Path,
    trusted: str = "",
    limits: Limits = LIMITS,
) -> Checked | None:
    """Check every byte of a sealed file; None where it is no ZIP at all.

    Args:
        path: the file.
        engine: reads the tables.
        folder: an empty one, for members that the engine reads.
        trusted: the id of the key that must have signed; "" takes the one in the file.
        limits: what a table may unpack to.
    """
    with opened_file(path) as file:
        found = layout(file)
        if found is None:
            return None
        found = _called(file, found)
        seal = Seal(file, found.entries)
        damage = list(found.damage)
        if not found.entries:
            damage += [] if damage else [Damage("", 0, os.fstat(file.fileno()).st_size, "there is no member in it")]
            return Checked(tuple(damage), None, None, signed=False, lines=())
        lines, text = _manifest(seal, damage)
        opened = _envelope(seal, damage)
        lines = _agreed(seal, damage, opened, lines, text)
        key = envelope.read_public(seal.bytes(KEY, 1 << 16))
        signed = _signed(seal, damage, opened, key, trusted, lines)
        _members(seal, damage, lines)
        damage += _below(seal)
        _tables(seal, damage, lines, engine, folder, limits)
        damage += [one for one in _wrong_checksums(seal) if not _known(damage, one.member)]
        wrong = {one.member for one in damage}
        sound = {name: one for name, one in seal.entries.items() if name not in wrong}
        return Checked(tuple(damage), opened, key, signed, tuple(lines), sound)


def _called(file: IO[bytes], found: Layout) -> Layout:
    """The layout with the right names, where headers and directory call a member otherwise: those of the manifest."""
    if [one.offset for one in found.entries] != [one.offset for one in found.listed]:
        return found
    pairs = list(zip(found.entries, found.listed, strict=True))
    held = next((one for pair in pairs for one in pair if one.name == MANIFEST and one.size <= MANIFEST_BYTES), None)
    known = {one.name for one in manifest.read(b"".join(bytes_of(file, held)))[0]} if held else set()
    other = {
        ours.name: theirs.name
        for ours, theirs in pairs
        if ours.name not in known and theirs.name in {*known, *UNLISTED} and len(ours.name) == len(theirs.name)
    }
    entries = tuple(replace(one, name=other.get(one.name, one.name)) for one in found.entries)
    damage = tuple(replace(one, member=other.get(one.member, one.member)) for one in found.damage)
    return Layout(entries, damage)


def _wrong_checksums(seal: Seal) -> Iterator[Damage]:
    """Members whose bytes are not those that their header's checksum was taken of."""
    for name, one in seal.entries.items():
        if seal.measured[name].crc != one.crc and name in UNLISTED:
            yield seal.damage(name, "its bytes are not those of its checksum")


def _manifest(seal: Seal, damage: list[Damage]) -> tuple[list[Line], bytes]:
    text = seal.bytes(MANIFEST, MANIFEST_BYTES)
    if MANIFEST not in seal.entries or not text:
        damage.append(Damage(MANIFEST, 0, 0, "the manifest is missing, empty or too long"))
        return [], b""
    lines, strange = manifest.read(text)
    places = _places(text)
    damage += [
        seal.damage(MANIFEST, f"line {number + 1} cannot be read", places[number]) for number in strange[:DAMAGES]
    ]
    if manifest.written(lines) != text and not strange:
        damage.append(seal.damage(MANIFEST, "its lines are not as a seal writes them, or not in order"))
    return lines, text


def _places(text: bytes) -> list[tuple[int, int]]:
    """From where to where each line of a text stands."""
    places, at = [], 0
    for line in text.decode("utf-8", "surrogateescape").splitlines(keepends=True):
        size = len(line.encode("utf-8", "surrogateescape"))
        places.append((at, at + size))
        at += size
    return places


def _envelope(seal: Seal, damage: list[Damage]) -> Opened | None:
    raw = seal.bytes(ENVELOPE, envelope.ENVELOPE_BYTES)
    if not raw:
        damage.append(Damage(ENVELOPE, 0, 0, "the signature is missing, empty or too long"))
        return None
    try:
        return envelope.opened(raw)
    except EnvelopeError as fault:
        damage.append(seal.damage(ENVELOPE, f"the signature's envelope {fault}"))
        return None


def _signed(
    seal: Seal,
    damage: list[Damage],
    opened: Opened | None,
    key: Ed25519PublicKey | None,
    trusted: str,
    lines: list[Line],
) -> bool:
    """Whether the key that counts has signed; a signature that does not fit the file's own key is damage."""
    if opened is None:
        return False
    if key is None or not envelope.holds(opened, key):
        kept = KEY in seal.entries and all(_is_so(seal, one) for one in lines if one.name == KEY)
        blamed = ENVELOPE if kept else KEY
        what = "the signature does not fit what is signed and the key"
        damage.append(seal.damage(blamed, what) if blamed in seal.entries else Damage(blamed, 0, 0, "is missing"))
        return False
    return trusted in ("", envelope.key_id(key))


def _agreed(seal: Seal, damage: list[Damage], opened: Opened | None, lines: list[Line], text: bytes) -> list[Line]:
    """The lines of the manifest that was signed; what is wrong with the one in the file is added to the damage."""
    if opened is None or not text:
        return lines
    told = (opened.manifest, opened.sealed.root, opened.sealed.leaves)
    if told == (seal.measured[MANIFEST].sha256, manifest.root(text).hex(), len(text.splitlines())):
        return lines
    actual = _actual(seal)
    expected = manifest.written(actual)
    if hashlib.sha256(expected).hexdigest() == opened.manifest:
        span = differing(text, expected, 0) or (0, len(text))
        damage.append(seal.damage(MANIFEST, "is not the one that was signed, which the members agree with", span))
        return actual
    if expected != text:
        damage.append(seal.damage(MANIFEST, "is not the one that was signed"))
    elif not _known(damage, ENVELOPE):
        damage.append(seal.damage(ENVELOPE, "is about another manifest"))
    return lines


def _actual(seal: Seal) -> list[Line]:
    """The manifest that the members as they are would have."""
    found = [Line("file", one.sha256, one.size, name) for name, one in seal.measured.items() if name not in UNLISTED]
    found += [
        Line("table", merkle.root(_leaves(seal, one)).hex(), one.size // rows.LEAF_BYTES, name.removesuffix(LEAVES))
        for name, one in seal.entries.items()
        if name.endswith(LEAVES)
    ]
    return found


def _is_so(seal: Seal, one: Line) -> bool:
    found = seal.measured.get(one.name)
    return found is not None and (found.sha256, found.size) == (one.digest, one.number)


def _members(seal: Seal, damage: list[Damage], lines: list[Line]) -> None:
    """See that each file of the manifest is there with its bytes, and that there is no other."""
    files = {one.name: one for one in lines if one.kind == "file"}
    if not files:
        return
    strange = sorted(set(seal.entries) - set(files) - set(UNLISTED))
    damage += [seal.damage(name, "is not in the manifest") for name in strange[:DAMAGES]]
    marks = _marks(seal, lines)
    for name, one in files.items():
        found = seal.measured.get(name)
        if found is None:
            damage.append(Damage(name, 0, 0, "is in the manifest and not in the file"))
        elif (found.sha256, found.size) != (one.digest, one.number):
            damage += _where(seal, name, one, found, marks.get(name))
        elif found.crc != seal.entries[name].crc:
            header = seal.entries[name]
            what = "its header's checksum is not that of its bytes, which are as sealed"
            damage.append(Damage(name, header.offset, header.begins, what))


def _below(seal: Seal) -> Iterator[Damage]:
    """Members that lie below another member, as if that were a folder."""
    for name in seal.entries:
        parts = name.split("/")
        if any("/".join(parts[:depth]) in seal.entries for depth in range(1, len(parts))):
            yield seal.damage(name, "lies below another member")


def _marks(seal: Seal, lines: list[Line]) -> dict[str, bytes]:
    blocks = seal.bytes(BLOCKS, MANIFEST_BYTES)
    whole = any(one.name == BLOCKS and one.number == len(blocks) for one in lines)
    return marks_of(lines, blocks) if whole else {}


def _where(seal: Seal, name: str, one: Line, found: Measured, marks: bytes | None) -> Iterator[Damage]:
    """Where a file was changed: the blocks whose marks are not theirs."""
    if found.size != one.number:
        yield seal.damage(name, f"has {found.size} bytes, and was sealed with {one.number}")
        return
    if name == BLOCKS or not marks:
        yield seal.damage(name, "was changed")
        return
    actual = measured(bytes_of(seal.file, seal.entries[name])).marks
    count = 0
    for at in range(0, len(marks), MARK_BYTES):
        if marks[at : at + MARK_BYTES] != actual[at : at + MARK_BYTES]:
            start = at // MARK_BYTES * BLOCK_BYTES
            yield seal.damage(name, "was changed", (start, min(start + BLOCK_BYTES, found.size)))
            count += 1
            if count == DAMAGES:
                break
    if not count:
        yield seal.damage(name, "was changed")


def _tables(
    seal: Seal,
    damage: list[Damage],
    lines: list[Line],
    engine: duckdb.DuckDBPyConnection,
    folder: Path,
    limits: Limits,
) -> None:
    """See that each table's rows are its leaves, and its leaves the root in the manifest."""
    for one in (line for line in lines if line.kind == "table"):
        leaves = seal.entries.get(one.name + LEAVES)
        if leaves is None or one.name + TABLE not in seal.entries:
            damage.append(Damage(one.name + TABLE, 0, 0, "a table of the manifest is not in the file"))
            continue
        found = merkle.root(_leaves(seal, leaves))
        if (leaves.size, found.hex()) != (one.number * rows.LEAF_BYTES, one.digest) and not _known(damage, leaves.name):
            damage.append(seal.damage(leaves.name, "these leaves do not lead to the table's root in the manifest"))
        damage += list(_rows(seal, damage, one, leaves, engine, folder, limits))


def _known(damage: list[Damage], member: str) -> bool:
    return any(one.member == member for one in damage)


def _leaves(seal: Seal, leaves: Entry) -> Iterator[bytes]:
    rest = b""
    for piece in bytes_of(seal.file, leaves):
        rest += piece
        whole = len(rest) // rows.LEAF_BYTES * rows.LEAF_BYTES
        yield from (rest[at : at + rows.LEAF_BYTES] for at in range(0, whole, rows.LEAF_BYTES))
        rest = rest[whole:]
    if rest:
        yield rest


def _rows(
    seal: Seal,
    damage: list[Damage],
    one: Line,
    leaves: Entry,
    engine: duckdb.DuckDBPyConnection,
    folder: Path,
    limits: Limits,
) -> Iterator[Damage]:
    name = one.name + TABLE
    blamed = leaves.name if _known(damage, leaves.name) and not _known(damage, name) else name
    path = seal.take_out(name, folder / "table.parquet")
    try:
        rows.sound(engine, path, leaves.size // rows.LEAF_BYTES, limits)
        pairs = zip_longest(rows.leaves(engine, rows.read(path)), _leaves(seal, leaves))
        wrong = [number for number, (actual, sealed) in enumerate(pairs) if actual != sealed]
    except rows.TableError as fault:
        yield seal.damage(name, f"the table {fault}")
    except (duckdb.Error, RuntimeError, UnicodeDecodeError) as fault:
        yield seal.damage(name, f"the table cannot be read: {str(fault).splitlines()[0][:200]}")
    else:
        yield from (seal.damage(blamed, "the row is not the one that was sealed", row=row) for row in wrong[:DAMAGES])
    finally:
        path.unlink(missing_ok=True)


def take_out(path: Path, entries: Mapping[str, Entry], folder: Path) -> None:
    """Write members below a folder under their names, which are known to be plain."""
    with opened_file(path) as file:
        for name, one in entries.items():
            place = folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            with place.open("wb") as out:
                for piece in bytes_of(file, one):
                    out.write(piece)
