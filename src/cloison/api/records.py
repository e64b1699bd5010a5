"""What stands behind a row: the event with its raw record, what a uid names, where else a value stands?"""

from datetime import UTC, datetime
from typing import Annotated

from litestar import get
from litestar.params import Parameter

from cloison.api.problems import PROBLEMS
from cloison.api.telling import Told, told
from cloison.model.roles import VERB, Verb
from cloison.service import explaining
from cloison.service.acts import catalogue_of, explanation_json
from cloison.service.desk import Desk
from cloison.service.viewing_pivot import Place, pivot
from cloison.service.viewing_record import record

_LONGEST = 4_096
_MOST_RECORDS = 100

Uid = Annotated[str, Parameter(description="As the tables show it.", min_length=1, max_length=_LONGEST)]


@get("/event", opt={VERB: Verb.READ}, responses=PROBLEMS, sync_to_thread=True)
def event(
    desk: Desk,
    uid: Uid,
    at: Annotated[datetime | None, Parameter(description="Its time, which finds it sooner.")] = None,
) -> Told:
    """One event: its fields, its raw records in custody, the rows of answers that rest on it, the chain of causes."""
    seen = record(desk.view(), uid, _utc(at))
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
    desk: Desk,
    uid: Uid,
    limit: Annotated[int, Parameter(ge=1, le=_MOST_RECORDS, description="So many raw records at most.")] = 20,
) -> Told:
    """What stands behind a uid, down to the raw records, as `cloison explain --json` tells it."""
    desk.view()
    found: Told = told(explanation_json(explaining.explain(desk.case, uid, catalogue_of(desk.case), limit=limit)))
    return found


@get("/pivot", opt={VERB: Verb.READ}, responses=PROBLEMS, sync_to_thread=True)
def places(
    desk: Desk,
    value: Uid,
    since: Annotated[datetime | None, Parameter(query="from", description="UTC.")] = None,
    until: Annotated[datetime | None, Parameter(query="to", description="UTC.")] = None,
) -> list[Place]:
    """In which column of which table a value stands, how often, from when to when."""
    return list(pivot(desk.view(), value, _utc(since), _utc(until)))


def _utc(time: datetime | None) -> datetime | None:
    if time is None:
        return None
    return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
