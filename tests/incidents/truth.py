"""What does a careful reader find, who has all these logs and much time?"""

from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from tests.incidents.deeds import Deed
from tests.incidents.ledger import Ledger
from tests.incidents.organisation import Organisation
from tests.incidents.vendors.jira import jql
from tests.incidents.vendors.okta import group_uid

Object: TypeAlias = tuple[str, str, str]  # system, kind of resource, uid
Account: TypeAlias = tuple[str, str]  # system, name
KINDS = {
    ("jira", "view"): "ticket",
    ("confluence", "view"): "page",
    ("bitbucket", "view"): "repository",
    ("confluence", "export"): "page",
    ("bitbucket", "archive"): "repository",
    ("bitbucket", "clone"): "repository",
    ("aws", "get_object"): "object",
    ("aws", "get_secret"): "secret",
    ("aws", "assume"): "role",
    ("okta", "sso"): "app",
    ("jira", "search"): "search",
    ("confluence", "search"): "search",
}
MADE = {"create_account": "account", "grant": "group", "mint": "token", "install": "app", "reset": "account"}
SILENT_WHEN_REFUSED = {"clone", "search"}  # the log does not say of what
LOGGED_AS = {"gate": "cloudflare_access"}
LOGS = {"cloudflare": "gate", "cloudflare_access": "gate"}


@dataclass(frozen=True)
class Truth:
    """What is so. `possible`: the intruder's too, but a careful reader could only suspect it."""

    read: frozenset[Object]
    possible: frozenset[Object]
    attempted: frozenset[Object]
    created: frozenset[Account]
    granted: frozenset[Account]
    apps: frozenset[Account]
    minted: frozenset[str]
    principals: frozenset[Account]
    suspects: frozenset[Account]
    credentials: frozenset[str]
    verdicts: dict[tuple[str, str, str], tuple[str, bool | None]]


def told(org: Organisation, deeds: list[Deed], ledger: Ledger, end: int | None) -> Truth:
    """The truth of an incident, as of `end`, or of its last record."""
    end = end or deeds[-1].at
    theirs = [deed for deed in deeds if deed.hand != "own"]
    done = [deed for deed in theirs if not deed.refused]
    sure = [deed for deed in done if deed.hand == "sure"]
    read = frozenset(one for deed in sure for one in _objects(deed))
    tried = [deed for deed in theirs if deed.refused and deed.hand == "sure" and deed.verb not in SILENT_WHEN_REFUSED]
    return Truth(
        read,
        frozenset(one for deed in done for one in _objects(deed)) - read,
        frozenset(one for deed in tried for one in _objects(deed)) - read,
        frozenset((deed.system, deed.thing) for deed in sure if deed.verb == "create_account"),
        frozenset((deed.system, deed.thing) for deed in sure if deed.verb in {"grant", "reset"}),
        frozenset((deed.system, deed.thing) for deed in sure if deed.verb == "install"),
        frozenset(_minted(deed) for deed in sure if deed.verb in {"mint", "assume"}),
        frozenset(_principal(deed) for deed in sure),
        frozenset(_principal(deed) for deed in done),
        frozenset(deed.credential for deed in done if deed.credential),
        {row.key: (_verdict(row.verdict, row.key, deeds, end), row.misused) for row in ledger.rows},
    )


def _verdict(verdict: str, key: tuple[str, str, str], deeds: list[Deed], end: int) -> str:
    """An end is proven while its log speaks on; one that is silent at last for longer than ever tells nothing."""
    system, kind, _ = key
    tokens = kind == "service_token"  # their logins have a log of their own
    times = [one.at for one in deeds if one.system == LOGS.get(system, system) and (one.credential or not tokens)]
    silences = [after - before for before, after in pairwise(times)]
    return "unknown" if verdict == "proven" and end - times[-1] > max(silences, default=0) else verdict


def _minted(deed: Deed) -> str:
    return deed.thing if deed.verb == "mint" else deed.extra


def _principal(deed: Deed) -> Account:
    return LOGGED_AS.get(deed.system, deed.system), deed.who


def _objects(deed: Deed) -> list[Object]:
    """What a deed reaches, as its system names it."""
    if deed.verb in MADE:
        uid = deed.thing
        if deed.verb == "grant":
            uid = group_uid(deed.extra) if deed.system == "okta" else deed.extra
        return [(deed.system, MADE[deed.verb], uid)]
    kind = KINDS.get((deed.system, deed.verb))
    if kind is None:
        return []
    words = (deed.system, deed.verb) == ("jira", "search")
    return [(deed.system, kind, jql(deed.thing) if words else deed.thing)]
