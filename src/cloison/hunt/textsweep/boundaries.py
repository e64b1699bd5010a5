"""Does a spelling stand alone at this place of the text, or is it a piece of something longer?"""

import re
from dataclasses import dataclass

from cloison.model.indicator import IndicatorKind

_PERCENT = 0x25
_SLASH = 0x2F
_HEX_PAIR = re.compile(rb"[0-9a-f]{2}")


@dataclass(frozen=True, slots=True)
class Rule:
    """Where a kind begins and ends.

    A word character beside the spelling refuses it, also behind a run of `before` / `after` characters, which tie
    names together (`not-evil.example` is not `evil.example`, but `- evil.example` is). A domain has no dot among its
    `before`: whatever stands before the dot is a sub-domain of it.
    """

    before: bytes = b""
    after: bytes = b""
    path: bool = False


_WHOLE_NAME = Rule(before=b"._-@+", after=b"._-@+")
_HASH = Rule()
RULES: dict[IndicatorKind, Rule] = {
    IndicatorKind.IP: Rule(before=b".", after=b"."),
    IndicatorKind.CIDR: Rule(before=b".", after=b"."),
    IndicatorKind.RANGE: Rule(before=b".", after=b"."),
    IndicatorKind.DOMAIN: Rule(before=b"_-", after=b"._-"),
    IndicatorKind.URL: Rule(before=b"_-.", after=b".", path=True),
    IndicatorKind.EMAIL: Rule(before=b"._+-", after=b"._-"),
    IndicatorKind.MD5: _HASH,
    IndicatorKind.SHA1: _HASH,
    IndicatorKind.SHA224: _HASH,
    IndicatorKind.SHA256: _HASH,
    IndicatorKind.SHA384: _HASH,
    IndicatorKind.SHA512: _HASH,
    IndicatorKind.FILE_NAME: Rule(before=b"._-", after=b"._-"),
    IndicatorKind.USER_AGENT: Rule(after=b"."),
    IndicatorKind.ACCOUNT: _WHOLE_NAME,
    IndicatorKind.CREDENTIAL: Rule(before=b"._-", after=b"._-"),
    IndicatorKind.AS_NUMBER: Rule(before=b"._-", after=b"._-"),
    IndicatorKind.JA3: _HASH,
    IndicatorKind.JA4: Rule(before=b"._-", after=b"_-"),
}

# What carries a URL on, so that a spelling that stops before it is another, shorter URL.
_URL_CARRIES_ON = b"_~%$+*=@/:-"


def stands_alone(text: bytes, start: int, end: int, rule: Rule) -> bool:
    """Whether lower-cased `text[start:end]` is a whole value under `rule`, not a piece of a longer one."""
    return _free_before(text, start, rule) and _free_after(text, end, rule)


def _free_before(text: bytes, start: int, rule: Rule) -> bool:
    at = start - 1
    if at < 0:
        return True
    if text[at] == _PERCENT and _HEX_PAIR.match(text, start):
        return False
    while at >= 0 and text[at] in rule.before:
        at -= 1
    return at < 0 or not word_ends_at(text, at)


def _free_after(text: bytes, end: int, rule: Rule) -> bool:
    if rule.path:
        if end < len(text) and text[end] == _SLASH:
            end += 1
        if end < len(text) and text[end] in _URL_CARRIES_ON:
            return False
    while end < len(text) and text[end] in rule.after:
        end += 1
    return end == len(text) or not word_begins_at(text, end)


def word_ends_at(text: bytes, at: int) -> bool:
    """Whether the character whose last byte is `text[at]` is a letter or a digit, in any script."""
    if text[at] < 0x80:
        return _is_ascii_word(text[at])
    first = at
    while first > 0 and at - first < 3 and 0x80 <= text[first] < 0xC0:
        first -= 1
    return _is_word(text[first : at + 1])


def word_begins_at(text: bytes, at: int) -> bool:
    """Whether the character whose first byte is `text[at]` is a letter or a digit, in any script."""
    lead = text[at]
    if lead < 0x80:
        return _is_ascii_word(lead)
    return _is_word(text[at : at + (2 if lead < 0xE0 else 3 if lead < 0xF0 else 4)])


def _is_ascii_word(byte: int) -> bool:
    return 0x30 <= byte <= 0x39 or 0x61 <= byte <= 0x7A or 0x41 <= byte <= 0x5A


def _is_word(encoded: bytes) -> bool:
    try:
        return encoded.decode("utf-8").isalnum()
    except UnicodeDecodeError:
        return False
