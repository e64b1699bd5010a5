"""What stands in the tables: rows of a time range, with filters, in an order, a page at a time?"""

from typing import Annotated, Any

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import PathParameter, QueryParameter

from cloison.api.problems import PROBLEMS
from cloison.api.telling import told
from cloison.model.roles import VERB, Verb
from cloison.service.desk import Desk
from cloison.service.viewing_counts import GROUPS, Histogram, Tally, histogram, tally
from cloison.service.viewing_rows import MOST_ROWS, ROWS, Question, read_question, rows, total

_LONGEST = 4_096
_MOST_TESTS = 20

Table = Annotated[str, PathParameter(description="The table's name.", max_length=60)]
Since = Annotated[str, QueryParameter(name="from", description="Rows from this time on, UTC.", max_length=40)]
Until = Annotated[str, QueryParameter(name="to", description="Rows before this time, UTC.", max_length=40)]
Filters = Annotated[
    list[str] | None,
    QueryParameter(
        name="f",
        description="A filter, `column:op:value`; op is one of is, not, has, starts, none. Repeatable, all hold.",
        max_items=_MOST_TESTS,
    ),
]
Order = Annotated[str, QueryParameter(description="A column; with - before it the greatest first.", max_length=60)]
After = Annotated[str, QueryParameter(description="The `next` of the page before.", max_length=_LONGEST)]
Limit = Annotated[int, QueryParameter(ge=1, le=MOST_ROWS, description="So many rows at most.")]


class Columns(msgspec.Struct, frozen=True):
    """A table that is there: its columns with their kinds, and how many rows it has."""

    name: str
    columns: dict[str, str]
    rows: int


class Rows(msgspec.Struct, frozen=True):
    """Some rows: `matched` of `of` answer the question; `next` is "" on the last page."""

    table: str
    rows: list[dict[str, Any]]
    matched: int
    of: int
    next: str


@get("/tables", opt={VERB: Verb.READ}, responses=PROBLEMS, sync_to_thread=True)
def tables(desk: NamedDependency[Desk]) -> list[Columns]:
    """The tables of the case. What their columns mean: docs/tables.md."""
    view = desk.view()
    return [Columns(name, dict(columns), total(view, name)) for name, columns in view.tables.items()]


@get("/tables/{table:str}", opt={VERB: Verb.READ}, responses=PROBLEMS, sync_to_thread=True)
def table_rows(
    desk: NamedDependency[Desk],
    table: Table,
    since: Since = "",
    until: Until = "",
    filters: Filters = None,
    order: Order = "",
    after: After = "",
    limit: Limit = ROWS,
) -> Rows:
    """The rows of one table that answer a question, a page at a time."""
    asked = _question(table, since, until, filters)
    asked = msgspec.structs.replace(asked, order=order, after=after, limit=limit)
    page = rows(desk.view(), asked)
    return Rows(page.table, [told(row) for row in page.told()], page.matched, page.of, page.next)


@get("/tables/{table:str}/histogram", opt={VERB: Verb.READ}, responses=PROBLEMS, sync_to_thread=True)
def table_histogram(
    desk: NamedDependency[Desk],
    table: Table,
    since: Since = "",
    until: Until = "",
    filters: Filters = None,
    by: Annotated[str, QueryParameter(description="Lanes by `system` or `source`.", max_length=60)] = "system",
) -> Histogram | None:
    """How the rows lie in time; null where no row that answers has a time."""
    return histogram(desk.view(), _question(table, since, until, filters), by)


@get("/tables/{table:str}/tally", opt={VERB: Verb.READ}, responses=PROBLEMS, sync_to_thread=True)
def table_tally(
    desk: NamedDependency[Desk],
    table: Table,
    by: Annotated[
        list[str], QueryParameter(description="The columns to group by. Repeatable.", min_items=1, max_items=5)
    ],
    since: Since = "",
    until: Until = "",
    filters: Filters = None,
    limit: Annotated[int, QueryParameter(ge=1, le=MOST_ROWS, description="So many groups at most.")] = GROUPS,
) -> Tally:
    """The most frequent values of some columns, of how many."""
    return tally(desk.view(), _question(table, since, until, filters), tuple(dict.fromkeys(by)), limit)


def _question(table: str, since: str, until: str, filters: list[str] | None) -> Question:
    return read_question(table, {"from": [since], "to": [until], "f": filters or []})
