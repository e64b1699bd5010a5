"""What leaked, what became of it, and what may be said of it?"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from random import Random

from tests.incidents import chance
from tests.incidents.deeds import DAY, HOUR, MINUTE, Deed, iso
from tests.incidents.intruder import Intrusion
from tests.incidents.organisation import KINDS, Organisation, Robot

ENDS = {
    "service_account": ("password",),
    "access_key": ("disable", "delete"),
    "api_token": ("delete",),
    "service_token": ("delete", "rotate"),
    "ssh_key": ("delete",),
    "pat": ("delete",),
    "password": ("disable",),
}
SWITCHED_OFF = ("disable", "password")
CAN_COME_BACK = {"jira", "aws"}  # where a log tells that something was switched on again
SPELLED = {"gate": "Cloudflare", "aws": "AWS", "okta": "Okta", "jira": "Jira"}


@dataclass(frozen=True)
class Exposed:
    """A row of the ledger, with what a careful reader must say of it; `misused` is None where that is moot."""

    system: str
    kind: str
    credential: str
    principal: str
    verdict: str
    misused: bool | None

    @property
    def key(self) -> tuple[str, str, str]:
        """By which its verdict is found again."""
        system = "cloudflare" if self.system == "gate" else self.system
        return system, self.kind, self.credential or self.principal


@dataclass
class Ledger:
    """What leaked; the records of its end; and from when on the owners no longer used what had ended."""

    org: Organisation
    intrusion: Intrusion
    rng: Random
    rows: list[Exposed] = field(default_factory=list)
    deeds: list[Deed] = field(default_factory=list)
    stops: dict[str, int] = field(default_factory=dict)  # by the robot's login: then it is refused, or silent
    pauses: dict[str, tuple[int, int]] = field(default_factory=dict)  # by the robot's login: then it is silent

    def end(self, system: str, row: Exposed, at: int) -> None:
        """The issuer records the end of a credential."""
        ways = SWITCHED_OFF if (system, row.kind) == ("jira", "service_account") else ENDS[row.kind]
        self.deeds.append(_by_admin(self.org, system, "end", row, at, self.rng.choice(ways)))


def drawn(org: Organisation, intrusion: Intrusion) -> Ledger:
    """The ledger of an incident."""
    book = Ledger(org, intrusion, chance.stream(org.seed, "ledger"))
    for robot in org.robots:
        if robot in intrusion.robots:
            _misused(book, robot)
        elif book.rng.random() < 0.6:
            _spared(book, robot)
    for system in sorted(org.systems - {"web"}):
        _unused(book, system)
    if intrusion.person:
        system = "okta" if "okta" in org.systems else "jira"
        who = org.principal(system, intrusion.person.login)
        sure = any(deed.who == who and deed.hand == "sure" and not deed.refused for deed in intrusion.deeds)
        book.rows.append(Exposed(system, "password", "", who, "refuted", True if sure else None))
    return book


def _row(org: Organisation, robot: Robot, verdict: str = "", misused: bool | None = None) -> Exposed:
    by_account = robot.kind == "service_account"
    credential = robot.login if by_account else robot.credential
    principal = "" if by_account or robot.system == "gate" else org.principal(robot.system, robot.login)
    return Exposed(robot.system, robot.kind, credential, principal, verdict, misused)


def _misused(book: Ledger, robot: Robot) -> None:
    """Alive to this day; or ended after the intruder; or ended, switched on again, and at work again."""
    org, last = book.org, book.intrusion.last
    hands = {one.hand for one in book.intrusion.deeds if _is_use(org, one, robot) and not one.refused}
    misused = True if "sure" in hands else None if hands else False
    draw, verdict = book.rng.random(), "refuted"
    if 0.45 <= draw < 0.75 or (draw >= 0.75 and robot.system not in CAN_COME_BACK):
        verdict, book.stops[robot.login] = "proven", last + 2 * HOUR - 15 * MINUTE
        book.end(robot.system, _row(org, robot), last + 2 * HOUR)
    elif draw >= 0.75:
        off = _by_admin(org, robot.system, "end", _row(org, robot), last + 40 * MINUTE, "disable")
        on = replace(off, at=off.at + 50 * MINUTE, verb="enable")
        book.pauses[robot.login] = off.at - MINUTE, on.at + MINUTE
        book.deeds += [off, on]
    book.rows.append(_row(org, robot, verdict, misused))


def _is_use(org: Organisation, deed: Deed, robot: Robot) -> bool:
    if robot.credential:
        return deed.credential == robot.credential
    return deed.system == robot.system and deed.who == org.principal(robot.system, robot.login)


def _spared(book: Ledger, robot: Robot) -> None:
    """Leaked, and used by its owner alone: for good, or until it was rotated."""
    verdict = book.rng.choice(("refuted", "proven"))
    if verdict == "proven":
        at = book.org.exposed_at + book.rng.randrange(2 * HOUR, 2 * DAY)
        book.stops[robot.login] = at - 15 * MINUTE
        book.end(robot.system, _row(book.org, robot), at)
        if robot.system == "gate":  # the one log that names a dead credential at the door
            book.deeds.append(_in_vain(robot, book.intrusion, at + 3 * DAY))
    book.rows.append(_row(book.org, robot, verdict, misused=False))


def _in_vain(robot: Robot, intrusion: Intrusion, at: int) -> Deed:
    """The intruder tries what is dead already."""
    first = intrusion.deeds[0]
    uid = robot.credential
    return Deed(at, "gate", "token_login", uid, first.address, first.agent, credential=uid, refused=True, hand="sure")


def _unused(book: Ledger, system: str) -> None:
    """Never seen in any log: rotated, or left."""
    for number in range(book.rng.randint(1, 3)):
        kind = "pat" if system in {"jira", "confluence"} and number == 1 else KINDS[system]
        row = _invented(book.rng, book.org, system, kind, number)
        if book.rng.random() < 0.5:
            book.end(system, row, book.org.exposed_at + book.rng.randrange(HOUR, 3 * DAY))
            row = replace(row, verdict="proven")
        book.rows.append(row)


def _invented(rng: Random, org: Organisation, system: str, kind: str, number: int) -> Exposed:
    owner = org.principal(system, org.people[-1 - number].login)
    if kind == "pat":
        return Exposed(system, kind, f"laptop-{chance.digits(rng, 3)}", owner, "unknown", False)
    if kind == "service_account":
        return Exposed(system, kind, f"svc-old{number}", "", "unknown", False)
    credential = {
        "access_key": "AKIA" + chance.letters(rng, 16, chance.KEY_LETTERS),
        "api_token": "00T" + chance.letters(rng, 17),
        "service_token": chance.uuid(rng),
    }[kind]
    return Exposed(system, kind, credential, "" if system == "gate" else f"svc-old{number}", "unknown", False)


def _by_admin(org: Organisation, system: str, verb: str, row: Exposed, at: int, how: str) -> Deed:
    admin = org.admin(1)
    logged_by = "cloudflare" if system == "gate" else system
    key = f"AKIA{admin.login.upper().replace('.', ''):X<16}"[:20] if system == "aws" else ""
    who = admin.email if system in {"gate", "okta"} else admin.login
    thing, extra = row.credential or row.principal, f"{row.kind} {how} {row.principal or row.credential}"
    return Deed(at, logged_by, verb, who, admin.desk, admin.agent, thing, extra, f"adm{at % 9973}", key)


def csv(org: Organisation, rows: Iterable[Exposed]) -> bytes:
    """The ledger as a team would keep it."""
    lines = ["system,kind,credential_uid,principal,exposed_at"]
    for row in rows:
        credential = row.credential if row.kind != "service_account" or len(row.credential) % 2 else ""
        principal = row.principal or (row.credential if row.kind == "service_account" else "")
        system = SPELLED.get(row.system, row.system)
        lines.append(f"{system},{row.kind},{credential},{principal},{iso(org.exposed_at)}")
    return "\n".join([*lines, ""]).encode()
