"""What stands behind a row: the event with its raw record, what a uid names, where else a value stands?"""

from typing import Annotated

from litestar import get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from cloison.api.problems import PROBLEMS
from cloison.api.tables import Since, Until
from cloison.api.telling import Told, told
from cloison.model.roles import VERB, Verb
from cloison.service import explaining
from cloison.service.acts import explanation_json
from cloison.service.desk import Desk
from cloison.service.sources_known import catalogue_of
from cloison.service.viewing_pivot import Place, pivot
from cloison.service.viewing_record import record
from cloison.service.viewing_rows import read_question

_LONGEST = 4_096
_MOST_RECORDS = 100

Uid = Annotated[str, QueryParameter(description="As the tables show it.", min_length=1, max_length=_LONGEST)]


@get("/event", opt={VERB: Verb.READ}, responses=PROBLEMS, sync_to_thread=True)
def event(
    desk: NamedDependency[Desk],
    uid: Uid,
    at: Annotated[str, QueryParameter(description="Its time, UTC, which finds it sooner.", max_length=40)] = "",
) -> Told:
    """One event: its fields, its raw records in custody, the rows of answers that rest on it, the chain of causes."""
    seen = record(desk.view(), uid, read_question("events", {"from": [at]}).since)
    raws = [
        {
            "evidence": one.record.evidence,
            "sha256": one.record.sha256,
            "member": one.record.member,
            "offset": one.record.offset,
            "length": one.record.length,
            "unit": one.record.unit,
            "raw": one.text,
            "cut": one.cut,
            "ocsf": one.record.ocsf,
        }
        for one in seen.raws
    ]
    rows = [{"table": name, **row} for name, row in seen.rows]
    found: Told = told({"uid": seen.uid, "event": seen.event, "records": raws, "rows": rows, "chain": seen.chain})
    return found


@get("/explain", opt={VERB: Verb.READ}, responses=PROBLEMS, sync_to_thread=True)
def explain(
    desk: NamedDependency[Desk],
    uid: Uid,
    limit: Annotated[int, QueryParameter(ge=1, le=_MOST_RECORDS, description="So many raw records at most.")] = 20,
) -> Told:
    """What stands behind a uid, down to the raw records, as `cloison explain --json` tells it."""
    desk.view()
    found: Told = told(explanation_json(explaining.explain(desk.case, uid, catalogue_of(desk.case), limit=limit)))
    return found


@get("/pivot", opt={VERB: Verb.READ}, responses=PROBLEMS, sync_to_thread=True)
def places(
    desk: NamedDependency[Desk],
    value: Uid,
    since: Since = "",
    until: Until = "",
) -> list[Place]:
    """In which column of which table a value stands, how often, from when to when."""
    asked = read_question("events", {"from": [since], "to": [until]})
    return list(pivot(desk.view(), value, asked.since, asked.until))
