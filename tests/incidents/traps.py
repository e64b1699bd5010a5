"""What looks like the intruder and is not, or is the staff where the intruder is too?"""

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from tests.incidents import chance, life
from tests.incidents.deeds import DAY, HOUR, Deed
from tests.incidents.intruder import Intrusion
from tests.incidents.organisation import Organisation, Person, Robot

KNOCKS = 15


def laid(org: Organisation, spared: tuple[Person, ...], intrusion: Intrusion) -> list[Deed]:
    """The traps of an incident; `spared` are people whose credentials did not leak."""
    rng = chance.stream(org.seed, "traps")
    return [
        *_honest_visitor(rng, org, spared[0]),
        *_traveller(rng, org, spared[1]),
        *_shared_egress(rng, org, spared),
        *_scanner(rng, org),
        *(_journey(rng, org, intrusion.person) if intrusion.person and rng.random() < 0.5 else ()),
        *(_same_exit(rng, org, spared[2], intrusion) if rng.random() < 0.5 else ()),
        *(_same_client(rng, org, spared[4], intrusion) if rng.random() < 0.5 else ()),
    ]


def moved(org: Organisation, life: list[Deed], robots: tuple[Robot, ...]) -> list[Deed]:
    """An integration that the intruder never used moves to another provider, or changes its client."""
    rng = chance.stream(org.seed, "moved")
    if rng.random() < 0.5:
        return life
    robot, since = rng.choice(robots), org.exposed_at + 2 * DAY
    who = robot.credential if robot.system == "gate" else org.principal(robot.system, robot.login)
    away = robot.system in {"gate", "bitbucket"} or rng.random() < 0.5
    return [
        _changed(org, deed, away=away) if deed.who == who and deed.system == robot.system and deed.at > since else deed
        for deed in life
    ]


def _changed(org: Organisation, deed: Deed, *, away: bool) -> Deed:
    return replace(deed, address=org.places.travels[7]) if away else replace(deed, agent="reqwest/0.11.3")


def _journey(rng: Random, org: Organisation, person: Person) -> Iterator[Deed]:
    """Someone whose password did leak is on a journey after the exposure, with the client as ever."""
    system = "okta" if "okta" in org.systems else "jira"
    for day in range(2):
        at = org.exposed_at + 2 * DAY + day * DAY + rng.randrange(6 * HOUR)
        yield from life.visit(rng, org, person, system, at, org.places.travels[6])


def _honest_visitor(rng: Random, org: Organisation, person: Person) -> Iterator[Deed]:
    """Someone of the staff came from an address before the exposure that the intruder rented afterwards."""
    at = org.start + rng.randrange(2 * DAY, org.exposed_at - org.start - DAY)
    for system in sorted(org.systems & {"jira", "confluence", "bitbucket", "okta", "gate"}):
        yield from life.visit(rng, org, person, system, at, org.places.published[0])


def _traveller(rng: Random, org: Organisation, person: Person) -> Iterator[Deed]:
    """Someone whose credentials did not leak works from a new address after the exposure."""
    for day in range(3):
        at = org.exposed_at + DAY + day * DAY + rng.randrange(6 * HOUR)
        for system in sorted(org.systems & {"jira", "confluence", "bitbucket", "okta", "gate"}):
            yield from life.visit(rng, org, person, system, at, org.places.travels[day % 2])


def _shared_egress(rng: Random, org: Organisation, people: tuple[Person, ...]) -> Iterator[Deed]:
    """Five of the staff come through one commercial egress, before and after the exposure."""
    for person in people[:5]:
        for day in (-5, -2, 1, 2, 4):
            at = org.exposed_at + day * DAY + rng.randrange(9 * HOUR)
            for system in sorted(org.systems & {"jira", "confluence", "bitbucket", "okta"}):
                yield from life.visit(rng, org, person, system, at, org.places.shared)


def _same_exit(rng: Random, org: Organisation, person: Person, intrusion: Intrusion) -> Iterator[Deed]:
    """Someone of the staff comes, with an own client, through the exit that the intruder rented the day before."""
    rented = [one for one in intrusion.deeds if one.hand == "sure" and one.address in org.places.hidden]
    for system in sorted(org.systems & {"jira", "confluence", "bitbucket", "okta"}) if rented else ():
        yield from life.visit(rng, org, person, system, rented[0].at + DAY, rented[0].address)


def _same_client(rng: Random, org: Organisation, person: Person, intrusion: Intrusion) -> Iterator[Deed]:
    """A developer works with the very client that the intruder uses, from the shared egress, as ever."""
    scripted = replace(person, agent=intrusion.deeds[0].agent)
    for day in (-6, -4, -3, -1, 1, 3):
        at = org.exposed_at + day * DAY + rng.randrange(9 * HOUR)
        for system in sorted(org.systems & {"jira", "confluence", "bitbucket"}):
            yield from life.visit(rng, org, scripted, system, at, org.places.shared)


def _scanner(rng: Random, org: Organisation) -> Iterator[Deed]:
    """The published address knocks at the doors of the staff, and gets refusals only."""
    for _ in range(KNOCKS):
        at = org.exposed_at + rng.randrange(org.end - org.exposed_at)
        address, whom = org.places.published[-1], rng.choice(org.people)
        for system in sorted(org.systems & {"okta", "jira"}):
            who = org.principal(system, whom.login)
            yield Deed(at, system, "login", who, address, life.STRANGER, refused=True)
        if "web" in org.systems:
            yield Deed(at, "web", "visit", "", address, life.STRANGER, "/.env", refused=True)
