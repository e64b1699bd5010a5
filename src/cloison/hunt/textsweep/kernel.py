"""Which words, names and addresses of a text are among those looked for? Compiled: says too much, never too little.

The text is read once, 64 bytes at a step, as bit masks of letters and digits. Words are looked up whole, dotted names
from right to left so that every parent domain is looked up, addresses as numbers in sorted intervals. Where an escape
touches a word, the text around it is decoded into a second text, which is read likewise. What is compiled stands in
one file, because the cache of compiled code does not see that another has changed.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from numba import njit

from cloison.hunt.textsweep.layout import COUNTS, FOUND_LIMIT, HEADER, LENGTHS, PAD, SECTIONS, WAYS_LIMIT
from cloison.hunt.textsweep.machine import byte_at, eight_at, masks, ones, trailing, write_byte, write_eight

_BACK = 24  # one character, escaped three times over, begins no further back
_V6_LONGEST = 45
_NATIVE_LONGEST = 1024

_K1, _K2, _K3 = 0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9
_FOLD = 0x2020202020202020


(
    _WORD_BITS, _WORD_KEYS, _WORD_SLOTS, _WORD_BEGINS, _NEEDLE_REF, _NEEDLE_BEGIN, _NEEDLE_LENGTH, _NEEDLE_KEY,
    _GRAM_BITS, _GRAM_KEYS, _GRAM_SLOTS, _GRAM_BEGINS, _GRAM_NEEDLES, _TAIL_BITS, _NAME_BITS, _NAME_KEYS, _NAME_SLOTS,
    _V4_FIRST, _V4_LAST, _V4_BEGINS, _V6_FIRST_HIGH, _V6_FIRST_LOW, _V6_LAST_HIGH, _V6_LAST_LOW,
) = range(len(SECTIONS))  # fmt: skip
_V4_REF, _V6_REF, _NATIVE = range(2 * LENGTHS, HEADER)


_U: Any = np.uint64
_signed: Callable[[Any], int] = np.int64  # type: ignore[assignment]


Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """Compiled."""
    made: Function = njit(function)
    return made


def inlined(function: Function) -> Function:
    """Compiled into whatever calls it."""
    made: Function = njit(inline="always")(function)
    return made


@inlined
def _mixed(number: Any) -> Any:
    number ^= number >> _U(32)
    number *= _U(_K3)
    return number ^ (number >> _U(29))


@inlined
def _word_hash(text: int, start: int, end: int) -> Any:
    """Of a word in any case, by its first and last eight bytes and its length."""
    length = end - start
    first = eight_at(text, start) | _U(_FOLD)
    if length < 8:
        first &= (_U(1) << _U(8 * length)) - _U(1)
        return _mixed(first * _U(_K1) + _U(length))
    last = eight_at(text, end - 8) | _U(_FOLD)
    return _mixed((first * _U(_K1)) ^ ((last + _U(length)) * _U(_K2)))


@inlined
def _joined(right: Any, left: Any, text: int, start: int, end: int) -> Any:
    """The hash of a name that goes on to the left over the joint at `start`..`end`."""
    joint = _U(0)
    for at in range(start, end):
        joint = joint * _U(31) + _U(byte_at(text, at))
    return _mixed(right * _U(_K1) + (left ^ (joint * _U(_K2))))


@inlined
def _is_word(byte: int) -> bool:
    folded = byte | 0x20
    return (0x61 <= folded <= 0x7A) or (0x30 <= byte <= 0x39)


@inlined
def _is_named(byte: int) -> bool:
    """Whether a byte is a letter, a digit or a joint."""
    return _is_word(byte) or _is_joint(byte)


@inlined
def _is_joint(byte: int) -> bool:
    return byte in (0x2E, 0x2D, 0x5F)


@inlined
def _is_hex(byte: int) -> bool:
    folded = byte | 0x20
    return (0x30 <= byte <= 0x39) or (0x61 <= folded <= 0x66)


@inlined
def _hex(byte: int) -> int:
    return byte - 0x30 if byte <= 0x39 else (byte | 0x20) - 0x57


@inlined
def _count(counts: int, place: int) -> int:
    return _signed(eight_at(counts, 8 * place))


@inlined
def _length(tables: int, section: int) -> int:
    return _count(tables, LENGTHS + section)


@inlined
def _number(tables: int, section: int, place: int) -> Any:
    return eight_at(tables, 8 * (_count(tables, section) + place))


@inlined
def _entry(tables: int, section: int, place: int) -> int:
    return _signed(_number(tables, section, place))


@inlined
def _set(tables: int, section: int, key: Any) -> bool:
    """Whether the filter has the bit of a key; its length is a power of two."""
    place = (key >> _U(32)) & _U(64 * _length(tables, section) - 1)
    return bool((_number(tables, section, _signed(place >> _U(6))) >> (place & _U(63))) & _U(1) != 0)


@compiled
def _looked_up(tables: int, keys: int, slots: int, key: Any) -> int:
    """What the slot of a key holds, or -1."""
    last = _length(tables, keys) - 1
    slot = _signed(key & _U(last))
    wanted = key | _U(1)
    while _number(tables, keys, slot) != 0:
        if _number(tables, keys, slot) == wanted:
            return _entry(tables, slots, slot)
        slot = (slot + 1) & last
    return -1


def fill(text: int, ends: int, count: int, form: int, bits: int, room: int, keys: int, slots: int, places: int) -> None:
    """Enter `count` words (form 0), names (1) or grams (2), each before a byte that belongs to none.

    `ends` are where each ends, after where the byte before the first is. The filter has `room` bits; `places` get the
    slot of each, where there are `slots` for `keys`.
    """
    for one in range(count):
        start, end = _count(ends, one) + 1, _count(ends, one + 1)
        if form == 0:
            key = _word_hash(text, start, end)
        elif form == 1:
            key = _name_hash(text, start, end)
        else:
            key = _gram_hash(text, start)
        bit = (key >> _U(32)) & _U(room - 1)
        word = 8 * _signed(bit >> _U(6))
        write_eight(bits, word, _signed(eight_at(bits, word) | (_U(1) << (bit & _U(63)))))
        if slots > 0:
            slot = _signed(key & _U(slots - 1))
            wanted = key | _U(1)
            while eight_at(keys, 8 * slot) != _U(0) and eight_at(keys, 8 * slot) != wanted:
                slot = (slot + 1) & (slots - 1)
            write_eight(keys, 8 * slot, _signed(wanted))
            write_eight(places, 8 * one, slot)


@compiled
def _name_hash(text: int, start: int, end: int) -> Any:
    """Of a name that begins and ends with a letter or digit, word by word from the right."""
    total = _U(0)
    right = end
    after = end
    while right > start:
        left = right
        while left > start and _is_word(byte_at(text, left - 1)):
            left -= 1
        key = _word_hash(text, left, right)
        total = key if right == end else _joined(total, key, text, right, after)
        after = left
        right = left
        while right > start and not _is_word(byte_at(text, right - 1)):
            right -= 1
    return total


@inlined
def _gram_hash(text: int, at: int) -> Any:
    return _mixed(((eight_at(text, at) | _U(_FOLD)) & _U(0xFFFFFFFF)) * _U(_K1))


def scan(
    text: int,
    begin: int,
    end: int,
    again: bool,
    tables: int,
    spelling: int,
    found: int,
    decoded: int,
    ways: int,
    counts: int,
) -> None:
    """Read `text[begin:end]`, which has PAD zeros on both sides.

    `found` gets pairs of place and ref; `decoded` the decoded neighbourhoods of escapes, each before a zero, and `ways`
    where each begins there, begins here and ends here. `again`: the text is such a `decoded` one. `counts`: pairs
    found, end of what is decoded, ways, lines, and whether something did not fit.
    """
    has_words, has_names = _length(tables, _WORD_KEYS) > 1, _length(tables, _NAME_KEYS) > 1
    has_v4 = _length(tables, _V4_FIRST) > 0
    has_addresses = has_v4 or _length(tables, _V6_FIRST_LOW) > 0
    has_grams = _length(tables, _GRAM_NEEDLES) > 0
    has_native = _count(tables, _NATIVE) != 0
    for place in range(COUNTS):
        write_eight(counts, 8 * place, PAD if place == 1 else 0)
    start = begin
    name_done, colon, colons, escape_done, native_done = begin, begin, 0, begin, begin
    letters, named, colons_before, lines = _U(0), _U(0), _U(0), _U(0)
    for at in range(begin, end + 1, 64):
        before = letters >> _U(63)
        letters, points, joints, pairs, escapes, high, line = masks(text, at)
        lines += ones(line)
        left = (letters << _U(1)) | before
        if has_words:
            turns = letters ^ left
            if before != 0 and turns != 0:
                stop = at + trailing(turns)
                turns &= turns - _U(1)
                _word(text, start, stop, again, tables, spelling, found, counts)
            while turns != 0:
                start = at + trailing(turns)
                turns &= turns - _U(1)
                if turns == 0:
                    break
                stop = at + trailing(turns)
                turns &= turns - _U(1)
                _word(text, start, stop, again, tables, spelling, found, counts)
        if has_names or has_v4:
            names = letters | points | joints
            inner = points & ((names << _U(1)) | named)
            named = names >> _U(63)
            while inner != 0:
                place = at + trailing(inner)
                inner &= inner - _U(1)
                if place >= name_done:
                    name_done = _name(text, place, begin, end, has_names, has_v4, tables, found, counts)
        if has_addresses:
            inner = pairs & left
            while inner != 0:
                place = at + trailing(inner)
                inner &= inner - _U(1)
                colons = colons + 1 if place - colon <= 5 else 1
                colon = place
                if colons == 6:
                    _colons(text, place, begin, end, tables, found, counts)
            inner = pairs & ((pairs << _U(1)) | colons_before)
            colons_before = pairs >> _U(63)
            while inner != 0:
                _colons(text, at + trailing(inner), begin, end, tables, found, counts)
                inner &= inner - _U(1)
        while escapes != 0:
            place = at + trailing(escapes)
            escapes &= escapes - _U(1)
            if place >= escape_done and place < end and _touches(text, place):
                escape_done = _decode(text, place, begin, end, decoded, ways, counts)
        if has_grams or has_native:
            while high != 0:
                place = at + trailing(high)
                high &= high - _U(1)
                if has_grams:
                    _gram(text, place, again, tables, spelling, found, counts)
                if has_native and place >= native_done:
                    native_done = _native(text, place, begin, end, tables, found, counts)
    write_eight(counts, 24, _signed(lines))


@inlined
def _word(text: int, start: int, end: int, again: bool, tables: int, spelling: int, found: int, counts: int) -> None:
    key = _word_hash(text, start, end)
    if _set(tables, _WORD_BITS, key):
        _known_word(text, start, end, key, again, tables, spelling, found, counts)


@compiled
def _known_word(
    text: int, start: int, end: int, key: Any, again: bool, tables: int, spelling: int, found: int, counts: int
) -> None:
    group = _looked_up(tables, _WORD_KEYS, _WORD_SLOTS, key)
    if group >= 0:
        for needle in range(_entry(tables, _WORD_BEGINS, group), _entry(tables, _WORD_BEGINS, group + 1)):
            if _spelled(text, start, end, needle, again, tables, spelling):
                _put(found, counts, start, _entry(tables, _NEEDLE_REF, needle))


@compiled
def _gram(text: int, place: int, again: bool, tables: int, spelling: int, found: int, counts: int) -> None:
    key = _gram_hash(text, place)
    group = _looked_up(tables, _GRAM_KEYS, _GRAM_SLOTS, key) if _set(tables, _GRAM_BITS, key) else -1
    if group >= 0:
        for one in range(_entry(tables, _GRAM_BEGINS, group), _entry(tables, _GRAM_BEGINS, group + 1)):
            needle = _entry(tables, _GRAM_NEEDLES, one)
            if _spelled(text, place, place + 4, needle, again, tables, spelling):
                _put(found, counts, place, _entry(tables, _NEEDLE_REF, needle))


@compiled
def _name(
    text: int, point: int, begin: int, end: int, has_names: bool, has_v4: bool, tables: int, found: int, counts: int
) -> int:
    """Look up the dotted name around a point, and the addresses in it; returns where it ends."""
    stop = point + 1
    points = 1
    while stop < end and _is_named(byte_at(text, stop)):
        points += byte_at(text, stop) == 0x2E
        stop += 1
    last = stop
    while last > point and not _is_word(byte_at(text, last - 1)):
        last -= 1
    if last <= point + 1:
        return stop
    start = point
    while start > begin and _is_named(byte_at(text, start - 1)):
        start -= 1
    if has_v4 and points > 2:
        _quads(text, start, last, tables, found, counts)
    if has_names:
        _suffixes(text, start, last, tables, found, counts)
    return stop


@compiled
def _quads(text: int, start: int, end: int, tables: int, found: int, counts: int) -> None:
    """Look up the dotted quads in a name, which other joints than points cut."""
    piece = start
    while piece < end:
        stop = piece
        while stop < end and byte_at(text, stop) != 0x2D and byte_at(text, stop) != 0x5F:
            stop += 1
        after = stop + 1
        while piece < stop and byte_at(text, piece) == 0x2E:
            piece += 1
        while piece < stop and byte_at(text, stop - 1) == 0x2E:
            stop -= 1
        number = _quad_number(text, piece, stop)
        if number >= 0:
            _v4(number, piece, tables, found, counts)
        piece = after


@compiled
def _suffixes(text: int, start: int, end: int, tables: int, found: int, counts: int) -> None:
    """Look up a name that ends in a word, and every name above it."""
    total = _U(0)
    right, after = end, end
    while right > start:
        left = right
        while left > start and _is_word(byte_at(text, left - 1)):
            left -= 1
        key = _word_hash(text, left, right)
        if right == end:
            total = key
            if not _set(tables, _TAIL_BITS, key):
                return
        else:
            total = _joined(total, key, text, right, after)
        after, right = left, left
        free = True
        while right > start and not _is_word(byte_at(text, right - 1)):
            free = False
            right -= 1
        for place in range(right, after):
            free = free or byte_at(text, place) == 0x2E
        if (free or right == start) and _set(tables, _NAME_BITS, total):
            ref = _looked_up(tables, _NAME_KEYS, _NAME_SLOTS, total)
            if ref >= 0:
                _put(found, counts, left, ref)


@inlined
def _put(found: int, counts: int, place: int, ref: int) -> None:
    count = _count(counts, 0)
    if count < FOUND_LIMIT:
        write_eight(found, 16 * count, place)
        write_eight(found, 16 * count + 8, ref)
        write_eight(counts, 0, count + 1)
    else:
        write_eight(counts, 32, 1)


@compiled
def _spelled(text: int, start: int, end: int, needle: int, again: bool, tables: int, spelling: int) -> bool:
    """Whether the needle stands around its key at `start`..`end`, or an escape or a cut hides whether it does."""
    letters = _entry(tables, _NEEDLE_BEGIN, needle)
    first = start - _entry(tables, _NEEDLE_KEY, needle)
    place = start - 1
    while place >= first:
        byte = byte_at(text, place)
        if not _alike(byte, byte_at(spelling, letters + place - first)):
            return _hidden(text, max(0, place - _BACK), start, again)
        place -= 1
    last = first + _entry(tables, _NEEDLE_LENGTH, needle)
    for place in range(start, last):
        byte = byte_at(text, place)
        if not _alike(byte, byte_at(spelling, letters + place - first)):
            return place >= end and _hidden(text, end, place + 1, again)
    return True


@inlined
def _alike(byte: int, letter: int) -> bool:
    return byte == letter or (0x41 <= byte <= 0x5A and byte + 0x20 == letter)


@compiled
def _hidden(text: int, start: int, end: int, again: bool) -> bool:
    for place in range(start, end):
        byte = byte_at(text, place)
        if byte in (0x5C, 0x25) or (again and byte == 0):
            return True
    return False


@compiled
def _quad_number(text: int, start: int, end: int) -> int:
    """The number of a dotted quad, or -1."""
    if end - start > 15:
        return -1
    number = 0
    octet = 0
    points = 0
    for place in range(start, end):
        byte = byte_at(text, place)
        if byte == 0x2E:
            number = (number << 8) | octet
            octet = 0
            points += 1
        elif 0x30 <= byte <= 0x39:
            octet = octet * 10 + (byte - 0x30)
            if octet > 255:
                return -1
        else:
            return -1
    return (number << 8) | octet if points == 3 else -1


@compiled
def _v4(number: int, place: int, tables: int, found: int, counts: int) -> None:
    one = _entry(tables, _V4_BEGINS, number >> 16)
    last = min(_entry(tables, _V4_BEGINS, (number >> 16) + 1) + 1, _length(tables, _V4_FIRST))
    while one + 1 < last:
        middle = (one + last) // 2
        if _entry(tables, _V4_FIRST, middle) <= number:
            one = middle
        else:
            last = middle
    if one < last and _entry(tables, _V4_FIRST, one) <= number <= _entry(tables, _V4_LAST, one):
        _put(found, counts, place, _count(tables, _V4_REF) + one)


@compiled
def _colons(text: int, at: int, begin: int, end: int, tables: int, found: int, counts: int) -> None:
    """Look up the IPv6 address spelled around a colon."""
    start, stop = at, at
    while start > begin and at - start <= _V6_LONGEST and _v6_byte(byte_at(text, start - 1)):
        start -= 1
    while stop < end and stop - at <= _V6_LONGEST and _v6_byte(byte_at(text, stop)):
        stop += 1
    while stop > start and (
        byte_at(text, stop - 1) == 0x2E or (byte_at(text, stop - 1) == 0x3A and byte_at(text, stop - 2) != 0x3A)
    ):
        stop -= 1
    if byte_at(text, start) == 0x3A and byte_at(text, start + 1) != 0x3A:
        start += 1
    if stop - start > _V6_LONGEST or stop - start < 2:
        return
    high, low, parsed = _v6_number(text, start, stop)
    if not parsed:
        return
    if high == 0 and low >> _U(32) == _U(0xFFFF):
        if _length(tables, _V4_FIRST) > 0:
            _v4(_signed(low & _U(0xFFFFFFFF)), start, tables, found, counts)
        return
    first, last = 0, _length(tables, _V6_FIRST_LOW)
    while first < last:
        middle = (first + last) // 2
        if _at_most(_number(tables, _V6_FIRST_HIGH, middle), _number(tables, _V6_FIRST_LOW, middle), high, low):
            first = middle + 1
        else:
            last = middle
    one = first - 1
    if one >= 0 and _at_most(high, low, _number(tables, _V6_LAST_HIGH, one), _number(tables, _V6_LAST_LOW, one)):
        _put(found, counts, start, _count(tables, _V6_REF) + one)


@inlined
def _at_most(high: Any, low: Any, other_high: Any, other_low: Any) -> bool:
    return bool(high < other_high or (high == other_high and low <= other_low))


@inlined
def _v6_byte(byte: int) -> bool:
    return _is_hex(byte) or byte in (0x3A, 0x2E)


@compiled
def _v6_number(text: int, start: int, end: int) -> Any:
    """High half, low half, and whether it is an address at all (RFC 4291 section 2.2)."""
    count, gap, place = 0, -1, start
    head_high, head_low, high, low = _U(0), _U(0), _U(0), _U(0)
    if byte_at(text, start) == 0x3A:
        gap = 0
        place = start + 2
    while place < end:
        digits, value = 0, _U(0)
        group = place
        while place < end and _is_hex(byte_at(text, place)):
            value = (value << _U(4)) | _U(_hex(byte_at(text, place)))
            digits += 1
            place += 1
        if place < end and byte_at(text, place) == 0x2E:
            number = _quad_number(text, group, end)
            if number < 0 or count > 6:
                return _U(0), _U(0), False
            high, low = _widened(high, low, 2)
            low |= _U(number)
            count += 2
            break
        if digits == 0 or digits > 4 or count > 7:
            return _U(0), _U(0), False
        high, low = _widened(high, low, 1)
        low |= value
        count += 1
        if place < end:
            place += 1
            if place < end and byte_at(text, place) == 0x3A:
                if gap >= 0:
                    return _U(0), _U(0), False
                gap = count
                head_high, head_low, high, low = high, low, _U(0), _U(0)
                place += 1
    if count > 8 or (gap < 0 and count != 8):
        return _U(0), _U(0), False
    if gap > 0:
        head_high, head_low = _widened(head_high, head_low, 8 - gap)
    return high | head_high, low | head_low, True


@inlined
def _widened(high: Any, low: Any, groups: int) -> Any:
    """A number of two halves, moved up by so many groups of 16 bits."""
    for _ in range(groups):
        high = (high << _U(16)) | (low >> _U(48))
        low <<= _U(16)
    return high, low


@inlined
def _hangs_on(byte: int) -> bool:
    """Whether a byte belongs to the neighbourhood of an escape: to a word, a name, an address or another escape."""
    return _is_word(byte) or _is_joint(byte) or byte in (0x3A, 0x5C, 0x25) or byte >= 0x80


@inlined
def _touches(text: int, place: int) -> bool:
    """Whether the escape at `place`, if it is one, changes what word stands beside it; a quote or slash does not."""
    following = byte_at(text, place + 1)
    if byte_at(text, place) == 0x25:
        if not (_is_hex(following) and _is_hex(byte_at(text, place + 2))):
            return False
        return _hangs_on(byte_at(text, place + 3)) or _hangs_on((_hex(following) << 4) | _hex(byte_at(text, place + 2)))
    if following in (0x75, 0x78):  # u x
        return True
    return following in (0x62, 0x66, 0x6E, 0x72, 0x74) and _hangs_on(byte_at(text, place + 2))  # b f n r t


@compiled
def _decode(text: int, at: int, begin: int, end: int, decoded: int, ways: int, counts: int) -> int:
    """Write the neighbourhood of the escape at `at`, decoded once; returns where it ends."""
    start, stop = at, at
    while start > begin and _hangs_on(byte_at(text, start - 1)):
        start -= 1
    while stop < end and _hangs_on(byte_at(text, stop)):
        stop += 1
    put, ways_so_far = _count(counts, 1), _count(counts, 2)
    if ways_so_far >= WAYS_LIMIT:
        write_eight(counts, 32, 1)
        return stop
    write_eight(ways, 24 * ways_so_far, put)
    write_eight(ways, 24 * ways_so_far + 8, start)
    write_eight(ways, 24 * ways_so_far + 16, stop)
    write_eight(counts, 16, ways_so_far + 1)
    place = start
    while place < stop:
        length, number, wide = _escape(text, place, stop)
        if length == 0:
            write_byte(decoded, put, byte_at(text, place))
            put, place = put + 1, place + 1
        else:
            put, place = _put_character(decoded, put, number, wide), place + length
    write_byte(decoded, put, 0)
    write_eight(counts, 8, put + 1)
    return stop


@compiled
def _escape(text: int, place: int, stop: int) -> tuple[int, int, bool]:
    """The length of the escape at `place`, 0 if there is none; what it stands for; whether as more than a byte."""
    following = byte_at(text, place + 1)
    if byte_at(text, place) == 0x25:
        return (3, _digits(text, place + 1, 2), False) if _are_hex(text, place + 1, 2, stop) else (0, 0, False)
    if byte_at(text, place) != 0x5C or place + 1 >= stop:
        return 0, 0, False
    if following == 0x5C:
        return 2, 0x5C, False
    if following in (0x62, 0x66, 0x6E, 0x72, 0x74):
        return 2, 0x20, False
    if following == 0x78 and _are_hex(text, place + 2, 2, stop):
        return 4, _digits(text, place + 2, 2), False
    if following == 0x75 and _are_hex(text, place + 2, 4, stop):
        return 6, _digits(text, place + 2, 4), True
    return 0, 0, False


@compiled
def _are_hex(text: int, place: int, count: int, stop: int) -> bool:
    hexes = place + count <= stop
    for digit in range(place, place + count):
        hexes = hexes and _is_hex(byte_at(text, digit))
    return hexes


@compiled
def _digits(text: int, place: int, count: int) -> int:
    number = 0
    for digit in range(place, place + count):
        number = (number << 4) | _hex(byte_at(text, digit))
    return number


@compiled
def _put_character(decoded: int, put: int, number: int, wide: bool) -> int:
    """Write a byte, or a character in UTF-8; a control becomes a space, half a surrogate pair a question mark."""
    if number < 0x20:
        write_byte(decoded, put, 0x20)
        return put + 1
    if not wide or number < 0x80:
        write_byte(decoded, put, number)
        return put + 1
    if 0xD800 <= number < 0xE000:
        write_byte(decoded, put, 0x3F)
        return put + 1
    if number < 0x800:
        write_byte(decoded, put, 0xC0 | (number >> 6))
    else:
        write_byte(decoded, put, 0xE0 | (number >> 12))
        write_byte(decoded, put + 1, 0x80 | ((number >> 6) & 0x3F))
        put += 1
    write_byte(decoded, put + 1, 0x80 | (number & 0x3F))
    return put + 2


@compiled
def _native(text: int, at: int, begin: int, end: int, tables: int, found: int, counts: int) -> int:
    """Note a dotted name that holds letters above ASCII and ends as a name that is looked for may; returns its end."""
    start, stop = at, at
    while start > begin and (
        _is_word(byte_at(text, start - 1)) or _is_joint(byte_at(text, start - 1)) or byte_at(text, start - 1) >= 0x80
    ):
        start -= 1
    while stop < end and (
        _is_word(byte_at(text, stop)) or _is_joint(byte_at(text, stop)) or byte_at(text, stop) >= 0x80
    ):
        stop += 1
    if stop - start > _NATIVE_LONGEST:
        return stop
    point = start
    while point < stop and byte_at(text, point) != 0x2E:
        point += 1
    if point == stop:
        return stop
    last = stop
    while last > start and not _is_word(byte_at(text, last - 1)):
        last -= 1
    word = last
    while word > start and _is_word(byte_at(text, word - 1)):
        word -= 1
    hopeful = word < last and _set(tables, _TAIL_BITS, _word_hash(text, word, last))
    for place in range(point, stop):
        hopeful = hopeful or byte_at(text, place) >= 0x80  # a letter of the last label, or a mark behind the name
    if hopeful:
        _put(found, counts, at, -1)
    return stop
