"""Which behaviours and traps does an incident show, so that all of them together can be seen to show each?"""

from collections import defaultdict
from collections.abc import Iterable

from tests.incidents.deeds import MINUTE, Deed
from tests.incidents.intruder import Intrusion
from tests.incidents.organisation import Organisation

BY_VERB = {
    "create_account": "a second account",
    "grant": "rights for an account",
    "mint": "a token made",
    "assume": "a role taken on",
    "install": "an app installed",
    "reset": "an account taken over",
    "archive": "archives",
    "clone": "clones",
}
ALL = frozenset(
    {
        *BY_VERB.values(),
        "a published address",
        "no published address",
        "an unpublished address",
        "the staff's own network",
        "the neighbour of a partner",
        "the shared egress",
        "the owner's client",
        "a session that moves on",
        "a person's account",
        "only suspected",
        "refused",
        "an integration without a pause",
        "several credentials",
    }
)


def shown(org: Organisation, intrusion: Intrusion) -> frozenset[str]:
    """The behaviours of an intrusion, in words."""
    deeds, where = intrusion.deeds, org.places
    used = {deed.address for deed in deeds}
    seen = {
        "a published address": bool(used & set(intrusion.published)),
        "no published address": not intrusion.published,
        "an unpublished address": bool(used & set(where.hidden)),
        "the staff's own network": any(where.is_own(address) for address in used),
        "the neighbour of a partner": where.neighbour in used,
        "the shared egress": where.shared in used,
        "the owner's client": bool({deed.agent for deed in deeds} & {robot.agent for robot in intrusion.robots}),
        "a session that moves on": _moves(deeds),
        "a person's account": intrusion.person is not None,
        "only suspected": any(deed.hand == "possible" for deed in deeds),
        "refused": any(deed.refused for deed in deeds),
        "an integration without a pause": any(
            robot.system == "confluence" and robot.every <= 20 * MINUTE for robot in intrusion.robots
        ),
        "several credentials": len(intrusion.robots) > 1,
    }
    return frozenset(word for word, so in seen.items() if so) | {
        BY_VERB[deed.verb] for deed in deeds if deed.verb in BY_VERB
    }


def _moves(deeds: Iterable[Deed]) -> bool:
    places: dict[str, set[str]] = defaultdict(set)
    for deed in deeds:
        places[deed.session].add(deed.address)
    return any(len({address.split("::")[0] for address in found}) > 1 for found in places.values())
