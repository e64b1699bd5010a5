"""Does a `source.toml` use only words that there are, and give each what it takes? Every fault, with its line."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import msgspec

from cloison.sources.spec import Capture, Carrier, Choice, Event, Field, Levels, Need, Rotation, Spec, Test

BLANK = "TO FILL IN"
"""What stands in a new source where its writer has to say something."""

_LISTED: dict[str, type[msgspec.Struct]] = {"carrier": Carrier, "event": Event, "rotation": Rotation, "needs": Need}
_HEADER = re.compile(r"^\s*(\[\[?)\s*([A-Za-z0-9_.\"-]+)\s*\]\]?")
_KEY = re.compile(r'^\s*"?([A-Za-z0-9_.-]+)"?\s*=')


@dataclass(frozen=True)
class Fault:
    """Something wrong with a source: the file, the line (0 when it is of the whole file), what, and what to do."""

    place: str
    line: int
    what: str
    remedy: str = ""

    def __str__(self) -> str:
        """One line for a person."""
        at = f"{self.place}:{self.line}" if self.line else self.place
        return f"{at}: {self.what}{f' ({self.remedy})' if self.remedy else ''}"


def word_faults(raw: dict[str, object], text: str, place: Path) -> list[Fault]:
    """Unknown and missing words, wrong types, and blanks that are still to fill in."""
    lines = Lines(text)
    found = [*_of(Spec, raw, ()), *_blanks(raw, ())]
    return [Fault(str(place), lines.of(path), f"{key_path(path)}{what}", remedy) for path, what, remedy in found]


def nearest(word: str, known: list[str]) -> str:
    """`did you mean …?`, or what there is."""
    close = difflib.get_close_matches(word, known, 1, 0.6)
    return f"did you mean {close[0]!r}?" if close else f"the words here: {', '.join(known)}"


Path_ = tuple[str | int, ...]
_Found = tuple[Path_, str, str]


def key_path(path: Path_) -> str:
    """`event[2].when: `, or nothing for the whole."""
    told = "".join(f"[{one}]" if isinstance(one, int) else f".{one}" for one in path).lstrip(".")
    return f"{told}: " if told else ""


def _of(struct: type[msgspec.Struct], raw: object, path: Path_) -> Iterator[_Found]:
    if not isinstance(raw, dict):
        yield path, f"must be a table, not {raw!r}", ""
        return
    fields = {one.encode_name: one for one in msgspec.structs.fields(struct)}
    for word, value in raw.items():
        if word not in fields:
            yield (*path, word), f"no such word: {word!r}", nearest(word, list(fields))
        else:
            yield from _value(word, value, fields[word].type, (*path, word))
    lent = any(isinstance(raw.get(word), str) for word in ("extends", "like"))  # by what it is built upon
    missing = [word for word, one in fields.items() if one.required and word not in raw and not lent]
    yield from ((path, f"{word!r} is missing", "see docs/sources.md for what it says") for word in missing)


def _value(word: str, value: object, kind: object, path: Path_) -> Iterator[_Found]:
    """What a word is given: a list of tables and a map entry by entry, anything else as a whole."""
    if word in _LISTED and isinstance(value, list):
        for number, one in enumerate(value):
            yield from _of(_LISTED[word], one, (*path, number))
    elif word == "map" and isinstance(value, dict):
        for name, one in value.items():
            yield from _of(Field, one, (*path, name)) if isinstance(one, dict) else _typed(one, str, (*path, name))
    elif word == "when" and isinstance(value, dict):
        for name, one in value.items():
            yield from _of(Test, one, (*path, name)) if isinstance(one, dict) else ()
    elif word in {"class", "activity"} and isinstance(value, dict):
        yield from _of(Choice, value, path)
    elif word in {"capture", "levels"} and isinstance(value, dict):
        yield from _of(Capture if word == "capture" else Levels, value, path)
    elif word != "extends" or isinstance(value, str):
        yield from _typed(value, kind, path)


def _typed(value: object, kind: object, path: Path_) -> Iterator[_Found]:
    try:
        msgspec.convert(value, kind, strict=True)
    except msgspec.ValidationError as fault:
        known = [one for one in get_args(kind) if isinstance(one, str)]
        yield path, str(fault), nearest(value, known) if known and isinstance(value, str) else ""


def _blanks(raw: object, path: Path_) -> Iterator[_Found]:
    if isinstance(raw, dict):
        for word, below in raw.items():
            yield from _blanks(below, (*path, word))
    elif isinstance(raw, list):
        for number, below in enumerate(raw):
            yield from _blanks(below, (*path, number))
    elif isinstance(raw, str) and BLANK in raw:
        yield path, "still to fill in", ""


class Lines:
    """On which line of a source.toml does a word stand?"""

    def __init__(self, text: str) -> None:
        self._known: dict[Path_, int] = {}
        within: Path_ = ()
        for number, line in enumerate(text.splitlines(), 1):
            if header := _HEADER.match(line):
                within = self._entered(header[2].split("."), listed=header[1] == "[[")
                self._known.setdefault(within, number)
            elif key := _KEY.match(line):
                self._known.setdefault((*within, key[1]), number)

    def of(self, path: Path_) -> int:
        """The line of a word, or of the nearest word that holds it; 0 for the whole file."""
        while path and path not in self._known:
            path = path[:-1]
        return self._known.get(path, 0)

    def _entered(self, names: list[str], *, listed: bool) -> Path_:
        """Where a header leads: the next element of a list, or what is inside the latest one."""
        path: Path_ = ()
        for at, name in enumerate(names):
            path = (*path, name)
            count = sum(1 for known in self._known if len(known) == len(path) + 1 and known[:-1] == path
                        and isinstance(known[-1], int))  # fmt: skip
            if listed and at == len(names) - 1:
                path = (*path, count)
            elif count:
                path = (*path, count - 1)
        return path
