"""What does a file say, line by line, once it is plain text, whatever it was before?"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cloison.hunt.intel.clean import cleaned
from cloison.hunt.intel.joining import join_hashes
from cloison.hunt.intel.reading import NotUnderstood, left_out
from cloison.hunt.intel.tlp import strictest

# A longer line outside a table is reported, not read: nothing that people wrote has one.
MAX_LINE = 256 << 10
# A document names its Traffic Light Protocol level at its head.
HEAD_LINES = 60
TLP = re.compile(r"\bTLP\s{0,2}[:\-]?\s{0,2}((?:red|amber|green|clear|white)\b(?:\+strict)?)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Said:
    """The lines of a document with their places; in them hashes that were cut apart are whole.

    `originals` gives the cut spelling of those, `tlp` the level that the document's head names, `too_long` the lines
    that are left empty because nothing that people wrote is so long.
    """

    origin: str
    lines: tuple[str, ...]
    places: tuple[str, ...]
    originals: dict[str, str]
    tlp: str
    too_long: tuple[NotUnderstood, ...]


def said(lines: Sequence[str], places: Sequence[str], origin: str) -> Said:
    """Clean the lines of a document and put cut hashes together."""
    too_long = tuple(
        left_out(place, line, f"a line longer than {MAX_LINE >> 10} Ki characters")
        for place, line in zip(places, lines, strict=True)
        if len(line) > MAX_LINE
    )
    joined = join_hashes([cleaned(line) if len(line) <= MAX_LINE else "" for line in lines])
    named = [found[1] for line in joined.lines[:HEAD_LINES] for found in TLP.finditer(line)]
    return Said(origin, joined.lines, tuple(places), joined.originals, strictest(named), too_long)
