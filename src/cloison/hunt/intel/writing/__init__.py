"""How are indicators handed on, so that others and cloison itself read back all of them?"""

from collections.abc import Callable, Sequence
from datetime import datetime

from cloison.hunt.intel.writing.misp import misp_event
from cloison.hunt.intel.writing.stix import stix_bundle
from cloison.hunt.intel.writing.tables import csv_table, defanged_table
from cloison.model.indicator import Indicator

__all__ = ["FORMS", "written"]

FORMS: dict[str, Callable[[Sequence[Indicator], datetime], bytes]] = {
    "stix": stix_bundle,
    "misp": misp_event,
    "csv": csv_table,
    "defanged": defanged_table,
}
"""The forms by the word that asks for them."""


def written(indicators: Sequence[Indicator], form: str, *, at: datetime) -> bytes:
    """The indicators in one of `FORMS`; `at` (UTC) dates what must have a date. The same input gives the same bytes."""
    return FORMS[form](indicators, at)
