"""Pages that lead on: timeline, scope, sessions, objects, records, pivots, and any table."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from litestar import Request, get
from litestar.exceptions import NotFoundException
from litestar.response import Template

from cloison.console.asking import address, hours_of, words_of, written
from cloison.console.cells import cells, record_href, values
from cloison.console.listing import asked, listing, narrowed
from cloison.console.shell import page
from cloison.errors import InputError
from cloison.model.roles import VERB, Verb
from cloison.service.desk import Desk
from cloison.service.marking import marks, promoted
from cloison.service.viewing_counts import histogram, tally
from cloison.service.viewing_lanes import drawn
from cloison.service.viewing_overview import overview
from cloison.service.viewing_pivot import pivot
from cloison.service.viewing_record import about, record
from cloison.service.viewing_rows import Page, Question, Test, rows
from cloison.service.viewing_words import defang

Asking = Request[Any, Any, Any]
READS = {VERB: Verb.READ}
LAYERS = (
    ("timeline", "What happened"),
    ("promoted", "Curated"),
    ("acts", "Acts of the intruder"),
    ("sightings", "Sightings"),
    ("events", "All events"),
)
_FEW = 2_000_000
"""In a case of more events than this the values of a column are not counted unasked."""
_FACETS = {"timeline": "standing", "acts": "action", "sightings": "indicator_kind", "events": "action"}
_TOLD = {
    "timeline": "What happened, each line a claim with its record",
    "acts": "What was done in sessions that compromise reached",
    "sightings": "Where an indicator stands in an event",
    "events": "Events",
}


@get("/timeline", opt=READS, sync_to_thread=True, include_in_schema=False)
def timeline_page(request: Asking, desk: Desk) -> Template:
    """What happened when, from the curated line down to every event."""
    view, words = desk.view(), words_of(request)
    layer = (words.get("layer") or ["timeline"])[-1]
    if layer not in dict(LAYERS):
        raise InputError(f"no layer {layer[:40]!r}", where="layer", remedy=f"one of {', '.join(dict(LAYERS))}")
    layers = [
        (name, said, address("/timeline", {**hours_of(words)}, layer=name), name == layer) for name, said in LAYERS
    ]
    if layer == "promoted":
        return page(request, desk, "curated.html", layers=layers, moments=_promoted(desk))
    question = asked(layer, words)
    found = histogram(view, question)
    systems = (
        [(lane.name, sum(lane.counts), narrowed("/timeline", words, "system", lane.name)) for lane in found.lanes]
        if found
        else []
    )
    facet = _FACETS[layer]
    few = layer != "events" or view.events <= _FEW
    groups = [
        (one.values[0], one.count, narrowed("/timeline", words, facet, one.values[0]))
        for one in (tally(view, question, (facet,)).groups if few else ())
    ]
    return page(
        request,
        desk,
        "timeline.html",
        layers=layers,
        layer=layer,
        lanes=drawn(
            view, found, f"{_TOLD[layer]}, over time", lambda since, until, name: _zoomed(words, since, until, name)
        ),
        legend=overview(view).legend,
        step=found.step_seconds if found else 0,
        systems=sorted(systems, key=lambda one: -one[1]),
        facet=facet,
        groups=groups,
        told=listing(view, question, "/timeline", words, caption=_TOLD[layer]),
    )


def _zoomed(words: dict[str, list[str]], since: datetime, until: datetime, name: str) -> str:
    rest: dict[str, list[str]] = {one: value for one, value in words.items() if one != "after"}
    tests = list(dict.fromkeys([*words.get("f", []), *([f"system:is:{name}"] if name else [])]))
    return address("/timeline", rest, from_=written(since), to=written(until), f=tests)


def _promoted(desk: Desk) -> list[tuple[Any, Any, str]]:
    """The moments that people chose, in the order in which they happened: the event, the mark, where its record is."""
    view = desk.view()
    found: list[tuple[Any, Any, str]] = []
    for one in promoted(desk.case):
        try:
            seen = record(view, one.about)
        except InputError:
            found.append((None, one, record_href(one.about, None, {})))
            continue
        found.append((seen, one, record_href(one.about, seen.time, {})))
    return sorted(found, key=lambda row: (row[0] is None, row[0].time if row[0] else None, row[1].number))


@get("/scope", opt=READS, sync_to_thread=True, include_in_schema=False)
def scope_page(request: Asking, desk: Desk) -> Template:
    """How far did they get: of which objects how many, down to each."""
    view, words = desk.view(), words_of(request)
    kinds = [
        (
            row,
            address(
                "/scope", hours_of(words), f=[f"system:is:{row['system']}", f"resource_kind:is:{row['resource_kind']}"]
            )
            + "#rows",
        )
        for row in sorted(rows(view, Question("scope", limit=200)).told(), key=_counted_first)
    ]
    bars = {(one.system, one.resource_kind): bar for one, bar in overview(view).reach}
    table = listing(view, asked("touched", words), "/scope", words, caption="Objects that were reached")
    return page(request, desk, "scope.html", kinds=kinds, bars=bars, told=table)


def _counted_first(row: Mapping[str, object]) -> tuple[bool, int]:
    """What is read of a known whole stands before what nobody counted."""
    read = row["read"]
    return row["total"] is None, -read if isinstance(read, int) else 0


@get("/session/{uid:str}", opt=READS, sync_to_thread=True, include_in_schema=False)
def session_page(request: Asking, desk: Desk, uid: str) -> Template:
    """One session: how it stands, by what, and every act in it."""
    view, words = desk.view(), words_of(request)
    found = list(rows(view, Question("sessions", tests=(Test("session_uid", "is", uid),), limit=1)).told())
    if not found:
        raise NotFoundException(f"no session {uid[:60]!r}")
    session = found[0]
    path = request.url.path
    acts = listing(
        view,
        asked("acts", words, f"session_uid:is:{uid}"),
        path,
        words,
        caption="Its acts that were read",
        empty="No act of it was read: nothing bad leads to it.",
    )
    tests = [f"{name}:is:{session[name]}" for name in ("system", "principal") if session[name]]
    first, last = session["first_at"], session["last_at"]
    hours = (
        {"from_": written(first), "to": written(last)}
        if isinstance(first, datetime) and isinstance(last, datetime)
        else {}
    )
    events = address("/timeline", {}, layer="events", f=tests, **hours)
    return page(
        request,
        desk,
        "session.html",
        uid=uid,
        session=session,
        about=about(view, uid),
        fields=values(session, words),
        told=acts,
        events=events,
    )


@get("/record/{uid:str}", opt=READS, sync_to_thread=True, include_in_schema=False)
def record_page(request: Asking, desk: Desk, uid: str) -> Template:
    """One event, its raw record, and what rests on it."""
    view, words = desk.view(), words_of(request)
    at = asked("events", {"from": words.get("at", [""])}).since
    seen = record(view, uid, at)
    resting = [cells(Page(name, tuple(row), [tuple(row.values())], 1, 1, ""), words)[0] for name, row in seen.rows]
    around = [
        (said, address("/timeline", {}, layer="events", **_around(seen.time, seconds)))
        for said, seconds in (("1 minute", 60), ("10 minutes", 600), ("1 hour", 3600))
    ]
    return page(
        request,
        desk,
        "record.html",
        seen=seen,
        fields=values(seen.event, words),
        resting=list(zip([name for name, _ in seen.rows], resting, strict=True)),
        marks=marks(desk.case).about(uid),
        around=around,
    )


def _around(time: datetime, seconds: int) -> dict[str, str]:
    return {"from_": written(time - timedelta(seconds=seconds)), "to": written(time + timedelta(seconds=seconds))}


@get("/pivot", opt=READS, sync_to_thread=True, include_in_schema=False)
def pivot_page(request: Asking, desk: Desk) -> Template:
    """Where else does a value stand?"""
    view, words = desk.view(), words_of(request)
    value = (words.get("value") or [""])[-1][:4096]
    question = asked("events", hours_of(words))
    places = [
        (one, _rows_of(one.table, one.column, value, words))
        for one in pivot(view, value, question.since, question.until)
    ]
    return page(
        request,
        desk,
        "pivot.html",
        value=value,
        defanged=defang(value),
        places=places,
        about=about(view, value),
        marks=marks(desk.case).about(value),
    )


def _rows_of(table: str, column: str, value: str, words: dict[str, list[str]]) -> str:
    path = "/timeline" if table in dict(LAYERS) else f"/table/{table}"
    layer = table if table in dict(LAYERS) else None
    return address(path, hours_of(words), layer=layer, f=f"{column}:is:{value}")


@get("/table/{name:str}", opt=READS, sync_to_thread=True, include_in_schema=False)
def table_page(request: Asking, desk: Desk, name: str) -> Template:
    """Any table of the case."""
    view, words = desk.view(), words_of(request)
    view.columns(name)
    table = listing(view, asked(name, words), request.url.path, words, caption=name.replace("_", " "))
    return page(request, desk, "table.html", name=name, told=table, tables=list(view.tables))
