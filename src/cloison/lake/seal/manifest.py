"""What does a seal hold? One line a file and one a table, each a leaf of the tree that is signed.

A file's line says its SHA-256, a table's the root over its rows; both are `KIND HASH NUMBER NAME`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from cloison.lake.seal import merkle

Kind = Literal["file", "table"]
NAME = re.compile(r"[A-Za-z0-9_]+(?:[.-][A-Za-z0-9_]+)*(?:/[A-Za-z0-9_]+(?:[.-][A-Za-z0-9_]+)*)*")
"""How members are called: no place on a disk, nothing that a shell or a terminal takes for more than a name."""
NAME_BYTES = 200
_LINE = re.compile(r"(file|table) ([0-9a-f]{64}) (0|[1-9][0-9]{0,18}) (\S{1,200})")


@dataclass(frozen=True)
class Line:
    """A leaf: a file of `number` bytes with its SHA-256, or a table of `number` rows with the root over them."""

    kind: Kind
    digest: str
    number: int
    name: str

    def text(self) -> str:
        """The line as it is written and hashed."""
        return f"{self.kind} {self.digest} {self.number} {self.name}"


def written(lines: Iterable[Line]) -> bytes:
    """The manifest of these lines, in the order of their names."""
    return "".join(f"{one.text()}\n" for one in ordered(lines)).encode()


def ordered(lines: Iterable[Line]) -> list[Line]:
    """Lines in the order in which they stand."""
    return sorted(lines, key=lambda one: (one.name.encode(), one.kind))


def root(text: bytes) -> bytes:
    """The root over the lines of a manifest."""
    return merkle.root(merkle.leaf(line) for line in text.splitlines())


def read(text: bytes) -> tuple[list[Line], list[int]]:
    """The lines of a manifest, and the numbers, from 0, of those that are none."""
    lines: list[Line] = []
    strange: list[int] = []
    for number, raw in enumerate(text.decode("utf-8", "replace").splitlines()):
        found = _LINE.fullmatch(raw)
        if found is None or not NAME.fullmatch(found[4]):
            strange.append(number)
            continue
        lines.append(Line("file" if found[1] == "file" else "table", found[2], int(found[3]), found[4]))
    return lines, strange
