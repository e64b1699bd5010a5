"""What are the answers of the case, and what do they rest on?"""

import msgspec
from litestar import get
from litestar.di import NamedDependency

from cloison.api.problems import PROBLEMS
from cloison.api.telling import Told, told
from cloison.model.roles import VERB, Verb
from cloison.service import acts
from cloison.service.desk import Desk
from cloison.service.investigate import made_of
from cloison.service.writing import Entry, chain


class Chain(msgspec.Struct, frozen=True):
    """The whole logbook; `broken` is "" where each entry is what was written."""

    broken: str
    entries: list[Entry]


class Verified(msgspec.Struct, frozen=True):
    """What can be held against what was kept elsewhere.

    `head` is the digest of the last of `entries` entries of the logbook. `made_from` is over everything that the
    answers were made from, `tables` over the rows of each.
    """

    broken: str
    entries: int
    head: str
    version: str
    engine: str
    made_from: str
    tables: dict[str, str]


@get("/answers", opt={VERB: Verb.READ}, responses=PROBLEMS, sync_to_thread=True)
def answers(desk: NamedDependency[Desk]) -> Told:
    """The four questions answered, as `cloison investigate --json` tells them."""
    found: Told = told(desk.view().dossier)
    return found


@get("/logbook", opt={VERB: Verb.READ}, responses=PROBLEMS, sync_to_thread=True)
def logbook(desk: NamedDependency[Desk]) -> Chain:
    """What people wrote into the case, and whether the chain of its entries holds."""
    entries, broken = chain(desk.case)
    return Chain(broken, entries)


@get("/verify", opt={VERB: Verb.READ}, responses=PROBLEMS, sync_to_thread=True)
def verify(desk: NamedDependency[Desk]) -> Verified:
    """Whether the logbook is what was written, and by which hashes the answers can be told from others."""
    desk.view()
    (entries, broken), made = chain(desk.case), made_of(desk.case)
    head = entries[-1].digest if entries else ""
    return Verified(broken, len(entries), head, made.version, made.engine, made.made_from, made.tables)


@get("/rules", opt={VERB: Verb.READ}, responses=PROBLEMS, sync_to_thread=True)
def rules() -> list[Told]:
    """How compromise spreads: each rule, its ATT&CK technique, and what it says."""
    return [dict(one) for one in acts.list_rules()]


@get("/sources", opt={VERB: Verb.READ}, responses=PROBLEMS, sync_to_thread=True)
def sources() -> list[Told]:
    """Every log that is understood: what it can say, prove and not show."""
    return acts.list_sources()
