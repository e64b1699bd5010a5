"""Which indicators does one cell or list line say, when all of it is meant as value?"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from cloison.hunt.intel.clean import cleaned
from cloison.hunt.intel.find import HASH_KIND, Found, values_in
from cloison.hunt.intel.kinds import FOLDED_KINDS, LITERAL_KINDS
from cloison.hunt.intel.names import reads_as_file_name
from cloison.hunt.intel.reading import Item, left_out
from cloison.hunt.intel.refang import marked
from cloison.hunt.intel.whole import whole_value
from cloison.model.indicator import HASH_KINDS, Indicator, IndicatorKind

_WRAPPING = " \t\r\n\"'`\u201c\u201d\u2018\u2019\u00ab\u00bb"
_HEX_PARTS = re.compile(r"[0-9A-Fa-f]{4,}(?:\s+[0-9A-Fa-f]{4,})+")
_SHORTENED = re.compile(r"(?<![0-9A-Za-z])[0-9A-Fa-f]{4,}(?:\u2026|\.\.\.)")
_HASH_LIKE = re.compile(r"[0-9A-Fa-f]{24,}")
_ZERO_LED = re.compile(r"(?=[\d.]*(?:^|\.)0\d)\d{1,4}(?:\.\d{1,4}){3}")
_LITERAL_LIMIT = 4096


@dataclass(frozen=True, slots=True)
class Beside:
    """What a row says about its value: where it stands, what kind it is, and everything else."""

    origin: str
    line: int
    kind: IndicatorKind | None = None
    context: str = ""
    valid_from: datetime | None = None
    valid_until: datetime | None = None


def indicators_in_cell(text: str, beside: Beside) -> Iterator[Item]:
    """The indicators of a cell, or the reason why it says none. A file-like name counts only when typed."""
    bare = text.strip(_WRAPPING)
    if not bare:
        return
    if beside.kind is not None and beside.kind in LITERAL_KINDS:
        yield _literal(bare, beside.kind, beside)
        return
    if beside.kind is None and (whole := whole_value(bare)):
        yield indicator(*whole, bare, beside)
        return
    joined = joined_hash(bare, beside.kind)
    if joined is not None:
        yield indicator(HASH_KIND[len(joined)], joined, bare, beside, ("hash joined from its parts",))
        return
    line = marked(cleaned(re.sub(r"[\r\n]+", " ; ", bare)))
    found = values_in(line)
    if not found:
        yield left_out(beside.line, text, why_not(bare, beside.kind))
    for value in found:
        refusal = _refusal(value, beside.kind)
        original = line.original(value.start, value.end)
        if refusal:
            yield left_out(beside.line, original, refusal)
        else:
            yield indicator(value.kind, value.value, original, beside, value.repairs)


def indicator(
    kind: IndicatorKind, value: str, original: str, beside: Beside, repairs: tuple[str, ...] = ()
) -> Indicator:
    """An indicator with what stands beside it."""
    return Indicator(
        kind, value, original, beside.origin, repairs, beside.context, beside.valid_from, beside.valid_until
    )


def _literal(text: str, kind: IndicatorKind, beside: Beside) -> Item:
    if len(text) > _LITERAL_LIMIT:
        return left_out(beside.line, text, f"longer than {_LITERAL_LIMIT} characters")
    value = " ".join(cleaned(text).split())
    return indicator(kind, value.lower() if kind in FOLDED_KINDS else value, text, beside)


def joined_hash(text: str, kind: IndicatorKind | None) -> str | None:
    """The hash that white space cut into parts, when the parts add up to exactly one.

    Parts that are whole hashes by themselves are joined only when `kind` asks for the longer one.
    """
    if not _HEX_PARTS.fullmatch(text):
        return None
    parts = text.split()
    whole = "".join(parts).lower()
    if len(whole) not in HASH_KIND:
        return None
    if all(len(part) in HASH_KIND for part in parts) and kind is not HASH_KIND[len(whole)]:
        return None
    return whole


def why_not(text: str, kind: IndicatorKind | None) -> str:
    """Why a text holds no value, as far as its shape tells."""
    if _SHORTENED.search(text):
        return "a shortened hash cannot be compared"
    if _ZERO_LED.fullmatch(text.strip()):
        return "a figure with a leading zero is decimal to some and octal to others: write the address without"
    if kind in HASH_KINDS:
        return f"not a {kind}"
    if _HASH_LIKE.fullmatch(text.strip()):
        return f"{len(text.strip())} hex characters are no known hash"
    return f"not a {kind}" if kind else "no known kind of value"


def _refusal(value: Found, kind: IndicatorKind | None) -> str:
    if kind in HASH_KINDS and value.kind is not kind:
        return f"said to be a {kind}, reads as a {value.kind}"
    if kind is None and value.kind is IndicatorKind.DOMAIN and not value.repairs and reads_as_file_name(value.value):
        return "may be a file name: say which with a type column"
    return ""
