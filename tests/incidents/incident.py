"""What lies on the responder's desk: evidence, some of it late; indicators, ledger, networks, totals; and the truth?"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from tests.incidents import chance, files, intruder, ledger, life, organisation, shows, traps, truth
from tests.incidents.deeds import DAY, HOUR, Deed, iso
from tests.incidents.files import LogFile
from tests.incidents.intruder import Intrusion
from tests.incidents.ledger import Ledger
from tests.incidents.organisation import Organisation
from tests.incidents.truth import Truth
from tests.incidents.vendors import bitbucket, cloudflare, cloudtrail, confluence, jira, okta, web

LARGE = {10, 28, 29}
CLOCKS = ("jira_access", "jira_audit", "confluence_access", "confluence_audit", "bitbucket_access", "bitbucket_audit")
TOTALS = {"ticket": ("jira", 48_211), "page": ("confluence", 9_310), "repository": ("bitbucket", 1_204)}


@dataclass(frozen=True)
class Incident:
    """An incident: what the responder holds, and what is true."""

    seed: int
    files: tuple[LogFile, ...]
    late: tuple[LogFile, ...]
    inputs: dict[str, bytes]  # indicators, exposed, networks, totals
    since: str | None
    until: str | None
    zone: str | None
    truth: Truth
    about: str


def behaviours(seed: int) -> frozenset[str]:
    """What the incident of a seed shows, before any log of it is written."""
    org, _, intrusion = _drawn(seed, chance.stream(seed, "incident"))
    return shows.shown(org, intrusion)


def _drawn(seed: int, rng: Random) -> tuple[Organisation, list[Deed], Intrusion]:
    org = organisation.drawn(seed, busy=3.0 if seed in LARGE else rng.choice((0.08, 0.15, 0.25)))
    ordinary = life.ordinary(org)
    return org, ordinary, intruder.drawn(org, ordinary)


def incident(seed: int) -> Incident:
    """The incident of a seed: always the same."""
    rng = chance.stream(seed, "incident")
    org, ordinary, intrusion = _drawn(seed, rng)
    exposed = ledger.drawn(org, intrusion)
    end = max(intrusion.last, org.exposed_at + 5 * DAY) + rng.randrange(30, 80) * HOUR
    ordinary = traps.moved(org, ordinary, tuple(one for one in org.robots if one not in intrusion.robots))
    lived = [kept for deed in ordinary if (kept := _survives(org, exposed, deed)) is not None]
    everything = [*lived, *traps.laid(org, org.people[4:], intrusion), *intrusion.deeds, *exposed.deeds]
    deeds = sorted((deed for deed in everything if deed.at < end), key=lambda deed: deed.at)
    logs = _logs(org, deeds, rng)
    tardy = 0.15 if rng.random() < 0.4 else 0.0
    late = tuple(one for one in logs if rng.random() < tardy)
    since, until = rng.choice((None, iso(org.exposed_at))), rng.choice((None, iso(end)))
    return Incident(
        seed,
        tuple(one for one in logs if one not in late),
        late,
        _inputs(org, rng, intrusion.published, exposed),
        since,
        until,
        org.zone if "bitbucket" in org.systems else None,
        truth.told(org, deeds, exposed, end if until else None),
        f"{'+'.join(sorted(org.systems))}, {len(org.people)} people",
    )


def _survives(org: Organisation, exposed: Ledger, deed: Deed) -> Deed | None:
    """What an integration still does after its credential ended: it is refused, or seen no more."""
    login = next((one.login for one in org.robots if one.system == deed.system and _is(org, one, deed)), "")
    paused = exposed.pauses.get(login)
    if paused and paused[0] <= deed.at < paused[1]:
        return None
    if login not in exposed.stops or deed.at < exposed.stops[login]:
        return deed
    told = deed.system in {"jira", "confluence"} or (deed.system == "bitbucket" and not deed.credential)
    return replace(deed, verb="unknown", who="", refused=True) if told else None


def _is(org: Organisation, robot: organisation.Robot, deed: Deed) -> bool:
    return deed.who == (robot.credential if robot.system == "gate" else org.principal(robot.system, robot.login))


def _logs(org: Organisation, deeds: list[Deed], rng: Random) -> list[LogFile]:
    """Every vendor's files, some exported twice; one of the sources has a clock that is off."""
    by_system: dict[str, list[Deed]] = {}
    for deed in deeds:
        by_system.setdefault(deed.system, []).append(deed)
    clocks = [one for one in CLOCKS if one.partition("_")[0] in org.systems] or list(CLOCKS)
    skew = {rng.choice(clocks): rng.choice((-1, 1)) * rng.randrange(20_000, 90_000)}
    writers: dict[str, Callable[[list[Deed]], list[LogFile]]] = {
        "okta": lambda some: okta.written(org, some, rng),
        "aws": lambda some: cloudtrail.written(org, some, rng),
        "jira": lambda some: jira.written(org, some, rng, skew),
        "confluence": lambda some: confluence.written(org, some, rng, skew),
        "bitbucket": lambda some: bitbucket.written(org, some, rng, skew),
        "web": lambda some: web.written(some, rng),
    }
    gate = [*by_system.pop("gate", []), *by_system.pop("cloudflare", [])]
    made = [one for system in sorted(by_system) for one in writers[system](by_system[system])]
    made += cloudflare.written(org, gate, rng) if gate else []
    made += files.overlapping(rng, made)
    twice = [replace(one, path=f"copy/{one.path}", packed=not one.packed) for one in made if rng.random() < 0.1]
    return [*made, *twice]


def _inputs(org: Organisation, rng: Random, published: tuple[str, ...], exposed: Ledger) -> dict[str, bytes]:
    networks = "\n".join(["network,label", *(f"{network},{label}" for network, label in org.places.networks), ""])
    totals = [f"{system},{kind},{total}" for kind, (system, total) in TOTALS.items() if system in org.systems]
    return {
        "indicators": _indicators(rng, published),
        "exposed": ledger.csv(org, exposed.rows),
        "networks": networks.encode(),
        "totals": "\n".join(["system,resource_kind,total", *totals, ""]).encode(),
    }


def _indicators(rng: Random, published: tuple[str, ...]) -> bytes:
    """A list, or a note in prose that defangs; an address or its network; and something that no log holds."""
    if rng.random() < 0.25:
        published = tuple(f"{one}/{64 if ':' in one else 31}" for one in published)
    if rng.random() < 0.5:
        return "\n".join(["indicator", *published, "unseen-update.example", ""]).encode()
    told = [one.replace(".", "[.]", 1) if ":" not in one else one for one in published]
    listed = "".join(f"  - {one}\n" for one in told)
    return f"Indicators of compromise\n========\n\n{listed}  - unseen-update[.]example\n".encode()
