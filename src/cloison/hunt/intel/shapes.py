"""Which values show by their shape alone: user agents, AS numbers, fingerprints of TLS clients?"""

import re
from collections.abc import Iterator

from cloison.hunt.intel.found import Found
from cloison.model.indicator import IndicatorKind

_PRODUCT = r"(?:[^\s()/;,]{1,64}/[^\s();,]{1,64}|\((?:[^()]|\([^()]{0,200}\)){0,400}\)|gecko|mobile|safari|version)"
_AGENT = rf"mozilla/\d\.\d{{1,2}}(?:\s{{1,4}}(?!mozilla/){_PRODUCT}){{0,40}}"
_AGENTS = re.compile(rf"[\s\"'`]*({_AGENT})(?:\s+({_AGENT}))?[\s\"'`.,;]*", re.IGNORECASE)
_AGENT_LIMIT = 2048
_AS = re.compile(r"(?<![\w.-])(?:ASN?[ :#]{0,2}|asn[ :#]{0,2}|as(?=\d))(\d{1,10})(?![\w-]|\.\w)")
_AS_WORD = re.compile(r"(?:asn?)?[ :#]{0,2}(\d{1,10})(?:[ ].*)?", re.IGNORECASE)
_LAST_AS = 0xFFFF_FFFF
_JA3 = re.compile(r"[0-9a-f]{32}")
_JA4 = re.compile(r"[tqd][0-9s][0-9](?:[di])[0-9]{4}[0-9a-z]{2}_[0-9a-f]{12}_[0-9a-f]{12}")


def user_agents(text: str) -> Iterator[Found]:
    """One or two browsers' user agents, when they are all that the text says."""
    said = _AGENTS.fullmatch(text) if len(text) <= _AGENT_LIMIT else None
    for group in (1, 2) if said else ():
        if said and said[group]:
            yield Found(said.start(group), said.end(group), IndicatorKind.USER_AGENT, said[group], ())


def as_numbers(text: str) -> Iterator[Found]:
    """Numbers of autonomous systems, written `AS64500`, `AS 64500` or `asn 64500`."""
    for found in _AS.finditer(text):
        value = as_number(found[1])
        if value is not None:
            yield Found(found.start(), found.end(), IndicatorKind.AS_NUMBER, value, ())


def as_number(text: str) -> str | None:
    """`AS` and the number (RFC 6793), whatever name follows it; None when it is none."""
    found = _AS_WORD.fullmatch(text.strip())
    return f"AS{int(found[1])}" if found and 0 < int(found[1]) <= _LAST_AS else None


def ja3(text: str) -> str | None:
    """The MD5 that names a TLS client hello; None when it is none."""
    bare = text.strip().lower()
    return bare if _JA3.fullmatch(bare) else None


def ja4(text: str) -> str | None:
    """A JA4 fingerprint (`t13d1516h2_8daaf6152771_b186095e22b6`); None when it is none."""
    bare = text.strip().lower()
    return bare if _JA4.fullmatch(bare) else None
