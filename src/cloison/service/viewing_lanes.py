"""How do rows lie in time, as a picture: bars, a lane for each system, and what is proven marked on it?"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from markupsafe import Markup

from cloison.report.lanes import Counted, Silence, lanes
from cloison.report.steps import of_incident, steps
from cloison.service.viewing import View
from cloison.service.viewing_counts import Histogram

Leads = Callable[[datetime, datetime, str], str]


def drawn(view: View, found: Histogram | None, said: str, leads: Leads, *, marked: bool = True) -> Markup:
    """The picture of a histogram; empty when nothing is in it. With `marked` the moments of the incident are on it."""
    if found is None:
        return Markup()
    taken = steps(of_incident(view.dossier)) if marked else ()
    return lanes(_counted(found), said, view.voice, _zoned(leads), steps=taken)


def covered(view: View, found: Histogram | None, leads: Leads) -> Markup:
    """What each source says in which hours, its gaps outlined; empty when no source speaks."""
    if found is None:
        return Markup()
    silences = [
        Silence(one.source, *bounds, "nothing, though something was due")
        for one in view.dossier.coverage
        for gap in one.gaps
        if (bounds := _bounds(gap))
    ]
    said = "Events of each source over time, and the hours in which they are missing"
    return lanes(_counted(found), said, view.voice, _zoned(leads), silences=silences, bars=False)


def _counted(found: Histogram) -> Counted:
    rows = tuple((one.name, one.counts) for one in found.lanes)
    return Counted(found.since.replace(tzinfo=None), timedelta(seconds=found.step_seconds), rows)


def _zoned(leads: Leads) -> Leads:
    return lambda since, until, name: leads(since.replace(tzinfo=UTC), until.replace(tzinfo=UTC), name)


def _bounds(gap: str) -> tuple[datetime, datetime] | None:
    """The ends of `2023-11-20T03:00Z/2023-11-20T09:00Z`."""
    first, _, last = gap.partition("/")
    try:
        return tuple(datetime.fromisoformat(text).replace(tzinfo=None) for text in (first, last))  # type: ignore[return-value]  # two
    except ValueError:
        return None
