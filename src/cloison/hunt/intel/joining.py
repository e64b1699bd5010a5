"""Which runs of hex that a line break or a space cut apart are one hash?"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cloison.hunt.intel.found import HASH_KIND

_RUN = re.compile(r"(?<![0-9A-Za-z])[0-9A-Fa-f]{8,127}(?![0-9A-Za-z])")
NAMED = re.compile(r"\b(md-?5|sha-?1|sha-?256|sha-?384|sha-?512)\b", re.IGNORECASE)
_KIND_NAMED = {"md5": 32, "sha1": 40, "sha256": 64, "sha384": 96, "sha512": 128}
_WHOLE = frozenset(HASH_KIND) - {56}
"""Lengths that parts may add up to: a SHA-224 is rarer than a SHA-1 with a checksum below it."""
LINE_FRAME = " \t`'\"|*-"


@dataclass(frozen=True, slots=True)
class Run:
    """A run of hex characters and where it stands."""

    line: int
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Joined:
    """Lines in which each cut hash stands whole where it began, and the spelling each of those had."""

    lines: tuple[str, ...]
    originals: dict[str, str]


def join_hashes(lines: Sequence[str]) -> Joined:
    """Put cut hashes together: neighbours by white space alone whose lengths add up to exactly one hash.

    Neighbours that are whole hashes themselves are joined only where the text above names longer kinds alone.
    """
    whole = list(lines)
    originals: dict[str, str] = {}
    for parts in _cut_hashes(lines):
        text = "".join(part.text for part in parts)
        originals[text.lower()] = " ".join(part.text for part in parts)
        for part in reversed(parts):
            line = whole[part.line]
            put = text if part is parts[0] else ""
            whole[part.line] = line[: part.start] + put + line[part.end :]
    return Joined(tuple(whole), originals)


def _cut_hashes(lines: Sequence[str]) -> list[list[Run]]:
    """The cut hashes, last first within a line, so that replacing one keeps the places of those before it."""
    found: list[list[Run]] = []
    named: set[int] = set()
    open_runs: list[Run] = []
    for number, line in enumerate(lines):
        mentioned = {_KIND_NAMED[word.lower().replace("-", "")] for word in NAMED.findall(line)}
        named = mentioned or named
        for run in (Run(number, hit.start(), hit.end(), hit[0]) for hit in _RUN.finditer(line)):
            if open_runs and not _adjacent(open_runs[-1], run, lines):
                open_runs = []
            if open_runs and _two_values(open_runs, run, named):
                open_runs = []
            open_runs.append(run)
            total = sum(len(part.text) for part in open_runs)
            if len(open_runs) > 1 and total in _WHOLE:
                found.append(open_runs)
                open_runs = []
            elif total > max(_WHOLE):
                open_runs = []
    return found[::-1]


def _two_values(runs: Sequence[Run], run: Run, named: set[int]) -> bool:
    """Whether `run` is a value beside whole hashes, not their rest: a second hash, or a checksum in their row."""
    if any(len(part.text) not in HASH_KIND for part in runs):
        return False
    asked_longer = bool(named) and all(length > len(part.text) for part in (*runs, run) for length in named)
    return not asked_longer and (len(run.text) in HASH_KIND or run.line == runs[-1].line)


def _adjacent(one: Run, other: Run, lines: Sequence[str]) -> bool:
    if one.line == other.line:
        return not lines[one.line][one.end : other.start].strip()
    between = lines[one.line][one.end :] + lines[other.line][: other.start]
    return other.line == one.line + 1 and not between.strip(LINE_FRAME)
