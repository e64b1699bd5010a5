"""A Sigma matcher as plain as can be, written from the specification and from nothing else: the twin of the engine's.

Reads a rule's `detection` as Python data and one record; no pySigma, no SQL, no speed.
"""

import base64
import ipaddress
import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

DASHES = ("-", "/", "–", "—", "―")  # noqa: RUF001 -- the dashes that the specification lists
NUMERAL = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
MANY, ONE = object(), object()
TIME = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?)?")
PARTS: dict[str, Callable[[datetime], int]] = {
    "minute": lambda at: at.minute,
    "hour": lambda at: at.hour,
    "day": lambda at: at.day,
    "week": lambda at: at.isocalendar().week,
    "month": lambda at: at.month,
    "year": lambda at: at.year,
}


Filled = dict[str, list[str]]


def matches(detection: dict[str, Any], record: dict[str, Any], filled: Filled | None = None) -> bool:
    """Whether the record is as the rule's condition says; `filled` is what placeholders stand for."""
    named = {name: value for name, value in detection.items() if name != "condition"}
    found = {n: selection(v, record, filled or {}) for n, v in named.items()}
    return Condition(detection["condition"], found).value()


class Condition:
    """not > and > or, brackets, `1 of x*`, `all of them`."""

    def __init__(self, text: str, named: dict[str, bool]) -> None:
        self.words = re.findall(r"[()]|[^\s()]+", text)
        self.named = named

    def value(self) -> bool:
        found = self.either()
        assert not self.words
        return found

    def either(self) -> bool:
        found = self.both()
        while self.words[:1] == ["or"]:
            self.words.pop(0)
            found = self.both() or found
        return found

    def both(self) -> bool:
        found = self.one()
        while self.words[:1] == ["and"]:
            self.words.pop(0)
            found = self.one() and found
        return found

    def one(self) -> bool:
        word = self.words.pop(0)
        if word == "not":
            return not self.one()
        if word == "(":
            found = self.either()
            assert self.words.pop(0) == ")"
            return found
        if self.words[:1] == ["of"]:
            self.words.pop(0)
            pattern = self.words.pop(0)
            wanted = re.compile(".*" if pattern == "them" else pattern.replace("*", ".*"))
            some = [v for n, v in self.named.items() if wanted.fullmatch(n) and not n.startswith("_")]
            return all(some) if word == "all" else any(some)
        return self.named[word]


def selection(said: Any, record: dict[str, Any], filled: Filled) -> bool:
    if isinstance(said, dict):
        return all(item(key, value, record, filled) for key, value in said.items())
    if isinstance(said, list) and any(isinstance(one, dict) for one in said):
        return any(selection(one, record, filled) for one in said)
    return item("", said, record, filled)


def item(key: str, said: Any, record: dict[str, Any], filled: Filled) -> bool:
    """One `field|modifiers: values`."""
    field, *modifiers = key.split("|")
    values = (said or [None]) if isinstance(said, list) else [said]  # no value at all asks for nothing there
    link: Callable[[Iterator[bool]], bool] = all if "all" in modifiers else any
    negated = "neq" in modifiers
    modifiers = [one for one in modifiers if one not in {"all", "neq"}]
    found = link(value_matches(field, modifiers, one, record, filled) for one in values)
    return found != negated


def value_matches(  # noqa: PLR0911 -- a line for each kind of value
    field: str, modifiers: Sequence[str], said: Any, record: dict[str, Any], filled: Filled
) -> bool:
    there = list(leaves(record)) if not field else list(values_at(record, field.lower().split(".")))
    held = [one for one in there if one is not None]
    if "exists" in modifiers:
        return stands(record, field.lower().split(".")) == bool(said)
    if said is None:
        return not held
    if "fieldref" in modifiers:
        others = [one for one in values_at(record, str(said).lower().split(".")) if one is not None]
        return any(same(text(a), text(b), modifiers) for a in held for b in others)
    if "re" in modifiers:
        flags = sum({"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL}.get(one, 0) for one in modifiers)
        said = said if "m" in modifiers else said.replace("$", r"\Z")  # the very end, as in RE2
        return any(re.search(said, text(one), flags | re.ASCII) for one in held)
    if "cidr" in modifiers:
        network = ipaddress.ip_network(said)
        return any(within(text(one), network) for one in held)
    compared = [one for one in modifiers if one in {"lt", "lte", "gt", "gte"}]
    if compared:
        return any(number_compared(compared[0], one, said) for one in held)
    parts = [one for one in modifiers if one in PARTS]
    if parts:
        return any(PARTS[parts[0]](at) == said for one in held if (at := moment(text(one))) is not None)
    if isinstance(said, bool) and field and not modifiers:
        return any(text(one).lower() == text(said) for one in held)
    if isinstance(said, int | float) and field and not modifiers:
        return any(number_of(one) == said for one in held)
    written = filled_in(text(said), filled) if "expand" in modifiers else [text(said)]
    patterns = [pattern for one in written for pattern in expanded(one, modifiers)]
    cased = "cased" in modifiers
    return any(pattern_matches(p, text(one), cased, keyword=not field) for p in patterns for one in held)


def moment(said: str) -> datetime | None:
    """A time in UTC; what states no zone is in UTC."""
    try:
        read = datetime.fromisoformat(said) if TIME.fullmatch(said) else None
    except ValueError:
        return None
    return read and (read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC))


def filled_in(said: str, filled: Filled) -> list[str]:
    """The text with each of what its placeholders stand for."""
    name = next((name for name in filled if f"%{name}%" in said), None)
    if name is None:
        return [said]
    return [text for one in filled[name] for text in filled_in(said.replace(f"%{name}%", one, 1), filled)]


def same(here: str, there: str, modifiers: Sequence[str]) -> bool:
    here, there = folded(here), folded(there)
    if "contains" in modifiers:
        return there in here
    if "startswith" in modifiers:
        return here.startswith(there)
    return here.endswith(there) if "endswith" in modifiers else here == there


def within(value: str, network: Any) -> bool:
    try:
        address = ipaddress.ip_address(value)
    except ValueError:
        return False
    address = getattr(address, "ipv4_mapped", None) or address
    return address in network


def number_of(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    return float(text(value)) if NUMERAL.fullmatch(text(value)) else None


def number_compared(how: str, value: Any, said: float) -> bool:
    here = number_of(value)
    if here is None:
        return False
    return {"lt": here < said, "lte": here <= said, "gt": here > said, "gte": here >= said}[how]


def text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def folded(value: str) -> str:
    """Each character by itself in lower case: the simple folding of Unicode's character data."""
    return "".join(char.lower()[0] for char in value)


def parsed(value: str) -> list[Any]:
    """Characters and wildcards; a backslash escapes a wildcard or a backslash and is itself otherwise."""
    out: list[Any] = []
    at = 0
    while at < len(value):
        if value[at] == "\\" and at + 1 < len(value) and value[at + 1] in "*?\\":
            out.append(value[at + 1])
            at += 2
            continue
        out.append({"*": MANY, "?": ONE}.get(value[at], value[at]))
        at += 1
    return out


def expanded(value: str, modifiers: Sequence[str]) -> list[list[Any]]:  # noqa: C901 -- an arm for each modifier
    """Every pattern that a value with its modifiers stands for, the modifiers in their order."""
    patterns = [parsed(value)]
    for one in modifiers:
        if one == "contains":
            patterns = [[MANY, *p, MANY] for p in patterns]
        elif one == "startswith":
            patterns = [[*p, MANY] for p in patterns]
        elif one == "endswith":
            patterns = [[MANY, *p] for p in patterns]
        elif one == "windash":
            patterns = [q for p in patterns for q in dashed(p)]
        elif one == "base64":
            patterns = [list(base64.b64encode(encoded(p)).decode()) for p in patterns]
        elif one == "base64offset":
            patterns = [q for p in patterns for q in offset(p)]
        elif one == "wide":
            patterns = [list("".join(p).encode("utf-16le").decode()) for p in patterns]
        elif one == "utf16be":
            patterns = [list("".join(p).encode("utf-16be").decode()) for p in patterns]
        elif one == "utf16":
            patterns = [["\ufeff", *"".join(p).encode("utf-16le").decode()] for p in patterns]
    return patterns


def dashed(pattern: list[Any]) -> list[list[Any]]:
    """Every dash that begins a parameter, as each of the dashes."""
    places = []
    for at, char in enumerate(pattern):
        before = pattern[at - 1] if at else ""
        after = pattern[at + 1] if at + 1 < len(pattern) else ""
        word = [isinstance(c, str) and bool(re.fullmatch(r"\w", c)) for c in (before, after)]
        if char in {"-", "/"} and not word[0] and word[1]:
            places.append(at)
    choices = [DASHES if at in places else (char,) for at, char in enumerate(pattern)]
    return [list(one) for one in itertools.product(*choices)]


def encoded(pattern: list[Any]) -> bytes:
    """The bytes of a text; of UTF-16 with its mark this is two bytes."""
    said = "".join(pattern)
    return b"\xff\xfe" + said[1:].encode() if said.startswith("\ufeff") else said.encode()


def offset(pattern: list[Any]) -> list[list[Any]]:
    """What stands of the text in Base64 whatever stands before and behind it."""
    data = encoded(pattern)
    out = []
    for shift in range(3):
        spelled = base64.b64encode(b"\0" * shift + data).decode()
        start = -(-shift * 8 // 6)
        stop = (shift + len(data)) * 8 // 6
        out.append(list(spelled[start:stop]))
    return out


def pattern_matches(pattern: list[Any], value: str, cased: bool, *, keyword: bool) -> bool:
    if keyword:
        pattern = [MANY, *pattern, MANY]
    if not cased:
        pattern = [folded(one) if isinstance(one, str) else one for one in pattern]
        value = folded(value)
    return like(pattern, value)


def like(pattern: list[Any], value: str) -> bool:
    """Every way to take the wildcards, by the set of places that are reached."""
    reached = {0}
    for one in pattern:
        if one is MANY:
            reached = set(range(min(reached), len(value) + 1)) if reached else set()
        elif one is ONE:
            reached = {at + 1 for at in reached if at < len(value)}
        else:
            reached = {at + 1 for at in reached if value[at : at + 1] == one}
    return len(value) in reached


def values_at(node: Any, words: list[str]) -> Iterator[Any]:
    """Arrays are seen through, keys compare without case, and a key may hold dots."""
    if isinstance(node, list):
        for one in node:
            yield from values_at(one, words)
        if words and words[0].isdecimal() and int(words[0]) < len(node):
            yield from values_at(node[int(words[0])], words[1:])
    elif not words:
        yield node
    elif isinstance(node, dict):
        for key, below in node.items():
            for taken in range(1, len(words) + 1):
                if key.lower() == ".".join(words[:taken]):
                    yield from values_at(below, words[taken:])


def stands(node: Any, words: list[str]) -> bool:
    """Whether the field is there, whatever it holds: null and an empty list are there."""
    if not words:
        return True
    if isinstance(node, list):
        inside = words[0].isdecimal() and int(words[0]) < len(node) and stands(node[int(words[0])], words[1:])
        return inside or any(stands(one, words) for one in node)
    if not isinstance(node, dict):
        return False
    taken = ((below, number) for key, below in node.items() for number in range(1, len(words) + 1)
             if key.lower() == ".".join(words[:number]))  # fmt: skip
    return any(stands(below, words[number:]) for below, number in taken)


def leaves(node: Any) -> Iterator[Any]:
    if isinstance(node, dict | list):
        for below in node.values() if isinstance(node, dict) else node:
            yield from leaves(below)
    else:
        yield node
