"""Is the text a list of plain values, each in a line of its own, and which indicators does it say?

Lists of a hundred thousand values are read by this, so it asks no line twice and nothing that its shape has answered;
whatever is not plain to the last line is read with all care, to the same end.
"""

import re
from collections.abc import Callable

from cloison.hunt.intel.found import HASH_KIND
from cloison.hunt.intel.joining import LINE_FRAME, NAMED
from cloison.hunt.intel.listing import COMMENT
from cloison.hunt.intel.names import is_host_name, reads_as_file_name
from cloison.hunt.intel.reading import at_line
from cloison.hunt.intel.said import HEAD_LINES, TLP
from cloison.hunt.intel.whole import whole_value
from cloison.model.indicator import Indicator, IndicatorKind

_Whole = tuple[IndicatorKind, str] | None

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_NAME = rf"(?:{_LABEL}\.)+[A-Za-z](?:[A-Za-z0-9-]{{0,61}}[A-Za-z0-9])?"
_OCTET = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_QUAD = rf"{_OCTET}(?:\.{_OCTET}){{3}}"
_SHAPES = re.compile(
    rf"(?P<quad>{_QUAD})(?:/(?P<bits>3[01]|[12]?[0-9]))?"
    r"|(?P<hash>[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32}|[0-9a-f]{128})"
    rf"|(?P<name>{_NAME})"
    rf"|https?://(?P<host>{_NAME})(?:/[A-Za-z0-9_/-]+(?:\.[A-Za-z0-9_/-]+)*)?/?"
    rf"|[a-z0-9][a-z0-9.+_-]{{0,62}}@(?P<at>{_NAME})"
)
"""Each shape takes in less than whole values do: of what is left, a value is its own canonical spelling, or nearly."""
_LONGEST_NAME = 253
# A name with so many characters without a break may be a sample's.
_HASH_LIKE = re.compile(r"[0-9A-Fa-f]{32}")
_REST = re.compile(r"\n(?=([0-9A-Fa-f]{8,})[^\n]*)")
_PART = re.compile(r"[0-9A-Fa-f]{8}")
_Read = Callable[["re.Match[str]"], _Whole]


def plain_items(text: str, origin: str) -> list[Indicator] | None:
    """The indicators of a list of nothing but values, empty lines and comments; None where it is, or may be, more."""
    if _names_hashes(text) or TLP.search("\n".join(text.split("\n", HEAD_LINES)[:HEAD_LINES])) or _may_be_cut(text):
        return None
    items: list[Indicator] = []
    for number, line in enumerate(text.split("\n"), start=1):
        whole = plain_value(line)
        if whole is not None:
            kind, value = whole
            items.append(Indicator(kind, value, line, origin, (), "", None, None, at_line(number)))
        elif line and not COMMENT.match(line) and not line.isspace():
            return None
    return items or None


def plain_value(text: str) -> _Whole:
    """What `whole_value` says of a text, in less time where it is plain."""
    shape = _SHAPES.fullmatch(text)
    found = _READ[shape.lastgroup or ""](shape) if shape else None
    return found or whole_value(text)


def _names_hashes(text: str) -> bool:
    """Whether a kind of hash is named, which says how those are read that follow."""
    lower = text.lower()
    return ("md" in lower or "sha" in lower or not text.isascii()) and NAMED.search(text) is not None


def _may_be_cut(text: str) -> bool:
    """Whether a line may end in the first part of a hash and the next begin with the second."""
    for rest in _REST.finditer(text):
        before = text[text.rfind("\n", 0, rest.start()) + 1 : rest.start()].rstrip(LINE_FRAME)
        if _PART.fullmatch(before[-8:]) and not (_is_hash(before) and len(rest[1]) in HASH_KIND):
            return True
    return False


def _is_hash(line: str) -> bool:
    return len(line) in HASH_KIND and line.isalnum() and _HASH_LIKE.match(line) is not None


def _quad(shape: "re.Match[str]") -> _Whole:
    return IndicatorKind.IP, shape[0]


def _network(shape: "re.Match[str]") -> _Whole:
    """An IPv4 network whose host bits are off."""
    first, second, third, fourth = map(int, shape["quad"].split("."))
    number = first << 24 | second << 16 | third << 8 | fourth
    return None if number & (0xFFFF_FFFF >> int(shape["bits"])) else (IndicatorKind.CIDR, shape[0])


def _hash(shape: "re.Match[str]") -> _Whole:
    return HASH_KIND[len(shape[0])], shape[0]


def _name(shape: "re.Match[str]") -> _Whole:
    text = shape[0]
    name = _host(text)
    plain = name and not reads_as_file_name(name) and not _HASH_LIKE.search(text)
    return (IndicatorKind.DOMAIN, name) if plain and name else None


def _url(shape: "re.Match[str]") -> _Whole:
    host = shape["host"]
    if _host(host) != host:
        return None
    return IndicatorKind.URL, shape[0] if shape.end("host") < shape.end() else f"{shape[0]}/"


def _email(shape: "re.Match[str]") -> _Whole:
    return (IndicatorKind.EMAIL, shape[0]) if _host(shape["at"]) == shape["at"] else None


def _host(text: str) -> str | None:
    name = text.lower()
    name = text if name == text else name
    return name if len(name) <= _LONGEST_NAME and is_host_name(name) else None


_READ: dict[str, _Read] = {
    "quad": _quad, "bits": _network, "hash": _hash, "name": _name, "host": _url, "at": _email,
}  # fmt: skip
