"""Which values stand in a marked line: URLs, e-mails, addresses, names, hashes?"""

import ipaddress
import re
from collections.abc import Iterator, Sequence

from cloison.hunt.intel.buried import encoded_urls, glued
from cloison.hunt.intel.found import HASH_KIND, Found
from cloison.hunt.intel.names import host_name
from cloison.hunt.intel.refang import COLON, DOT, MISPLACED, SCHEME, SLASH, WORD_AT, WORD_DOT, Marked, plain, repairs
from cloison.hunt.intel.shapes import as_numbers, user_agents
from cloison.model.indicator import IndicatorKind
from cloison.ocsf.observables import canonical_email, canonical_hash, canonical_ip, canonical_url

_D = f"[.{DOT}{MISPLACED}]"
_W = f"[.{DOT}{MISPLACED}{WORD_DOT}]"
_C = f"[:{COLON}]"
_S = f"[/{SLASH}]"
_LETTER = r"A-Za-z0-9_\u00c0-\u1fff\u2c00-\u2dff\u3005-\ud7ff\uf900-\ufdff\ufe70-\uff9f"
_LABEL = rf"[{_LETTER}][{_LETTER}-]{{0,62}}"
_QUAD = rf"\d{{1,3}}(?:{_D}\d{{1,3}}){{3}}"
_V6 = rf"(?:[0-9A-Fa-f]{{0,4}}{_C}){{2,7}}(?:{_QUAD}|[0-9A-Fa-f]{{0,4}})"
_PORT = rf"{_C}\d{{1,5}}"
_PATH = rf"(?:{_S}[^\s<>|\"\[]*|[?#][^\s<>|\"\[]*)"
_HOST = rf"(?:\[?{_V6}\]?|{_QUAD}(?!{_D}[{_LETTER}])|{_LABEL}(?:{_D}{_LABEL})+)"
_COMMA_HOST = r"[A-Za-z0-9-]+(?:,[A-Za-z0-9-]+)+(?=[/:\s]|$)"
_LED_BY_QUAD = re.compile(_QUAD)

URL = re.compile(
    rf"(?P<scheme>[a-z]{{2,5}}{SCHEME}?://)[\[(]?(?P<host>{_COMMA_HOST}|(?:[^\s/@]{{1,64}}@)?{_HOST})\]?(?P<port>{_PORT})?(?P<path>{_PATH})?"
)
BARE_URL = re.compile(
    rf"(?<![\w@.{DOT}{MISPLACED}/-])(?P<host>{_QUAD}|{_LABEL}(?:{_D}{_LABEL})+)(?P<port>{_PORT})?(?P<path>{_PATH})"
)
EMAIL = re.compile(
    rf"(?<![\w.+@-])[A-Za-z0-9_](?:[\w.+-]|{DOT}){{0,63}}(?:@|\ue001|{WORD_AT})\[?{_LABEL}(?:{_W}{_LABEL})+"
)
RANGE = re.compile(rf"(?<![\w.{DOT}-])({_QUAD})[ ]?[-\u2013][ ]?({_QUAD})(?![\w-]|{_D}\d)")
V4 = re.compile(
    rf"(?<![\w-])(?<!\w{_D})({_QUAD})(?:{_S}(?P<bits>\d{{1,2}})(?![\w/.])|{_PORT}(?!\w))?(?![A-Za-z0-9_]|{_D}\w)"
)
V6 = re.compile(rf"(?<![\w:.{COLON}])(?:\[({_V6})\](?:{_PORT})?|({_V6}))(?:/(?P<bits>\d{{1,3}}))?(?![\w:]|{_D}\w)")
NAME = re.compile(
    rf"(?<![\w.@{DOT}{MISPLACED}\\/=-])(?:\*{_D})?(?P<name>{_LABEL}(?:{_W}{_LABEL})+)(?:{_PORT}(?!\w)|%2[Ff](?![\w%]))?(?![\w@]|-\w)"
)
HASH = re.compile(
    r"(?<![0-9A-Za-z])(?:[0-9A-Fa-f]{128}|[0-9A-Fa-f]{96}|[0-9A-Fa-f]{64}|[0-9A-Fa-f]{56}|[0-9A-Fa-f]{40}|[0-9A-Fa-f]{32})(?![0-9A-Za-z])"
)

_TRAILING = ".,;:!?'\"`)]}>*\u2019\u201d\u00bb"


def values_in(line: Marked) -> list[Found]:
    """Every value of the line, from left to right, none inside another."""
    text = line.text
    found: list[Found] = []
    for search in (
        user_agents, _urls, encoded_urls, _emails, _ranges, _bare_urls, _v6, _v4, _hashes, glued, _names,
    ):  # fmt: skip
        values = sorted(search(text), key=lambda value: value.start)
        found += values
        text = blanked(text, values, " ")  # so that a URL's host is not found a second time
    # `192.0.2.7 (AS64500)` is about the address, and its network is said beside it.
    return sorted(found, key=lambda value: value.start) or list(as_numbers(text))


def blanked(text: str, values: Sequence[Found], blank: str) -> str:
    """`text` with every character of `values` replaced by `blank`."""
    pieces: list[str] = []
    at = 0
    for value in values:
        pieces += (text[at : value.start], blank * (value.end - value.start))
        at = value.end
    return "".join((*pieces, text[at:]))


def _value(kind: IndicatorKind, value: str | None, text: str, start: int, end: int) -> Iterator[Found]:
    if value is not None:
        yield Found(start, end, kind, value, repairs(text[start:end]))


def _urls(text: str) -> Iterator[Found]:
    for found in URL.finditer(text):
        host, port = _host_of(found["host"]), found["port"] or ""
        path, end = _trimmed(found["path"] or "", found.end())
        if host is None and (quad := _LED_BY_QUAD.match(found["host"])):  # a sentence goes on behind the address
            host, port, path, end = _host_of(quad[0]), "", "", found.start("host") + quad.end()
        url = f"{found['scheme']}{host}{port}{path}" if host else ""
        yield from _value(IndicatorKind.URL, canonical_url(plain(url)) if url else None, text, found.start(), end)


def _host_of(host: str) -> str | None:
    """The host of a URL, plain, when it can exist; a comma typed for a dot is one."""
    user, at, name = plain(host).strip("[]()").rpartition("@")
    name = name.replace(",", ".")
    address = canonical_ip(name)
    if address is not None:
        return f"{user}{at}[{address}]" if ":" in address else f"{user}{at}{address}"
    return f"{user}{at}{name}" if host_name(name) else None


def _trimmed(path: str, end: int) -> tuple[str, int]:
    """A path without the punctuation of the sentence around it; a closing bracket stays when the path opened it."""
    kept = path
    while kept:
        if kept.endswith("++"):  # AsciiDoc's quoting
            kept = kept[:-2]
        elif kept[-1] not in _TRAILING + DOT + MISPLACED or (kept[-1] == ")" and kept.count("(") >= kept.count(")")):
            break
        else:
            kept = kept[:-1]
    return kept, end - (len(path) - len(kept))


def _bare_urls(text: str) -> Iterator[Found]:
    for found in BARE_URL.finditer(text):
        path, end = _trimmed(found["path"], found.end())
        host = _host_of(found["host"])
        if host is None or not path.strip(f"/{SLASH}") or _is_bits(found["host"], path):
            continue
        url = canonical_url(plain(f"{host}{found['port'] or ''}{path}"))
        yield from _value(IndicatorKind.URL, url, text, found.start(), end)


def _is_bits(host: str, path: str) -> bool:
    return canonical_ip(plain(host)) is not None and re.fullmatch(rf"{_S}\d{{1,2}}", path) is not None


def _emails(text: str) -> Iterator[Found]:
    for found in EMAIL.finditer(text):
        address = canonical_email(plain(found[0]).replace("[", ""))
        if address is not None and host_name(address.rpartition("@")[2]):
            yield from _value(IndicatorKind.EMAIL, address, text, found.start(), found.end())


def _ranges(text: str) -> Iterator[Found]:
    for found in RANGE.finditer(text):
        value = canonical_range(plain(found[1]), plain(found[2]))
        yield from _value(IndicatorKind.RANGE, value, text, found.start(), found.end())


def canonical_range(first: str, last: str) -> str | None:
    """`first-last` of two addresses of one family in their order."""
    low, high = canonical_ip(first), canonical_ip(last)
    if low is None or high is None:
        return None
    one, other = ipaddress.ip_address(low), ipaddress.ip_address(high)
    return f"{low}-{high}" if one.version == other.version and int(one) <= int(other) else None


def networks_of_range(value: str) -> list[str]:
    """The fewest networks that together are a canonical range, in order; one of one address is that address."""
    first, _, last = value.partition("-")
    low, high = ipaddress.ip_address(first), ipaddress.ip_address(last)
    networks = ipaddress.summarize_address_range(low, high)
    return [str(one.network_address) if one.num_addresses == 1 else str(one) for one in networks]


def _v4(text: str) -> Iterator[Found]:
    for found in V4.finditer(text):
        yield from _address(text, found, plain(found[1]))


def _v6(text: str) -> Iterator[Found]:
    for found in V6.finditer(text):
        spelled = plain(found[1] or found[2])
        if spelled.count(":") > 1 and len(spelled) > 4:
            yield from _address(text, found, spelled)


def _address(text: str, found: "re.Match[str]", spelled: str) -> Iterator[Found]:
    address = canonical_ip(spelled)
    if address is None:
        return
    if found["bits"] is None:
        yield from _value(IndicatorKind.IP, address, text, found.start(), found.end())
        return
    network = canonical_network(f"{address}/{found['bits']}")
    if network is not None:
        kind = IndicatorKind.CIDR if "/" in network else IndicatorKind.IP
        yield from _value(kind, network, text, found.start(), found.end())


def canonical_network(text: str) -> str | None:
    """`network/bits` with the host bits off; a network of one address is that address."""
    try:
        network = ipaddress.ip_network(text.strip(), strict=False)
    except ValueError:
        return None
    return str(network.network_address) if network.num_addresses == 1 else str(network)


def _hashes(text: str) -> Iterator[Found]:
    for found in HASH.finditer(text):
        value = canonical_hash(found[0])
        if value is not None:
            yield from _value(HASH_KIND[len(value)], value, text, found.start(), found.end())


def _names(text: str) -> Iterator[Found]:
    for found in NAME.finditer(text):
        yield from _value(IndicatorKind.DOMAIN, host_name(plain(found["name"])), text, found.start(), found.end())
