"""How does text out of a log stay text: visible, and changing nothing that stands beside it?"""

import re
import unicodedata

_STACKED = re.compile(r"(?<=[^\W\d_])[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{3,}")
_FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Characters that Unicode calls letters or symbols and that no one can see."""


def inert(text: str) -> str:
    """The text with control, format, bidirectional, invisible and stacked marks written as escapes."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_visible, _STACKED.sub(_spelled, text)))


def _spelled(found: "re.Match[str]") -> str:
    return "".join(map(_escape, found[0]))


def _visible(character: str) -> str:
    if character.isprintable() and character not in _FILLERS and unicodedata.category(character) != "Cn":
        return character
    return _escape(character)


def _escape(character: str) -> str:
    point = ord(character)
    if point < 0x100:
        return f"\\x{point:02x}"
    return f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"
