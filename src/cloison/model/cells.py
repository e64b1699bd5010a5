"""How is a value spelled as text, and as a cell that no spreadsheet computes?"""

from datetime import datetime

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def plain(value: object) -> str:
    """A value as text: times in UTC with a Z, nothing as an empty string, lists joined by a comma."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return ", ".join(plain(one) for one in value)
    return str(value)


def cell(value: object) -> str:
    """A value as a spreadsheet cell: what would start a formula is quoted, unless it is a number."""
    text = plain(value)
    if text.startswith(_FORMULA) and not isinstance(value, int | float):
        return "'" + text
    return text


def instant(value: datetime) -> str:
    """`2023-11-14T09:22:49Z`, with a fraction where there is one."""
    text = value.isoformat(timespec="microseconds" if value.microsecond else "seconds")
    return text.rstrip("0") + "Z" if value.microsecond else text + "Z"
