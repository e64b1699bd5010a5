"""Where is each member of a file that anyone may have written, and which byte of the layout is not as a seal has it?

The file is walked from its first byte and read from its end; both must say the same, and every byte between the members
must be the one that `container` would write. So nothing can stand before, between, behind or on top of them. No
member is unpacked: a seal holds none that is packed.
"""

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from cloison.lake.seal import container
from cloison.lake.seal.container import Entry
from cloison.lake.seal.manifest import NAME, NAME_BYTES

MEMBERS = 500_000
"""A file of more members is not read."""
_NO_MEMBER = "no member begins here"
_EXTRAS = {0, 12, 20, 28}
"""How long the 64-bit fields of a member are, if it has any."""


@dataclass(frozen=True)
class Damage:
    """What is not as it was sealed: the member ("" for the file around them), the bytes of the file, and what is wrong.

    `row` is a row of the member's table, counted from 0; `also` a second place that may be the wrong one of two.
    """

    member: str
    start: int
    end: int
    what: str
    row: int | None = None
    also: tuple[int, int] | None = None


@dataclass(frozen=True)
class Layout:
    """The members that could be found, and what of the layout is wrong; no members where nothing can be relied on.

    `listed` are the members as the directory has them, where it can be read and is not what `entries` come from.
    """

    entries: tuple[Entry, ...]
    damage: tuple[Damage, ...]
    listed: tuple[Entry, ...] = ()


class _LostError(Exception):
    """No member can be read from here: its place and why."""

    def __init__(self, offset: int, what: str) -> None:
        self.offset, self.what = offset, what
        super().__init__(what)


def layout(file: IO[bytes]) -> Layout | None:
    """The members of a file; None where it is no ZIP at all."""
    end = file.seek(0, os.SEEK_END)
    directory = _directory(file, end)
    try:
        walked, stop = _walked(file, end)
    except _LostError as lost:
        if directory is None:
            return _nothing(file, end, lost)
        return Layout(directory, tuple(_wrong_headers(file, directory)))
    damage = [*_wrong_headers(file, walked), *_wrong_tail(file, walked, stop, end, directory)]
    return Layout(walked, tuple(damage), directory or ())


def _nothing(file: IO[bytes], end: int, lost: _LostError) -> Layout | None:
    if end < container.LAST_BYTES or (lost.offset == 0 and _ending(file, end) is None):
        return None
    strange = _before(file, end) if lost.what == _NO_MEMBER else 0
    if strange:
        where = "between two members" if lost.offset else "before the first member"
        return Layout((), (Damage("", lost.offset, lost.offset + strange, f"{strange} bytes stand {where}"),))
    return Layout((), (Damage("", lost.offset, end, lost.what),))


def _before(file: IO[bytes], end: int) -> int:
    """How many bytes more there are than the file's end says."""
    found = _ending(file, end)
    if found is None:
        return 0
    at, (size, offset) = found
    return max(0, at - size - offset) if size < container.FULL and offset < container.FULL else 0


def _ending(file: IO[bytes], end: int) -> tuple[int, tuple[int, int]] | None:
    """The place of the last record, and size and place of the directory that it states."""
    at = end - container.LAST_BYTES
    raw = _at(file, at, container.LAST_BYTES) if at >= 0 else b""
    if not raw.startswith(container.LAST):
        return None
    size, offset = struct.unpack_from("<II", raw, 12)
    return at, (size, offset)


def _walked(file: IO[bytes], end: int) -> tuple[tuple[Entry, ...], int]:
    """The members from the first byte on, and where the directory begins."""
    entries: list[Entry] = []
    at, before = 0, ""
    while True:
        raw = _at(file, at, container.LOCAL_BYTES)
        if raw[:4] == container.LISTED or (raw[:4] == container.LAST and not entries):
            return tuple(entries), at
        one = _entry(file, at, raw, end)
        if one.name.encode() <= before.encode():
            raise _LostError(at, f"the member {one.name} is there twice, or not in order")
        if len(entries) == MEMBERS:
            raise _LostError(at, f"more than {MEMBERS} members")
        entries.append(one)
        at, before = one.ends, one.name


def _entry(file: IO[bytes], at: int, raw: bytes, end: int) -> Entry:
    if len(raw) < container.LOCAL_BYTES or raw[:4] != container.LOCAL:
        raise _LostError(at, _NO_MEMBER)
    crc, packed, size, name_bytes, extra_bytes = struct.unpack_from("<3I2H", raw, 14)
    name = _named(_at(file, at + container.LOCAL_BYTES, name_bytes), at)
    if extra_bytes not in _EXTRAS:
        raise _LostError(at, f"the member {name} has fields of {extra_bytes} bytes that no seal has")
    extra = _at(file, at + container.LOCAL_BYTES + name_bytes, extra_bytes)
    if size == container.FULL and len(extra) == 20:
        (size,) = struct.unpack_from("<Q", extra, 4)
        packed = size
    if packed != size or struct.unpack_from("<HH", raw, 6) != (0, 0):
        raise _LostError(at, f"the member {name} is packed or encrypted, or has no size: a seal stores as it is")
    one = Entry(name, size, crc, at)
    if one.ends > end:
        raise _LostError(at, f"the member {name} states {size} bytes, more than there are")
    return one


def _named(raw: bytes, at: int) -> str:
    name = raw.decode("utf-8", "backslashreplace")
    if len(raw) > NAME_BYTES or not NAME.fullmatch(name):
        raise _LostError(at, f"a member is called {name[:NAME_BYTES]!r}, which is no name in a seal")
    return name


def _directory(file: IO[bytes], end: int) -> tuple[Entry, ...] | None:
    """The members as the directory at the end lists them; None where these do not fill the file from its first byte."""
    found = _ending(file, end)
    if found is None:
        return None
    at, (size, offset) = found
    if container.FULL in (size, offset):
        at -= container.WIDE_PLACE_BYTES + container.WIDE_LAST_BYTES
        size, offset = struct.unpack_from("<QQ", _at(file, at, container.WIDE_LAST_BYTES).ljust(56, b"\0"), 40)
    if offset + size != at:
        return None
    try:
        entries = tuple(_listed(file, offset, at))
    except _LostError:
        return None
    places = [0, *(one.ends for one in entries)]
    whole = all(one.offset == place for one, place in zip(entries, places, strict=False)) and places[-1] == offset
    names = [one.name.encode() for one in entries]
    return entries if whole and names == sorted(set(names)) else None


def _listed(file: IO[bytes], at: int, end: int) -> Iterator[Entry]:
    count = 0
    while at < end:
        raw = _at(file, at, container.LISTED_BYTES)
        count += 1
        if len(raw) < container.LISTED_BYTES or raw[:4] != container.LISTED or count > MEMBERS:
            raise _LostError(at, "no entry of the directory")
        crc, _, size, name_bytes, extra_bytes, note_bytes = struct.unpack_from("<3I3H", raw, 16)
        (offset,) = struct.unpack_from("<I", raw, 42)
        name = _named(_at(file, at + container.LISTED_BYTES, name_bytes), at)
        wide = _at(file, at + container.LISTED_BYTES + name_bytes, extra_bytes)[4:]
        if size == container.FULL and len(wide) >= 8:
            (size,), wide = struct.unpack_from("<Q", wide), wide[16:]
        if offset == container.FULL and len(wide) >= 8:
            (offset,) = struct.unpack_from("<Q", wide)
        yield Entry(name, size, crc, offset)
        at += container.LISTED_BYTES + name_bytes + extra_bytes + note_bytes


def _wrong_headers(file: IO[bytes], entries: tuple[Entry, ...]) -> Iterator[Damage]:
    """The headers that are not what a seal writes for these members."""
    for one in entries:
        expected = container.header(one)
        span = differing(_at(file, one.offset, len(expected)), expected, one.offset)
        if span:
            yield Damage(one.name, *span, f"its header is not what a seal writes: {_reason(file, one)}")


def _reason(file: IO[bytes], one: Entry) -> str:
    raw = _at(file, one.offset, container.LOCAL_BYTES).ljust(container.LOCAL_BYTES, b"\0")
    flags, method = struct.unpack_from("<HH", raw, 6)
    return "it is packed or encrypted" if (flags, method) != (0, 0) else "a byte of it was changed"


def _wrong_tail(
    file: IO[bytes], walked: tuple[Entry, ...], at: int, end: int, directory: tuple[Entry, ...] | None
) -> Iterator[Damage]:
    """What of the directory and the end is not what a seal writes for the members that were walked."""
    listed = {one.offset: one for one in directory or ()}
    by_place = {one.name: one for one in walked}
    for name, expected in container.tail(walked):
        span = differing(_at(file, at, len(expected)), expected, at)
        other = listed.get(by_place[name].offset) if name in by_place else None
        if span and other is not None and (other.name, other.crc) != (name, by_place[name].crc):
            one = by_place[name]
            what = "its header and its entry in the directory disagree"
            yield Damage(name, one.offset, one.begins, what, also=(at, at + len(expected)))
        elif span:
            yield Damage(
                name, *span, f"{'its entry in the directory' if name else 'the end'} is not what a seal writes"
            )
        at += len(expected)
    if at < end:
        yield Damage("", at, end, f"{end - at} bytes stand behind the end")


def differing(actual: bytes, expected: bytes, at: int) -> tuple[int, int] | None:
    """From the first to behind the last byte in which they differ, as places in the file."""
    if actual == expected:
        return None
    longest = max(len(actual), len(expected))
    wrong = [place for place in range(longest) if actual[place : place + 1] != expected[place : place + 1]]
    return at + wrong[0], at + wrong[-1] + 1


def _at(file: IO[bytes], offset: int, size: int) -> bytes:
    file.seek(offset)
    return file.read(size)
