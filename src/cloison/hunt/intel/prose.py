"""Which indicators does a written account give, and which addresses in it are only talk?

A value that was made harmless is meant as indicator. So is a hash. A plain address counts where it is all that its
cell or line says, below a heading that announces indicators; or anywhere, when the account makes nothing harmless.
"""

import ipaddress
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cloison.hunt.intel.cell import Beside, indicator, why_not
from cloison.hunt.intel.find import Found, values_in
from cloison.hunt.intel.joining import Joined
from cloison.hunt.intel.names import reads_as_file_name
from cloison.hunt.intel.reading import Item, left_out
from cloison.hunt.intel.refang import COLON, DOT, MISPLACED, SCHEME, WRITTEN_OUT, Marked, marked
from cloison.hunt.intel.table import Columns, columns_of, is_ruler, pipe_cells, row_items
from cloison.model.indicator import HASH_KINDS, IndicatorKind

_ANNOUNCES = re.compile(r"\b(?:indicat(?:or|eur)s?|iocs?)\b", re.IGNORECASE)
_HEADING_LENGTH = 80
_OTHER_HASH = re.compile(r"(?:imp(?:ort)?[ ]?hash|authentihash|ssdeep|tlsh|vhash|rich[ ]?hash)\W{0,8}$", re.IGNORECASE)
_SHORTENED = re.compile(r"(?<![0-9A-Za-z])[0-9A-Fa-f]{6,}(?:\u2026|\.\.\.)")
_HARMLESS = re.compile(rf"[^\s|,;]*[{DOT}{MISPLACED}{SCHEME}{COLON}][^\s|,;]*")
_CELLS = re.compile(r"\||\t| {2,}")
_FRAME = re.compile(r"^[\s>*+\u2022\u00b7`\"'_-]+|[\s`\"'*_.,;:\\+-]+$")
_FENCE = re.compile(r"^\s*(?:```|~~~|----+\s*$|\.\.\.\.+\s*$)")
_PRIVATE = tuple(
    ipaddress.ip_network(network)
    for network in ("0.0.0.0/8", "10.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16",
                    "224.0.0.0/3", "::/127", "fc00::/7", "fe80::/10", "ff00::/8")
)  # fmt: skip
_CONTEXT_LIMIT = 300
_WRAPPED_LENGTH = 60
_WRAPPED_LINES = 3


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an account with what it holds and where it stands."""

    number: int
    marked: Marked
    values: tuple[Found, ...]
    announced: bool
    fenced: bool

    @property
    def text(self) -> str:
        return self.marked.line


def prose_items(joined: Joined, origin: str) -> Iterator[Item]:
    """The items of a written account."""
    lines = _lines(joined.lines)
    harmless = any(value.repairs and value.kind not in HASH_KINDS for line in lines for value in line.values)
    columns: Columns | None = None
    for place, line in enumerate(lines):
        if line.text.count("|") < 2:
            columns = None if not line.text.strip() else columns
        elif not is_ruler(line.text):
            cells = pipe_cells(line.text)
            header = columns_of(cells)
            if header.usable and not line.values:
                columns = header
                continue
            if columns is not None and columns.value is not None:
                yield from row_items(columns, cells, origin, line.number)
                continue
        yield from _line_items(line, _context(lines, place), joined, origin, harmless=harmless)


def _lines(texts: Sequence[str]) -> list[Line]:
    announced = fenced = False
    lines = []
    for number, text in enumerate(texts, 1):
        line = marked(text)
        values = tuple(values_in(line))
        announced = announced or (len(text) <= _HEADING_LENGTH and not values and bool(_ANNOUNCES.search(text)))
        if _FENCE.match(text):
            fenced = not fenced
        lines.append(Line(number, line, values, announced, fenced))
    return lines


def _line_items(line: Line, context: str, joined: Joined, origin: str, *, harmless: bool) -> Iterator[Item]:
    for value in line.values:
        original = line.marked.original(value.start, value.end)
        verdict = _judged(line, value, harmless=harmless)
        if isinstance(verdict, str):
            if verdict:
                yield left_out(line.number, original, verdict)
            continue
        repairs = value.repairs + verdict
        if value.value in joined.originals and value.kind in HASH_KINDS:
            original, repairs = joined.originals[value.value], (*repairs, "hash joined from its parts")
        yield indicator(value.kind, value.value, original, Beside(origin, line.number, context=context), repairs)
    yield from _unread(line)


def _judged(line: Line, value: Found, *, harmless: bool) -> str | tuple[str, ...]:
    """The repairs to note when the value is an indicator, else why it is none ('' when nobody would ask)."""
    if value.kind in HASH_KINDS:
        return "not the hash of a file" if _OTHER_HASH.search(line.marked.text[: value.start]) else ()
    alone = _stands_alone(line, value)
    if value.repairs:
        return () if alone or not WRITTEN_OUT.issuperset(value.repairs) else ""
    if value.kind is IndicatorKind.DOMAIN and reads_as_file_name(value.value):
        return ""
    if value.kind is IndicatorKind.URL and _is_link(line.marked.text, value):
        return ""
    if line.announced and alone and not (harmless and _is_reference(line, value)):
        return ("not defanged",)
    if harmless:
        return "not defanged, in running text" if value.kind is IndicatorKind.IP else ""
    if value.kind is IndicatorKind.IP and not _is_public(value.value):
        return "not defanged, and an address inside a network"
    if value.kind in (IndicatorKind.IP, IndicatorKind.URL) or alone:
        return ("not defanged",)
    return ""


def _is_link(text: str, value: Found) -> bool:
    """Whether the URL is the target of a link with words of its own (AsciiDoc `url[words]`, Markdown `[words](url)`)."""
    return text.startswith("[", value.end) or text.endswith("](", 0, value.start)


def _is_reference(line: Line, value: Found) -> bool:
    """Whether a working link stands in an account that makes its links harmless."""
    return value.kind is IndicatorKind.URL and "://" in line.marked.text[value.start : value.end]


def _is_public(address: str) -> bool:
    number = ipaddress.ip_address(address)
    return not any(number.version == network.version and number in network for network in _PRIVATE)


def _stands_alone(line: Line, value: Found) -> bool:
    """Whether values are all that the cell or line around this one says."""
    text = line.marked.text
    for other in line.values:
        text = text[: other.start] + " " * 0 + "\x00" * (other.end - other.start) + text[other.end :]
    begin = max((cut.end() for cut in _CELLS.finditer(text, 0, value.start)), default=0)
    after = _CELLS.search(text, value.end)
    cell = _FRAME.sub("", text[begin : after.start() if after else len(text)])
    return not re.search(r"\w", cell.replace("\x00", ""))


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
        yield left_out(line.number, found[0], why_not(found[0], None))
    for found in _HARMLESS.finditer(line.marked.text):
        if not any(value.start < found.end() and found.start() < value.end for value in line.values):
            original = line.marked.original(found.start(), found.end())
            if re.search(r"\w", original):
                yield left_out(line.number, original, "made harmless, but not a value once repaired")
