"""Is the server there, and how far are the answers?"""

import msgspec
from litestar import get
from litestar.di import NamedDependency

from cloison import __version__
from cloison.api.problems import PROBLEMS
from cloison.model.roles import VERB, Verb
from cloison.service.desk import Desk, Standing


class Health(msgspec.Struct, frozen=True):
    """What the server says of itself."""

    version: str
    case: str
    answers: Standing


@get(
    "/health",
    opt={VERB: Verb.READ},
    responses=PROBLEMS,
    sync_to_thread=False,
    summary="How far the answers of the case are",
)
def health(desk: NamedDependency[Desk]) -> Health:
    """Which case is served, by which version, and how far its answers are."""
    return Health(__version__, desk.name, desk.standing())
