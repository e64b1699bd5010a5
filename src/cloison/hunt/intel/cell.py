"""Which indicators does one cell, list line or typed value say, when all of it is meant as value?"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from cloison.hunt.intel.clean import cleaned, seen
from cloison.hunt.intel.find import canonical_network, canonical_range, values_in
from cloison.hunt.intel.found import HASH_KIND, Found
from cloison.hunt.intel.kinds import FOLDED_KINDS, LITERAL_KINDS
from cloison.hunt.intel.names import host_name, reads_as_file_name
from cloison.hunt.intel.reading import Item, left_out
from cloison.hunt.intel.refang import Marked, marked, plain, repairs
from cloison.hunt.intel.shapes import as_number, ja3, ja4
from cloison.hunt.intel.whole import whole_value
from cloison.model.indicator import HASH_KINDS, Indicator, IndicatorKind
from cloison.model.secret import fingerprint, is_secret
from cloison.ocsf.observables import canonical_email, canonical_ip, canonical_url

_WRAPPING = " \t\r\n\"'`\u201c\u201d\u2018\u2019\u00ab\u00bb"
_HEX_PARTS = re.compile(r"[0-9A-Fa-f]{4,}(?:\s+[0-9A-Fa-f]{4,})+")
_SHORTENED = re.compile(r"(?<![0-9A-Za-z])[0-9A-Fa-f]{4,}(?:\u2026|\.\.\.)")
_HASH_LIKE = re.compile(r"[0-9A-Fa-f]{24,}")
_ZERO_LED = re.compile(r"(?=[\d.]*(?:^|\.)0\d)\d{1,4}(?:\.\d{1,4}){3}")
_COMMA_QUAD = re.compile(r"\d{1,3}(?:,\d{1,3}){3}")
_USER_INFO = re.compile(r"(?<=//)([^\s/:@]{0,64}):[^\s/@]{1,128}@")
_LITERAL_LIMIT = 4096
_SHAPES: dict[IndicatorKind, Callable[[str], str | None]] = {
    IndicatorKind.AS_NUMBER: as_number,
    IndicatorKind.JA3: ja3,
    IndicatorKind.JA4: ja4,
}


_Whole = tuple[IndicatorKind, str] | None
_URL = re.compile(r"(?:(?:https?|ftps?|tcp|udp|wss?)://)?([^\s/?#<>\"']+)(?:[/?#][^\s<>]*)?", re.IGNORECASE)
_DEFANGED = re.compile(r"[\[({<]\s*(?:\.|dot|d0t|,|:|/|at|@)|\\\.|\.\]|,\s*\w+://", re.IGNORECASE)


def _network(text: str) -> _Whole:
    value = canonical_network(text)
    return (IndicatorKind.CIDR if "/" in value else IndicatorKind.IP, value) if value else None


def _range(text: str) -> _Whole:
    first, _, last = text.partition("-")
    value = canonical_range(first, last)
    return (IndicatorKind.RANGE, value) if value else None


def _url(text: str) -> _Whole:
    """A URL whole, whatever marks its path has, unless it was made harmless or is several."""
    found = _URL.fullmatch(text)
    if not found or _DEFANGED.search(text) or not _is_host(found[1].rpartition("@")[2]):
        return None
    bare_host = "://" not in text and "/" not in text
    value = None if bare_host else canonical_url(text)
    return (IndicatorKind.URL, value) if value else None


def _is_host(authority: str) -> bool:
    host = authority.rpartition(":")[0] if re.search(r"[^:]:\d{1,5}$", authority) else authority
    return canonical_ip(host) is not None or host_name(host) is not None


def _email(text: str) -> _Whole:
    value = canonical_email(text)
    return (IndicatorKind.EMAIL, value) if value and host_name(value.rpartition("@")[2]) else None


def _domain(text: str) -> _Whole:
    value = host_name(text)
    return (IndicatorKind.DOMAIN, value) if value else None


def _address(text: str) -> _Whole:
    value = canonical_ip(text)
    return (IndicatorKind.IP, value) if value else None


_EXACT: dict[IndicatorKind | None, Callable[[str], _Whole]] = {
    IndicatorKind.IP: _address,
    IndicatorKind.CIDR: _network,
    IndicatorKind.RANGE: _range,
    IndicatorKind.EMAIL: _email,
    IndicatorKind.DOMAIN: _domain,
}
"""Typed values that are one whole value as they stand are not looked through for a smaller one."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What is said beside a value: where it stands, what kind it is, and everything else."""

    origin: str
    place: str
    kind: IndicatorKind | None = None
    context: str = ""
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    tlp: str = ""
    repairs: tuple[str, ...] = ()


def indicators_in_cell(text: str, beside: Beside) -> Iterator[Item]:
    """The indicators of a cell, or the reason why it says none. A file-like name counts only when typed."""
    bare = text.strip(_WRAPPING)
    if beside.kind in LITERAL_KINDS and text.strip():
        yield _literal(text.strip(), beside.kind, beside)
    elif not bare:
        return
    elif beside.kind is None and (whole := whole_value(bare)):
        yield indicator(*whole, bare, beside)
    elif beside.kind in _SHAPES:
        value = _SHAPES[beside.kind](bare)
        yield (
            left_out(beside.place, text, f"not a {beside.kind}")
            if value is None
            else indicator(beside.kind, value, bare, beside)
        )
    elif (joined := joined_hash(bare, beside.kind)) is not None:
        yield indicator(HASH_KIND[len(joined)], joined, bare, beside, ("hash joined from its parts",))
    else:
        yield from _read(text, bare, beside)


def _read(text: str, bare: str, beside: Beside) -> Iterator[Item]:
    if beside.kind is IndicatorKind.IP and _COMMA_QUAD.fullmatch(bare):
        bare = bare.replace(",", "[,]")
    line = marked(cleaned(re.sub(r"[\r\n]+", " ; ", bare)))
    whole = _whole(bare, line, beside.kind)
    if whole is not None:
        yield indicator(*whole, bare, beside, repairs(line.text) if whole[0] is not IndicatorKind.URL else ())
        return
    found = values_in(line)
    if not found:
        yield left_out(beside.place, text, why_not(bare, beside.kind))
    for value in found:
        refusal = _refusal(value, beside.kind)
        original = line.original(value.start, value.end)
        if refusal:
            yield left_out(beside.place, original, refusal)
        else:
            yield indicator(value.kind, value.value, original, beside, value.repairs)


def _whole(bare: str, line: Marked, kind: IndicatorKind | None) -> _Whole:
    """The typed value that the cell is as it stands, or once what made it harmless is undone."""
    if kind is IndicatorKind.URL:
        return _url(bare)
    return _EXACT[kind](plain(line.text)) if kind in _EXACT else None


def indicator(
    kind: IndicatorKind, value: str, original: str, beside: Beside, repairs: tuple[str, ...] = ()
) -> Indicator:
    """An indicator with what stands beside it; a password in a URL is not kept."""
    return Indicator(
        kind,
        value,
        _USER_INFO.sub(r"\1:***@", original),
        beside.origin,
        (*repairs, *beside.repairs),
        beside.context,
        beside.valid_from,
        beside.valid_until,
        beside.place,
        beside.tlp,
    )


def _literal(text: str, kind: IndicatorKind | None, beside: Beside) -> Item:
    if kind is None or len(text) > _LITERAL_LIMIT:
        return left_out(beside.place, text, f"longer than {_LITERAL_LIMIT} characters")
    if kind is IndicatorKind.CREDENTIAL and is_secret(text):
        return left_out(beside.place, fingerprint(text), "a secret itself: give the id under which logs name it")
    value = seen(text)
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
    if kind is None and value.kind is IndicatorKind.DOMAIN and not value.harmless and reads_as_file_name(value.value):
        return "may be a file name: say which with a type column"
    return ""
