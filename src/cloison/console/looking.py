"""Pages that answer at a glance: overview, graph of compromise, credentials, coverage, detections."""

from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import quote

from litestar import Request, get
from litestar.response import Template

from cloison.console.asking import address, hours_of, words_of, written
from cloison.console.cells import record_href
from cloison.console.listing import asked, listing, narrowed
from cloison.console.shell import page
from cloison.model.roles import VERB, Verb
from cloison.service.desk import Desk
from cloison.service.viewing_counts import histogram, tally
from cloison.service.viewing_graph import Box, graph
from cloison.service.viewing_lanes import covered
from cloison.service.viewing_overview import QUESTIONS_LEAD_TO, overview
from cloison.service.viewing_rows import Question

Asking = Request[Any, Any, Any]
READS = {VERB: Verb.READ}
_LEVELS = ("critical", "high", "medium", "low", "informational")


@get("/", opt=READS, sync_to_thread=True, include_in_schema=False)
def overview_page(request: Asking, desk: Desk) -> Template:
    """What did it do, how far did it reach, is it closed, what is unknown: on one page."""
    view, words = desk.view(), words_of(request)
    told = overview(view)
    references = {one.uid: address(QUESTIONS_LEAD_TO[one.uid], hours_of(words)) for one in told.answers}
    record = partial(record_href, words=words)
    return page(request, desk, "overview.html", told=told, dossier=view.dossier, references=references, record=record)


@get("/graph", opt=READS, sync_to_thread=True, include_in_schema=False)
def graph_page(request: Asking, desk: Desk) -> Template:
    """What compromised what, and by which rule."""
    view, words = desk.view(), words_of(request)
    whole = words.get("all") == ["1"]
    drawn = graph(view, lambda node: _thing(node, words), whole=whole)
    table = listing(view, asked("compromised", words), "/graph", words, caption="Everything compromised, and by what")
    by_rule = tally(view, Question("compromised"), ("rule", "standing"), 40)
    rules = [(group, narrowed("/graph", words, "rule", group.values[0])) for group in by_rule.groups]
    other = address("/graph", words, all=None if whole else "1")
    return page(request, desk, "graph.html", graph=drawn, told=table, rules=rules, whole=whole, other=other)


def _thing(node: Box, words: dict[str, list[str]]) -> str:
    if len(node.members) > 1:
        tests = [f"kind:is:{node.kind}", f"rule:is:{node.rule}", f"standing:is:{node.standing}"]
        if node.parent is not None:
            tests.append(f"cause_uid:is:{node.parent.uid}")
        return address("/graph", hours_of(words), f=tests) + "#rows"
    if node.kind == "session" and node.rule:
        return address(f"/session/{quote(node.uid, safe='')}", hours_of(words))
    return address("/pivot", hours_of(words), value=node.uid)


@get("/credentials", opt=READS, sync_to_thread=True, include_in_schema=False)
def credentials_page(request: Asking, desk: Desk) -> Template:
    """Is each exposed credential dead?"""
    view, words = desk.view(), words_of(request)
    order = words.get("order") or ["-misused"]
    question = asked("rotations", {**words, "order": order})
    table = listing(view, question, "/credentials", words, caption="Exposed credentials, and whether each is dead")
    groups = tally(view, Question("rotations"), ("verdict",)).groups
    counts = {str(one.values[0]): one.count for one in groups}
    ways = {
        name: address("/credentials", hours_of(words), f=f"verdict:is:{name}")
        for name in ("proven", "refuted", "unknown")
    }
    ways["misused"] = address("/credentials", hours_of(words), f="misused:is:true")
    told: dict[str, Any] = {
        "ledger": view.dossier.ledger,
        "bar": overview(view).ledger,
        "counts": counts,
        "ways_to": ways,
    }
    return page(request, desk, "credentials.html", told=table, **told)


@get("/coverage", opt=READS, sync_to_thread=True, include_in_schema=False)
def coverage_page(request: Asking, desk: Desk) -> Template:
    """From when to when does each log speak, and what is missing?"""
    view, words = desk.view(), words_of(request)
    question = asked("events", hours_of(words))
    counted = histogram(view, question, "source")
    drawn = covered(view, counted, lambda since, until, name: _narrow(since, until, "source", name))
    sheets = [
        listing(
            view, Question("coverage", limit=200), "/table/coverage", {}, caption="Each log, its hours and its gaps"
        ),
        listing(
            view,
            Question("absences", limit=200),
            "/table/absences",
            {},
            caption="What the intruder did not do, and which logs say so",
        ),
        listing(
            view,
            Question("rejects"),
            "/table/rejects",
            {},
            caption="Records that are not in the lake",
            empty="Every record is in the lake.",
        ),
    ]
    return page(request, desk, "coverage.html", heat=drawn, account=view.dossier.account, sheets=sheets)


def _narrow(since: datetime, until: datetime, column: str, name: str) -> str:
    tests = [f"{column}:is:{name}"] if name else []
    return address("/timeline", {}, layer="events", from_=written(since), to=written(until), f=tests)


@get("/detections", opt=READS, sync_to_thread=True, include_in_schema=False)
def detections_page(request: Asking, desk: Desk) -> Template:
    """Which rules describe which events?"""
    view, words = desk.view(), words_of(request)
    if "detections" not in view.tables:
        return page(request, desk, "detections.html", made=False, standing=desk.standing())
    question = asked("detections", words)
    table = listing(view, question, "/detections", words, caption="Detections")
    plain = asked("detections", hours_of(words))
    found = tally(view, plain, ("level",), 10)
    levels = sorted(found.groups, key=lambda one: _rank(str(one.values[0])))
    by_rule = tally(view, question, ("level", "title", "rule_uid"), 400)
    rules = sorted(by_rule.groups, key=lambda one: (_rank(str(one.values[0])), -one.count))[:12]
    ran = tally(view, Question("rules_run"), ("runs",))
    told: dict[str, Any] = {
        "made": True,
        "levels": [(one, narrowed("/detections", words, "level", one.values[0])) for one in levels],
        "rules": [(one, narrowed("/detections", words, "rule_uid", one.values[2])) for one in rules],
        "rules_in_all": by_rule.groups_in_all,
        "ran": {bool(one.values[0]): one.count for one in ran.groups},
        "events": view.events,
        "not_run": address("/table/rules_run", {}, f=["runs:is:false"]),
    }
    return page(request, desk, "detections.html", told=table, **told)


def _rank(level: str) -> int:
    return _LEVELS.index(level) if level in _LEVELS else len(_LEVELS)
