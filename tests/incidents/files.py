"""What is a log file: records between brackets, that can be cut, shuffled and packed?"""

import gzip
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from random import Random
from typing import TypeAlias

from tests.incidents.deeds import DAY, iso

Timed: TypeAlias = tuple[int, bytes]


@dataclass(frozen=True)
class Frame:
    """What stands before, between and after the records of a file."""

    head: bytes = b""
    between: bytes = b"\n"
    tail: bytes = b"\n"


LINES = Frame()
ARRAY = Frame(b"[", b",", b"]\n")
RECORDS = Frame(b'{"Records":[', b",", b"]}")
RESULT = Frame(b'{"success":true,"errors":[],"messages":[],"result":[', b",", b"]}")
ENTITIES = Frame(b'{"entities":[', b",", b'],"pagingInfo":{"lastPage":true,"size":1}}')
GRAPHQL = Frame(b'{"data":{"viewer":{"accounts":[{"accessLoginRequestsAdaptiveGroups":[', b",", b']}]}},"errors":null}')
LOOKUP = Frame(b'{"Events":[', b",", b'],"NextToken":"AAAAexample"}')


@dataclass(frozen=True)
class LogFile:
    """A file of evidence."""

    path: str
    frame: Frame
    records: tuple[bytes, ...]
    packed: bool = False

    @property
    def name(self) -> str:
        """Its path, with the ending that says how it is packed."""
        return self.path + (".gz" if self.packed else "")

    @property
    def data(self) -> bytes:
        """Its bytes."""
        plain = self.frame.head + self.frame.between.join(self.records) + self.frame.tail
        return gzip.compress(plain, compresslevel=1, mtime=0) if self.packed else plain


def by_days(stem: str, frame: Frame, records: Iterable[Timed], rng: Random, *, days: int = 4) -> list[LogFile]:
    """One file for each few days, in the order of time, some of them packed."""
    ordered = sorted(records)
    spans = groupby(ordered, key=lambda one: one[0] // (days * DAY))
    made = []
    for span, group in spans:
        name = stem.replace("*", iso(span * days * DAY)[:10])
        made.append(LogFile(name, frame, tuple(data for _, data in group), rng.random() < 0.4))
    return made


def overlapping(rng: Random, files: Sequence[LogFile]) -> list[LogFile]:
    """A second export that holds the end of one file and the beginning of another."""
    made = []
    for one, two in pairwise(files):
        if one.frame == two.frame and rng.random() < 0.3:
            half, other = len(one.records) // 2, len(two.records) // 3
            made.append(LogFile(f"again/{one.path}", one.frame, one.records[half:] + two.records[:other]))
    return made
