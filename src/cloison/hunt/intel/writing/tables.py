"""How are indicators written as a table: for machines, safe to open in a spreadsheet, and for people, defanged?"""

import csv
import io
import re
from collections.abc import Sequence
from datetime import datetime

from cloison.hunt.intel.kinds import LITERAL_KINDS, SHAPED_KINDS
from cloison.model.indicator import HASH_KINDS, Indicator
from cloison.ocsf.observables import defang

_COLUMNS = ("type", "indicator", "description", "valid_from", "valid_until", "tlp", "origin", "place")
_FORMULA = ("=", "+", "-", "@", "'", "\t", "\r")
_PLAIN_KINDS = LITERAL_KINDS | SHAPED_KINDS | HASH_KINDS
_LOUD = re.compile(r"[^\w .,:;/()@=+%?~-]|(?<=&)#|_{2,}|^[=+@'-]")
_LINKS = re.compile(r"(?i)\bhttp(?=s?://)|(?<=[a-z0-9])\.(?=[a-z0-9])")


def csv_table(indicators: Sequence[Indicator], at: datetime) -> bytes:  # noqa: ARG001  every form is asked alike
    """A CSV with the values as they are; a cell that would be a formula begins with a quote."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows([_safe(cell) for cell in _row(one, one.value)] for one in indicators)
    return out.getvalue().encode()


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def defanged_table(indicators: Sequence[Indicator], at: datetime) -> bytes:  # noqa: ARG001  as above
    """A Markdown table in which nothing is a link and no mark of a value is mark-up."""
    lines = ["# Indicators", "", f"| {' | '.join(_COLUMNS[:6])} |", f"|{'---|' * 6}"]
    for one in indicators:
        value = _quiet(one.value) if one.kind in _PLAIN_KINDS else _quiet_address(defang(one.value))
        cells = [*_row(one, value)[:2], _quiet(_LINKS.sub(_broken, one.context)), *_row(one, value)[3:6]]
        lines.append(f"| {' | '.join(cells)} |")
    return ("\n".join(lines) + "\n").encode()


def _quiet(text: str) -> str:
    """Text in which every mark that Markdown or a reader of indicators could take for its own is escaped.

    A quote that begins it is doubled: readers take one away, as the one that keeps a cell from being a formula.
    """
    text = f"'{text}" if text.startswith("'") else text
    return _LOUD.sub(lambda found: "".join(f"&#{ord(mark)};" for mark in found[0]), text)


def _quiet_address(text: str) -> str:
    return re.sub(r"[|<>\"'`\\*]|(?<=&)#", lambda found: f"&#{ord(found[0])};", text)


def _broken(found: "re.Match[str]") -> str:
    return "hxxp" if found[0].lower() == "http" else "[.]"


def _row(one: Indicator, value: str) -> list[str]:
    dates = [moment.isoformat() if moment else "" for moment in (one.valid_from, one.valid_until)]
    return [str(one.kind), value, one.context, *dates, one.tlp, one.origin, one.place]
