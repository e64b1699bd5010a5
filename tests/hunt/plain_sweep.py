"""The sweep as anyone would write it: every indicator, every place, one character at a time."""

import ipaddress
import re
from collections.abc import Iterator, Sequence

from cloison.model.indicator import Indicator, IndicatorKind

K = IndicatorKind
GLUE = {
    K.DOMAIN: ("_-", "._-"),
    K.URL: ("_-.", "."),
    K.EMAIL: ("._+-", "._-"),
    K.FILE_NAME: ("._-", "._-"),
    K.ACCOUNT: ("._-@+", "._-@+"),
    K.USER_AGENT: ("", "."),
    K.CREDENTIAL: ("._-", "._-"),
    K.IP: (".", "."),
}
SIMPLE = {"n": " ", "r": " ", "t": " ", "b": " ", "f": " ", '"': '"', "\\": "\\", "/": "/"}
Character = tuple[str, int, int]
"""A character and the bytes of the raw text it stands for."""


def plain_sweep(indicators: Sequence[Indicator], raw: bytes) -> set[tuple[int, int, int]]:
    """(offset, length, position of the indicator) of every sighting in the ASCII text `raw`."""
    found = set()
    at = 0
    for line in raw.decode("ascii").split("\n"):
        view: list[Character] = [(character, at + i, at + i + 1) for i, character in enumerate(line)]
        for _ in range(4):
            for position, indicator in enumerate(indicators):
                for start, end in _places(indicator, "".join(character for character, _, _ in view)):
                    first, last = view[start][1], view[end - 1][2]
                    found.add((first, last - first, position))
            view = list(_decoded(view))
        at += len(line) + 1
    return found


def _decoded(view: list[Character]) -> Iterator[Character]:
    at = 0
    while at < len(view):
        text = "".join(character for character, _, _ in view[at : at + 6])
        escape = re.match(r'\\(?:(["\\/bfnrt])|u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2}))|%([0-9A-Fa-f]{2})', text)
        if escape is None:
            yield view[at]
            at += 1
            continue
        end = at + escape.end()
        number = escape[2] or escape[3] or escape[4]
        character = SIMPLE[escape[1]] if escape[1] else chr(int(number, 16))
        yield (" " if ord(character) < 0x20 else character, view[at][1], view[end - 1][2])
        at = end


def _places(indicator: Indicator, text: str) -> Iterator[tuple[int, int]]:
    if indicator.kind in (K.IP, K.CIDR, K.RANGE):
        yield from _address_places(indicator, text)
        return
    low, value = text.lower(), indicator.value.lower().removesuffix("/")
    for start in range(len(low) - len(value) + 1):
        end = start + len(value)
        same = text[start:end] == indicator.value if indicator.kind is K.CREDENTIAL else low[start:end] == value
        if same and _free(indicator.kind, low, start, end):
            yield start, end


def _free(kind: IndicatorKind, text: str, start: int, end: int) -> bool:
    before, after = GLUE.get(kind, ("", ""))
    if re.fullmatch("%[0-9a-f]{2}", text[max(0, start - 1) : start + 2]):
        return False
    head = text[:start].rstrip(before) if before else text[:start]
    if head[-1:].isalnum():
        return False
    tail = text[end:]
    if kind is K.URL:
        tail = tail.removeprefix("/")
        if tail[:1] and tail[0] in "_~%$+*=@/:-":
            return False
    tail = tail.lstrip(after) if after else tail
    return not tail[:1].isalnum()


def _address_places(indicator: Indicator, text: str) -> Iterator[tuple[int, int]]:
    low = text.lower()
    for found in re.finditer(r"(?<![0-9])[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?![0-9])", low):
        address = _address(found[0])
        if address is None or not _holds(indicator, address) or not _free(K.IP, low, found.start(), found.end()):
            continue
        head = re.search(r"[0-9a-f:]*$", low[: found.start()])
        if not (head and head[0].endswith(":") and _address(head[0] + found[0])):
            yield found.start(), found.end()
    for found in re.finditer(r"[0-9a-f:.]+", low):
        spelled = found[0]
        while spelled.endswith(".") or (spelled.endswith(":") and not spelled.endswith("::")):
            spelled = spelled[:-1]
        start = found.start() + (spelled.startswith(":") and not spelled.startswith("::"))
        end = found.start() + len(spelled)
        address = _address(low[start:end]) if low[start:end].count(":") > 1 else None
        framed = not low[:start][-1:].isalnum() and not low[end:][:1].isalnum()
        escaped = re.fullmatch("%[0-9a-f]{2}", low[max(0, start - 1) : start + 2])
        if address is not None and framed and not escaped and _holds(indicator, address):
            yield start, end


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, ipaddress.IPv6Address) else address


def _holds(indicator: Indicator, address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if indicator.kind is K.RANGE:
        first, last = map(ipaddress.ip_address, indicator.value.split("-"))
        return first.version == address.version and int(first) <= int(address) <= int(last)
    network = ipaddress.ip_network(indicator.value)
    return network.version == address.version and address in network
