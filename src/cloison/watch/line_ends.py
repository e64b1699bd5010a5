"""Where in a file that grows do whole lines begin and end?"""

import os

import orjson

_PART = 1 << 20


def whole_lines(descriptor: int, at: int, size: int, most: int, *, last: bool) -> bytes:
    """The whole lines from a place on, of about so many bytes; a line that does not end is waited for, up to the most.

    With `last` also what stands behind the last line's end.
    """
    while True:
        held = os.pread(descriptor, size, at)
        end = held.rfind(b"\n") + 1
        if end:
            return held if last and len(held) < size else held[:end]
        if len(held) < size:
            return held if last or _is_json(held) else b""
        if size >= most:
            return held
        size *= 4


def line_begin(descriptor: int, at: int, most: int) -> int:
    """A place, or where the line begins of which half stands before it: no more of it may have been there.

    A line of more bytes than the most is none of which the rest is a record.
    """
    begin = at
    while begin:
        if at - begin > most:
            return at
        size = min(_PART, begin)
        found = os.pread(descriptor, size, begin - size).rfind(b"\n") + 1
        begin -= size - found
        if found:
            break
    return at if begin == at or _is_json(os.pread(descriptor, at - begin, begin)) else begin


def _is_json(held: bytes) -> bool:
    """Whether a line that has no end yet is a whole object all the same."""
    if not (held.startswith(b"{") and held.endswith(b"}")):
        return False
    try:
        orjson.loads(held)
    except orjson.JSONDecodeError:
        return False
    return True
