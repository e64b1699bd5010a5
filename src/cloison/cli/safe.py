"""How is text out of a log shown so that it stays text: in a terminal, in a spreadsheet, in JSON?"""

from datetime import datetime

from cloison.model.cells import cell, instant, plain
from cloison.model.inert import inert

__all__ = ["cell", "instant", "jsonable", "plain", "shown"]


def shown(value: object, *, width: int = 0) -> str:
    """A value as one line of a terminal: control, format and bidirectional marks are written as escapes.

    Args:
        value: anything that a table holds.
        width: cut to so many characters, marked with an ellipsis; 0 leaves it whole.
    """
    text = inert(plain(value))
    return text if not width or len(text) <= width else text[: width - 1] + "…"


def jsonable(value: object) -> object:
    """A value as JSON holds it."""
    return instant(value) if isinstance(value, datetime) else value
