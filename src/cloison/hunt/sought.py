"""Which observables can an indicator match? The families of `lake/observables.py`, by kind."""

import ipaddress
import re
from collections.abc import Iterable, Iterator

from cloison.lake.observables import ACCOUNT, CREDENTIAL, FILE_NAME, HASH, HOST, USER_AGENT, spans_of
from cloison.model.indicator import ADDRESS_KINDS, HASH_KINDS, UNSWEPT_KINDS, Indicator, IndicatorKind
from cloison.ocsf.observables import ip_key

FAMILIES = dict.fromkeys(HASH_KINDS, HASH) | {
    IndicatorKind.DOMAIN: HOST,
    IndicatorKind.URL: HOST,
    IndicatorKind.EMAIL: ACCOUNT,
    IndicatorKind.ACCOUNT: ACCOUNT,
    IndicatorKind.CREDENTIAL: CREDENTIAL,
    IndicatorKind.FILE_NAME: FILE_NAME,
    IndicatorKind.USER_AGENT: USER_AGENT,
}
"""The family of each kind that is compared as a word; the others are addresses, or can be in no event."""


def words_of(indicators: Iterable[Indicator]) -> dict[str, set[str]]:
    """The words to look up, by family. A URL is looked up by its host: few logs hold it whole."""
    words: dict[str, set[str]] = {}
    for one in indicators:
        if one.kind not in ADDRESS_KINDS and one.kind not in UNSWEPT_KINDS:
            words.setdefault(FAMILIES[one.kind], set()).update(_words(one))
    return words


def spans_among(indicators: Iterable[Indicator]) -> list[tuple[int, int]]:
    """The addresses to look up, as spans of their numbers."""
    return [span for one in indicators if one.kind in ADDRESS_KINDS for span in spans_of(*bounds(one))]


def bounds(one: Indicator) -> tuple[str, str]:
    """The sortable keys of the first and the last address that the indicator names."""
    first, _, last = one.value.partition("-")
    if one.kind == IndicatorKind.CIDR:
        network = ipaddress.ip_network(one.value, strict=False)
        first, last = str(network.network_address), str(network.broadcast_address)
    low, high = ip_key(first), ip_key(last or first)
    if low is None or high is None:
        raise ValueError(f"no address: {one.value!r}")
    return low, high


def _words(one: Indicator) -> Iterator[str]:
    if one.kind != IndicatorKind.URL:
        yield one.value
        return
    authority = re.split("[/?#]", re.sub("^[a-z][a-z0-9+.-]*://", "", one.value))[0]
    host = authority.rpartition("@")[2].lower()
    yield from {host, re.sub(":[0-9]*$", "", host)}
