"""What does the intruder do with what leaked: where from, with which client, and how far?"""

from dataclasses import dataclass, field, replace
from random import Random

from tests.incidents import chance
from tests.incidents.deeds import HOUR, MINUTE, SECOND, Deed, Hand
from tests.incidents.organisation import Organisation, Person, Robot

CLIENTS = (
    "python-requests/2.31.0",
    "curl/8.4.0",
    "Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 Firefox/115.0",
    "Go-http-client/2.0",
)
SSH_CLIENT = "SSH-2.0-libssh2_1.11.0"
SOUGHT = ("secret", "client-secret", "vpn password", "remote access", "token", "openconnect", "ssh key")
NEW_NAMES = ("m.brook", "t.ostler", "p.vance", "helpdesk2", "svc-monitor2", "r.quill")
KIND_OF_ACT = {
    "jira": ("ticket", ("view", "view", "view", "search")),
    "confluence": ("page", ("view", "view", "export", "search")),
    "bitbucket": ("repository", ("view", "archive", "clone")),
    "aws": ("object", ("get_object", "get_object", "get_secret", "list", "identity")),
    "okta": ("app", ("sso",)),
}


@dataclass(frozen=True)
class Way:
    """With what the intruder comes in: an account of a system, and how it is named there."""

    system: str
    who: str
    credential: str = ""
    ssh: bool = False
    human: bool = False
    robot: Robot | None = None


@dataclass(frozen=True)
class Seat:
    """A way, from an address, with a client, in a session."""

    way: Way
    address: str
    agent: str
    session: str
    hand: Hand = "sure"


@dataclass
class Plan:
    """The intrusion while it is drawn up."""

    org: Organisation
    rng: Random
    agent: str
    published: tuple[str, ...]
    hidden: list[str]
    clock: int
    deeds: list[Deed] = field(default_factory=list)

    def fresh(self) -> str:
        """An address that the intruder did not use before, and that nobody publishes."""
        return self.hidden.pop()

    def later(self, low: int = 2 * HOUR, high: int = 16 * HOUR) -> int:
        """When the next sitting begins."""
        self.clock += self.rng.randrange(low, high)
        return self.clock

    def seat(self, way: Way, address: str, hand: Hand = "sure") -> Seat:
        """A new session; the gate's log names no client, so there a new address alone proves nothing."""
        if way.system == "gate" and address not in self.published:
            hand = "possible"
        return Seat(way, address, SSH_CLIENT if way.ssh else self.agent, chance.letters(self.rng, 6).lower(), hand)

    def do(self, seat: Seat, at: int, verb: str, thing: str = "", extra: str = "", *, refused: bool = False) -> None:
        """One act."""
        way = seat.way
        self.deeds.append(
            Deed(
                at, way.system, verb, way.who, seat.address, seat.agent, thing, extra, seat.session, way.credential,
                refused, seat.hand,
            )
        )  # fmt: skip


@dataclass(frozen=True)
class Intrusion:
    """What was done, and through which of the leaked credentials: surely, or as far as one can suspect."""

    deeds: tuple[Deed, ...]
    published: tuple[str, ...]
    robots: tuple[Robot, ...]
    person: Person | None
    last: int


def drawn(org: Organisation, life: list[Deed]) -> Intrusion:
    """The intrusion of an incident."""
    rng = chance.stream(org.seed, "intruder")
    published = org.places.published if rng.random() < 0.7 else ()
    agent = rng.choice(CLIENTS)
    start = org.exposed_at + rng.randrange(6 * HOUR, 30 * HOUR)
    plan = Plan(org, rng, agent, published, list(org.places.hidden), start)
    robots = _victims(rng, org)
    person = org.people[3] if rng.random() < 0.5 and org.systems & {"jira", "okta"} else None
    for robot in robots:
        _work(plan, _way_of(org, robot), life)
    if person:
        _as_person(plan, person)
    return Intrusion(tuple(plan.deeds), published, robots, person, plan.clock)


def _victims(rng: Random, org: Organisation) -> tuple[Robot, ...]:
    """One to three integrations, of which at least one can read something."""
    reading = [one for one in org.robots if one.system in {"jira", "confluence", "bitbucket", "aws"}]
    first = rng.choice(reading)
    others = [one for one in org.robots if one is not first and one.system != first.system]
    return (first, *rng.sample(others, min(len(others), rng.randint(0, 2))))


def _way_of(org: Organisation, robot: Robot) -> Way:
    who = robot.credential if robot.system == "gate" else org.principal(robot.system, robot.login)
    return Way(robot.system, who, robot.credential, robot.ssh, robot=robot)


def _work(plan: Plan, way: Way, life: list[Deed]) -> None:
    """Everything that is done through one integration's credential."""
    rng = plan.rng
    home = rng.choice(plan.published) if plan.published and rng.random() < 0.8 else plan.fresh()
    seat = plan.seat(way, home)
    _interleaved(plan, seat, life)
    if way.system in {"jira", "bitbucket"} and not way.ssh and rng.random() < 0.5:
        _read(plan, replace(seat, address=plan.fresh()), plan.clock + rng.randrange(4 * MINUTE, 12 * MINUTE))
    if rng.random() < 0.5:
        _read(plan, plan.seat(way, plan.fresh()), plan.later())
    if way.system == "jira" and "confluence" in plan.org.systems and rng.random() < 0.5:
        _read(plan, plan.seat(Way("confluence", way.who), home), plan.clock + 3 * MINUTE)
    if rng.random() < 0.3:
        _read(plan, plan.seat(way, plan.org.places.shared), plan.later())
    if rng.random() < 0.25 and way.robot:
        mimic = replace(plan.seat(way, plan.fresh(), "possible"), agent=way.robot.agent)
        _read(plan, mimic, plan.later())
    for near in (plan.org.places.vpn, plan.org.places.neighbour):
        if rng.random() < (0.7 if way.system == "confluence" else 0.25):
            _read(plan, plan.seat(way, near, "possible"), plan.later())
    if way.system == "jira" and rng.random() < 0.4:
        _take_over(plan, seat)
    if (way.system == "okta" or rng.random() < 0.6) and way.system != "gate" and not way.ssh:
        _settle(plan, seat)


def _interleaved(plan: Plan, seat: Seat, life: list[Deed]) -> None:
    """The first sitting lies between the very acts of the integration, to the second."""
    after = plan.later(MINUTE, 4 * HOUR)
    theirs = [deed.at for deed in life if deed.who == seat.way.who and deed.at > after]
    _read(plan, seat, min(theirs, default=after) + SECOND, step=2 * SECOND)


def _read(plan: Plan, seat: Seat, at: int, *, step: int = 0) -> None:
    """One sitting of reading: some of it refused."""
    wanders = seat.address in plan.org.places.hidden and plan.rng.random() < 0.5
    for verb, thing, refused in _acts(plan, seat.way):
        seat = replace(seat, address=_beside(plan.rng, seat.address)) if wanders else seat
        plan.do(seat, at, verb, thing, "vpn-users" if verb == "grant" else "", refused=refused)
        at += step or plan.rng.randrange(3 * SECOND, 70 * SECOND)
    plan.clock = max(plan.clock, at)


def _acts(plan: Plan, way: Way) -> list[tuple[str, str, bool]]:
    rng, things = plan.rng, plan.org.things
    if way.system == "gate":
        return [("token_login", "", rng.random() < 0.2) for _ in range(rng.randint(1, 3))]
    if way.system == "okta" and not way.human:
        return [("grant", rng.choice(plan.org.people[4:]).email, False)]
    kind, verbs = KIND_OF_ACT[way.system]
    made = []
    for _ in range(rng.randint(6, 24)):
        verb = "clone" if way.ssh else rng.choice(verbs)
        thing = {"search": rng.choice(SOUGHT), "get_secret": rng.choice(things["secret"])}.get(
            verb, rng.choice(things[kind])
        )
        made.append((verb, "" if verb in {"list", "identity"} else thing, rng.random() < 0.15 and verb != "search"))
    return made


def _beside(rng: Random, address: str) -> str:
    """Another address of the same host, as IPv6 draws them anew."""
    return f"{address.split('::', maxsplit=1)[0]}::{rng.randrange(2, 0xFFFF):x}" if ":" in address else address


def _take_over(plan: Plan, seat: Seat) -> None:
    """A forgotten account gets a new password, and is used from the same place at once."""
    at, forgotten = plan.later(), f"old.{plan.rng.choice(NEW_NAMES)}"
    plan.do(replace(seat, session=chance.letters(plan.rng, 6).lower()), at, "reset", forgotten)
    taken = plan.seat(Way(seat.way.system, forgotten, human=True), seat.address)
    plan.do(taken, at + 2 * MINUTE, "login")
    _read(plan, taken, at + 2 * MINUTE + 11 * SECOND)


def _settle(plan: Plan, seat: Seat) -> None:
    """Make a second account, give it rights, work as it from elsewhere; leave a token or an app behind."""
    rng, org, system = plan.rng, plan.org, seat.way.system
    at, name = plan.later(), org.principal(system, rng.choice(NEW_NAMES))
    seat = replace(seat, session=chance.letters(rng, 6).lower())
    plan.do(seat, at, "create_account", name)
    plan.do(seat, at + 40 * SECOND, "grant", name, rng.choice(("administrators", "vpn-users")))
    if system in {"jira", "confluence"} and rng.random() < 0.5:
        plan.do(seat, at + 90 * SECOND, "install", f"com.{rng.choice(('quickfix', 'boardlet'))}.runner")
    if system == "jira" and rng.random() < 0.4:
        plan.do(seat, at + 150 * SECOND, "grant", seat.way.who, "administrators")
    plan.clock = at + 5 * MINUTE
    if system == "aws":
        _keys(plan, seat, name)
        return
    account = plan.seat(Way(system, name, human=True), plan.fresh())
    plan.do(account, plan.later(10 * MINUTE, 20 * HOUR), "login")
    _read(plan, account, plan.clock + 9 * SECOND)
    if rng.random() < 0.5:
        inside = plan.seat(account.way, org.places.vpn)
        plan.do(inside, plan.later(), "login")
        _read(plan, inside, plan.clock + 9 * SECOND)
    if system in {"jira", "bitbucket", "okta"} and rng.random() < 0.6:
        _token(plan, account)


def _token(plan: Plan, seat: Seat) -> None:
    """A token for the second account; only Okta's log shows the use of one."""
    rng = plan.rng
    system, at = seat.way.system, plan.later()
    names = {"jira": f"sync-{chance.digits(rng, 4)}", "bitbucket": chance.digits(rng, 12)}
    token = names.get(system) or "00T" + chance.letters(rng, 17)
    plan.do(seat, at, "mint", token, seat.way.who)
    if system == "okta":
        user = replace(plan.seat(replace(seat.way, credential=token), plan.fresh()), agent="okta-sdk-python/2.9.5")
        plan.do(user, plan.later(), "grant", seat.way.who, "vpn-users")


def _keys(plan: Plan, seat: Seat, name: str) -> None:
    """An access key for the second account, or a role taken on; used from elsewhere."""
    rng, at = plan.rng, plan.clock
    if rng.random() < 0.6:
        key = "AKIA" + chance.letters(rng, 16, chance.KEY_LETTERS)
        plan.do(seat, at, "mint", key, name)
        _read(plan, plan.seat(Way("aws", name, key), plan.fresh()), plan.later())
    else:
        role = rng.choice(("deploy", "backup"))
        key = "ASIA" + chance.letters(rng, 16, chance.KEY_LETTERS)
        plan.do(seat, at, "assume", f"arn:aws:iam::111122223333:role/{role}", key)
        _read(
            plan,
            plan.seat(Way("aws", f"{role}/{seat.way.who}", key), plan.fresh()),
            plan.later(3 * MINUTE, 40 * MINUTE),
        )


def _as_person(plan: Plan, person: Person) -> None:
    """A person's account: from a published address surely the intruder, from elsewhere perhaps a journey."""
    org, system = plan.org, "okta" if "okta" in plan.org.systems else "jira"
    way = Way(system, org.principal(system, person.login), human=True)
    if plan.published:
        seat = plan.seat(way, plan.rng.choice(plan.published))
        plan.do(seat, plan.later(), "login")
        _read(plan, seat, plan.clock + 5 * SECOND)
        if plan.rng.random() < 0.6:
            _read(plan, replace(seat, address=plan.fresh()), plan.clock + 6 * MINUTE)
    else:
        seat = plan.seat(way, plan.fresh(), "possible")
        plan.do(seat, plan.later(), "login")
        _read(plan, seat, plan.clock + 5 * SECOND)
