"""What do the staff, the integrations and strangers do, day by day, while nobody breaks in?"""

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from tests.incidents import chance
from tests.incidents.deeds import DAY, HOUR, MINUTE, SECOND, Deed, when
from tests.incidents.organisation import WORDS, Organisation, Person, Robot

STRANGER = "Mozilla/5.0 zgrab/0.x"
ROLE = "deploy"
GROUPS = ("readers", "depot-leads", "release-crew")


def ordinary(org: Organisation) -> list[Deed]:
    """Everything that would have been in the logs anyway."""
    rng = chance.stream(org.seed, "life")
    return [
        *(deed for robot in org.robots for deed in rounds(rng, org, robot)),
        *_visits(rng, org),
        *_administration(rng, org),
        *_strangers(rng, org),
    ]


def rounds(rng: Random, org: Organisation, robot: Robot) -> Iterator[Deed]:
    """An integration at work, round after round."""
    at = org.start + rng.randrange(robot.every)
    turns = 1 if robot.every <= 20 * MINUTE else 3
    while at < org.end:
        address, session = rng.choice(robot.addresses), chance.letters(rng, 6).lower()
        for turn in range(turns):
            deed = _round(rng, org, robot, at + turn * 2 * SECOND + rng.randrange(700), address, session)
            yield deed
            if deed.verb == "assume":
                yield replace(deed, at=deed.at + SECOND, verb="list", who=f"{ROLE}/{deed.who}", credential=deed.extra)
        at += robot.every + rng.randrange(90 * SECOND)


def _round(rng: Random, org: Organisation, robot: Robot, at: int, address: str, session: str) -> Deed:
    verb, thing, extra = _robot_act(rng, org, robot)
    who = org.principal(robot.system, robot.credential if robot.system == "gate" else robot.login)
    return Deed(at, robot.system, verb, who, address, robot.agent, thing, extra, session, robot.credential)


def _robot_act(rng: Random, org: Organisation, robot: Robot) -> tuple[str, str, str]:
    """Verb, thing and what stands beside it."""
    things = org.things
    if robot.system == "aws" and rng.random() < 0.05:
        key = "ASIA" + chance.letters(rng, 16, chance.KEY_LETTERS)
        return "assume", f"arn:aws:iam::111122223333:role/{ROLE}", key
    acts = {
        "jira": (("view", rng.choice(things["ticket"][:200]), ""), ("search", "updated >= -30m", "")),
        "confluence": (("view", rng.choice(things["page"][:150]), ""),),
        "bitbucket": (("fetch" if robot.ssh else "view", rng.choice(things["repository"][:60]), ""),),
        "aws": (("metric", "", ""), ("list", "", ""), ("get_object", rng.choice(things["object"][:4]), "")),
        "okta": (("grant", rng.choice(org.people).email, rng.choice(GROUPS)),),
        "gate": (("token_login", "", ""),),
    }
    return rng.choice(acts[robot.system])


def _visits(rng: Random, org: Organisation) -> Iterator[Deed]:
    """People at work on weekdays, from the office, over the VPN, from home, some through a shared egress."""
    systems = sorted(org.systems - {"web", "aws"})
    for day in range((org.end - org.start) // DAY):
        if when(org.start + day * DAY).weekday() >= 5:
            continue
        for person in org.people:
            for system in systems:
                for _ in range(_times(rng, org.busy)):
                    at = org.start + day * DAY + 7 * HOUR + rng.randrange(10 * HOUR)
                    yield from visit(rng, org, person, system, at, _seat(rng, org, person))


def _times(rng: Random, busy: float) -> int:
    """How often someone comes in a day, who comes so often as a rule."""
    whole = int(busy)
    return whole + (rng.random() < busy - whole)


def _seat(rng: Random, org: Organisation, person: Person) -> str:
    if person.number % 4 == 3 and rng.random() < 0.4:
        return org.places.shared
    return rng.choices((person.desk, org.places.vpn, person.home), (6, 2, 3))[0]


def visit(rng: Random, org: Organisation, person: Person, system: str, at: int, address: str) -> Iterator[Deed]:
    """One sitting of a person in a system: login, then a few acts."""
    session, who = chance.letters(rng, 6).lower(), org.principal(system, person.login)
    first = Deed(at, system, "login", who, address, person.agent, session=session)
    yield first
    for _ in range(rng.randint(1, 4)):
        at += rng.randrange(8 * SECOND, 200 * SECOND)
        verb, thing = _act(rng, org, system)
        refused = rng.random() < 0.02
        yield Deed(at, system, verb, who, address, person.agent, thing, session=session, refused=refused)


def _act(rng: Random, org: Organisation, system: str) -> tuple[str, str]:
    things = org.things
    acts = {
        "jira": (("view", rng.choice(things["ticket"])), ("search", rng.choice(WORDS))),
        "confluence": (("view", rng.choice(things["page"])), ("search", rng.choice(WORDS))),
        "bitbucket": (("view", rng.choice(things["repository"])), ("clone", rng.choice(things["repository"]))),
        "okta": (("sso", rng.choice(things["app"])),),
        "gate": (("app_login", rng.choice(("jira", "wiki", "git"))),),
    }
    return rng.choice(acts[system])


def _administration(rng: Random, org: Organisation) -> Iterator[Deed]:
    """Administrators create accounts, move people between groups, make tokens and upgrade apps, as they do."""
    for system in sorted(org.systems & {"jira", "confluence", "bitbucket", "okta", "aws"}):
        for count in range(8):
            admin = org.admin(count)
            at = org.start + rng.randrange(org.end - org.start)
            who, session = org.principal(system, admin.login), chance.letters(rng, 6).lower()
            key = f"AKIA{admin.login.upper().replace('.', ''):X<16}"[:20] if system == "aws" else ""
            new = org.principal(system, f"new.joiner{count}")
            deed = Deed(at, system, "create_account", who, admin.desk, admin.agent, new, "", session, key)
            yield deed if count % 3 == 0 else _regroup(rng, org, deed)


def _regroup(rng: Random, org: Organisation, deed: Deed) -> Deed:
    whom = org.principal(deed.system, rng.choice(org.people).login)
    return Deed(
        deed.at, deed.system, "grant", deed.who, deed.address, deed.agent, whom, rng.choice(GROUPS), deed.session,
        deed.credential,
    )  # fmt: skip


def _strangers(rng: Random, org: Organisation) -> Iterator[Deed]:
    """The internet knocks: on the public site, and now and then at a login."""
    for _ in range(int(900 * org.busy) if "web" in org.systems else 0):
        at, address = org.start + rng.randrange(org.end - org.start), rng.choice(org.places.strangers)
        yield Deed(at, "web", "visit", "", address, rng.choice((STRANGER, org.people[0].agent)), "/careers")
    for system in sorted(org.systems & {"okta", "jira", "confluence"}):
        for _ in range(12):
            at, whom = org.start + rng.randrange(org.end - org.start), rng.choice(org.people)
            who, address = org.principal(system, whom.login), rng.choice(org.places.strangers)
            yield Deed(at, system, "login", who, address, STRANGER, refused=True)
