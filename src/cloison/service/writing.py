"""What stands in a case's logbook, if it is whole, and how is a moment written there?"""

from datetime import UTC, datetime

from cloison.errors import CaseError
from cloison.evidence.logbook import Entry, broken
from cloison.service.case import Case

__all__ = ["Entry", "chain", "whole_logbook", "written"]


def chain(case: Case) -> tuple[list[Entry], str]:
    """Every entry, read anew, and which of them is not what was written; "" where all are."""
    entries = case.logbook().entries()
    wrong = broken(entries)
    return entries, f"entry {wrong.number} {wrong.why}" if wrong else ""


def whole_logbook(case: Case) -> list[Entry]:
    """Every entry, in its order.

    Raises:
        CaseError: an entry is not what was written, or one is missing: the first is named.
    """
    entries, wrong = chain(case)
    if wrong:
        raise CaseError(
            f"the logbook is broken: {wrong}",
            where=str(case.folder),
            remedy="put logbook.sqlite back from a copy, and find out who wrote to it",
        )
    return entries


def written(moment: datetime | None = None) -> str:
    """A moment that states its zone, or now, in UTC to the second: `2023-11-24T09:00:00Z`."""
    return (moment or datetime.now(UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
