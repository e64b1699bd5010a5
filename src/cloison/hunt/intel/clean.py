"""What is the line once invisible characters, look-alike forms and mark-up are gone?"""

import html
import re
import unicodedata

# Zero-width, soft hyphen, bidirectional marks and the byte order mark: they show nothing and split values.
_INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")
# Superscript figures are footnote marks; NFKC would glue them to the value as plain digits.
_FOOTNOTE = re.compile(
    "[\u00b9\u00b2\u00b3\u2070-\u2079\u2460-\u2473]+|(?<=[\\w/])\\[(?:\\d{1,2}|[a-z])\\](?=[\\s.,;:|)]|$)"
)
_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_CONTROL = re.compile("[\x00-\x1f\x7f\x80-\x9f\u2028\u2029]")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_CELL = re.compile(r"</t[dh]>", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:html|head|body|title|p|div|span|table|thead|tbody|tr|td|th|ul|ol|li|a|b|i|u|em|strong|code|pre|tt|h[1-6]|"
    r"section|article|main|header|footer|font|small|sup|sub|blockquote|hr|img|dl|dt|dd|wbr)(?:\s[^<>]{0,2000})?/?>",
    re.IGNORECASE,
)
_MARKED_UP = re.compile(r"<(?:/?(?:td|th|tr|li|p|div|code|span|a)[\s>]|br\s*/?>)", re.IGNORECASE)


def cleaned(line: str) -> str:
    """`line` without invisible characters, footnote marks and mark-up, in Unicode's compatibility form."""
    if line.isascii() and "<" not in line and "[" not in line and "&" not in line:
        return line
    plain = _SPACES.sub(" ", _FOOTNOTE.sub("", _INVISIBLE.sub("", line)))
    if _MARKED_UP.search(plain):
        plain = html.unescape(_TAG.sub("", _CELL.sub(" | ", _BREAK.sub("  ", plain))))
    return unicodedata.normalize("NFKC", plain)


def seen(text: str) -> str:
    """`text` as one sees it, for values that any text can be: without invisible characters and line breaks."""
    return _CONTROL.sub("", _INVISIBLE.sub("", text)).strip()
