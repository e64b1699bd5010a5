"""Which indicators does a written account give, and which addresses in it are only talk?

A value that was made harmless is meant as indicator. So is a hash. A plain address counts where it is all that its
cell or line says, below a heading that announces indicators; or anywhere, when the account makes nothing harmless.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from cloison.hunt.intel.cell import Beside, indicator, why_not
from cloison.hunt.intel.find import blanked, values_in
from cloison.hunt.intel.found import Found
from cloison.hunt.intel.kinds import SHAPED_KINDS
from cloison.hunt.intel.names import reads_as_file_name
from cloison.hunt.intel.reading import Item, left_out
from cloison.hunt.intel.refang import COLON, DOT, MISPLACED, SCHEME, WRITTEN_OUT, Marked, marked
from cloison.hunt.intel.said import Said
from cloison.hunt.intel.table import Columns, columns_of, is_ruler, pipe_cells, row_items
from cloison.model.indicator import HASH_KINDS, IndicatorKind

_ANNOUNCES = re.compile(r"\b(?:indicat(?:or|eur)s?|iocs?)\b", re.IGNORECASE)
_HEADING_LENGTH = 80
_OTHER_HASH = re.compile(r"(?:imp(?:ort)?[ ]?hash|authentihash|ssdeep|tlsh|vhash|rich[ ]?hash)\W{0,8}$", re.IGNORECASE)
_SHORTENED = re.compile(r"(?<![0-9A-Za-z])[0-9A-Fa-f]{6,}(?:\u2026|\.\.\.)")
_WORD = re.compile(r"[^\s|,;]+")
_VERSION = re.compile(r"\b(?:v|ver|versions?|build|release|firmware|rev(?:ision)?|update)\b[ .:]{0,3}\Z", re.IGNORECASE)
_HARMLESS = frozenset((DOT, MISPLACED, SCHEME, COLON))
_BLANK = "\x00"
_CELL_CUT = re.compile(r"\||\t| {2}")
_FENCE = re.compile(r"^\s*(?:```|~~~|----+\s*$|\.\.\.\.+\s*$)")
_PLAIN = ("not defanged",)
_PLAIN_KINDS = frozenset(
    {IndicatorKind.IP, IndicatorKind.CIDR, IndicatorKind.RANGE, IndicatorKind.URL, IndicatorKind.EMAIL}
)
"""Kinds whose shape nothing else has: they count within a sentence too, where nothing is made harmless."""
_NAMED_WITHIN = 40
_CONTEXT_LIMIT = 300
_WRAPPED_LENGTH = 60
_WRAPPED_LINES = 3


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an account: what it holds, what it says beside (values blanked), which values stand alone."""

    place: str
    marked: Marked
    values: tuple[Found, ...]
    said: str
    alone: frozenset[int]
    announced: bool
    fenced: bool

    @property
    def text(self) -> str:
        """The line as it was read."""
        return self.marked.line


def prose_items(said: Said) -> Iterator[Item]:
    """The items of a written account."""
    lines = _lines(said)
    harmless = any(value.harmless and value.kind not in HASH_KINDS for line in lines for value in line.values)
    columns: Columns | None = None
    for place, line in enumerate(lines):
        if line.text.count("|") < 2:
            columns = None if not line.text.strip() else columns
        elif not is_ruler(line.text):
            cells = pipe_cells(line.text)
            header = columns_of(cells)
            if header.usable and not line.values and (columns is None or header.value is not None):
                columns = header
                continue
            if columns is not None and columns.value is not None:
                yield from row_items(columns, cells, Beside(said.origin, line.place, tlp=said.tlp))
                continue
        yield from _line_items(line, _context(lines, place), said, harmless=harmless)


def _lines(whole: Said) -> list[Line]:
    announced = fenced = False
    lines = []
    for place, text in zip(whole.places, whole.lines, strict=True):
        line = marked(text)
        values = tuple(values_in(line))
        announced = announced or (len(text) <= _HEADING_LENGTH and not values and bool(_ANNOUNCES.search(text)))
        if _FENCE.match(text):
            fenced = not fenced
        said = blanked(line.text, values, _BLANK)
        lines.append(Line(place, line, values, said, _alone(said, values), announced, fenced))
    return lines


def _line_items(line: Line, context: str, whole: Said, *, harmless: bool) -> Iterator[Item]:
    for value in line.values:
        original = line.marked.original(value.start, value.end)
        verdict = _judged(line, value, harmless=harmless)
        if isinstance(verdict, str):
            if verdict:
                yield left_out(line.place, original, verdict)
            continue
        repairs = value.repairs + verdict
        if value.value in whole.originals and value.kind in HASH_KINDS:
            original, repairs = whole.originals[value.value], (*repairs, "hash joined from its parts")
        yield indicator(
            value.kind, value.value, original, Beside(whole.origin, line.place, context=context, tlp=whole.tlp), repairs
        )
    yield from _unread(line)


def _judged(line: Line, value: Found, *, harmless: bool) -> str | tuple[str, ...]:
    """The repairs to note when the value is an indicator, else why it is none ('' when nobody would ask)."""
    if value.kind in HASH_KINDS:
        before = line.marked.text[max(0, value.start - _NAMED_WITHIN) : value.start]
        return "not the hash of a file" if _OTHER_HASH.search(before) else ()
    alone = value.start in line.alone
    if value.harmless:
        return () if alone or not WRITTEN_OUT.issuperset(value.repairs) else ""
    if _only_looks(line.marked.text, value) or (value.kind in SHAPED_KINDS and not (alone and line.announced)):
        return ""
    if value.kind is IndicatorKind.IP and _VERSION.search(line.marked.text, 0, value.start):
        return "reads as a version number"
    if line.announced and alone and not (harmless and _is_reference(line, value)):
        return _PLAIN
    return _judged_plain(value, alone=alone, harmless=harmless)


def _judged_plain(value: Found, *, alone: bool, harmless: bool) -> str | tuple[str, ...]:
    """The same for a plain value outside any announced list."""
    if harmless:
        return "not defanged, in running text" if value.kind is IndicatorKind.IP else ""
    return _PLAIN if alone or value.kind in _PLAIN_KINDS else ""


def _only_looks(text: str, value: Found) -> bool:
    """Whether the value is a file name, or the target of a link with its own words (`url[words]`, `[words](url)`)."""
    if value.kind is IndicatorKind.DOMAIN:
        return reads_as_file_name(value.value)
    linked = text.startswith("[", value.end) or text.endswith("](", 0, value.start)
    return value.kind is IndicatorKind.URL and linked


def _is_reference(line: Line, value: Found) -> bool:
    """Whether a working link stands in an account that makes its links harmless."""
    return value.kind is IndicatorKind.URL and "://" in line.marked.text[value.start : value.end]


def _alone(said: str, values: Sequence[Found]) -> frozenset[int]:
    """The starts of the values beside which their cell or line says nothing else; in `said` values are blanked."""
    cuts = [0, *(cut.end() for cut in _CELL_CUT.finditer(said)), len(said) + 1]
    silent = {begin for begin, end in pairwise(cuts) if not re.search(r"[^\W_]", said[begin:end])}
    return frozenset(value.start for value in values if cuts[bisect_right(cuts, value.start) - 1] in silent)


def _context(lines: Sequence[Line], place: int) -> str:
    """What the row says beside its values, with the short lines it was wrapped onto."""
    line = lines[place]
    if not line.values:
        return ""
    pieces = [_without_values(line)]
    for follower in lines[place + 1 : place + 1 + _WRAPPED_LINES]:
        if follower.values or not follower.text.strip() or len(follower.text) > _WRAPPED_LENGTH:
            break
        if not line.announced or line.fenced or is_ruler(follower.text) or follower.text.lstrip().startswith("="):
            break
        pieces.append(follower.text)
    said = " ".join(re.sub(r"[|`]+", " ", " ".join(pieces)).split())[:_CONTEXT_LIMIT].strip(" -:,;*")
    return said if re.search(r"\w", said) else ""


def _without_values(line: Line) -> str:
    kept, at = [], 0
    for value in line.values:
        kept.append(line.text[at : line.marked.places[value.start]])
        at = line.marked.places[value.end]
    return " ".join((*kept, line.text[at:]))


def _unread(line: Line) -> Iterator[Item]:
    """What was made harmless, or is a hash, and yet is no value."""
    for found in _SHORTENED.finditer(line.text):
        yield left_out(line.place, found[0], why_not(found[0], None))
    for found in _WORD.finditer(line.said) if not _HARMLESS.isdisjoint(line.said) else ():
        if _BLANK not in found[0] and not _HARMLESS.isdisjoint(found[0]):
            original = line.marked.original(found.start(), found.end())
            if re.search(r"\w", original):
                yield left_out(line.place, original, "made harmless, but not a value once repaired")
