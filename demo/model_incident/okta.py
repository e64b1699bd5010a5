"""What does the identity provider's system log hold, as API pages, as a stream and as bus events?"""

from pathlib import Path
from random import Random

import orjson

from demo.model_incident import clock, write
from demo.model_incident import okta_records as log
from demo.model_incident import organisation as org
from demo.model_incident import script as s
from demo.model_incident.clock import SECOND
from demo.model_incident.okta_records import Record, Seat
from demo.model_incident.organisation import token
from demo.model_incident.world import World
from demo.model_incident.write import Line

PAGE_LIMIT = 1_000
STREAM_FROM = clock.at("2023-11-01")
BUS_DAY = "2023-11-14"
PROVISIONING = "00T" + "P" * 17
PROVISIONER: Record = {
    "id": "00uprovision00000001",
    "type": "User",
    "alternateId": f"svc-provision@{org.DOMAIN}",
    "displayName": "svc provision",
    "detailEntry": None,
}
WRONG_PASSWORD = ("FAILURE", "INVALID_CREDENTIALS")
OPENING = (
    ("policy.evaluate_sign_on", "ALLOW"),
    ("user.session.start", "SUCCESS"),
    ("user.authentication.auth_via_mfa", "SUCCESS"),
)
MISTYPED = 0.07
LEAVES = 0.3
REPLACED = 0.6


def write_okta(world: World, evidence: Path) -> None:
    """October as API pages, November as a compressed stream, one day of it again from the event bus."""
    rng = world.stream("okta")
    records = [*_sessions(rng, world), *_provisioning(rng, world), *_rotation(rng, world), *_probes(rng, world)]
    days = write.by_day([record for record in records if record[0] < clock.END])
    for day, data in days.items():
        if clock.at(day) >= STREAM_FROM:
            write.gz(evidence / f"okta/system-log-{day}.jsonl.gz", write.lines(data))
            continue
        for start in range(0, len(data), PAGE_LIMIT):
            page = b"[" + b",".join(data[start : start + PAGE_LIMIT]) + b"]"
            write.plain(evidence / f"okta/pages/system-log-{day}-page{start // PAGE_LIMIT + 1}.json", page)
    write.plain(
        evidence / f"okta/eventbridge-{BUS_DAY}.jsonl", write.lines(_on_the_bus(record) for record in days[BUS_DAY])
    )


def _on_the_bus(record: bytes) -> bytes:
    event = orjson.loads(record)
    return orjson.dumps(
        {
            "version": "0",
            "id": event["uuid"][::-1].replace("-", "")[:8] + event["uuid"][8:],
            "detail-type": "SystemLog",
            "source": "aws.partner/okta.com/brightwater/system-log",
            "account": "111122223333",
            "time": event["published"],
            "region": "eu-west-3",
            "resources": [],
            "detail": event,
        }
    )


def _sessions(rng: Random, world: World) -> list[Line]:
    """A login, its second factor, the policy and some apps; now and then a wrong password first."""
    made = []
    for visit in org.visits(rng, world.people, clock.arrivals(rng, world.some(2_700)), 3, 500, log.session):
        me, start = log.user(visit.person), visit.instants[0]
        seat = Seat(me, log.client(rng, visit.address, visit.person.agent), visit.session)
        if rng.random() < MISTYPED:
            outside = seat._replace(session="unknown")
            made.append(log.event(rng, start - 9 * SECOND, "user.session.start", outside, None, WRONG_PASSWORD))
        for delay, (kind, result) in enumerate(OPENING):
            made.append(log.event(rng, start + delay * 700, kind, seat, [me], (result, None)))
        made += [
            log.event(rng, instant, "user.authentication.sso", seat, [log.app(rng), me])
            for instant in visit.instants[1:]
        ]
        if rng.random() < LEAVES:
            made.append(log.event(rng, visit.instants[-1] + 90 * SECOND, "user.session.end", seat))
    return made


def _provisioning(rng: Random, world: World) -> list[Line]:
    """Group synchronisation day and night, with leaked API tokens while they lived, then with one that never leaked."""
    leaked = world.of("okta", "api_token")
    made = []
    for t in clock.every(rng, 15, 300):
        used = rng.choice(leaked)
        uid = used.uid if used.alive_at(t) else PROVISIONING
        group = log.thing("00g" + "G" * 15 + f"{rng.randrange(40):02}", "UserGroup", f"depot-{rng.randrange(40)}")
        seat = Seat(PROVISIONER, log.client(rng, org.PROVISIONER, "provisioner/5.1"), "trs" + token(rng, 22))
        targets = [log.user(rng.choice(world.people)), group]
        made.append(log.event(rng, t, "group.user_membership.add", seat, targets, api_token=uid))
    return made


def _rotation(rng: Random, world: World) -> list[Line]:
    made = []
    for killed, one in world.rotated("okta", "api_token"):
        admin = world.people[rng.randrange(4)]
        seat = Seat(log.user(admin), log.client(rng, admin.desk, admin.agent), log.session(rng))
        dead = log.thing(one.uid, "Token", f"token of {one.principal}")
        if rng.random() < REPLACED:
            new = {**dead, "id": "00T" + token(rng, 17)}
            made.append(log.event(rng, killed - 240 * SECOND, "system.api_token.create", seat, [new]))
        made.append(log.event(rng, killed, "system.api_token.revoke", seat, [dead]))
    return made


def _probes(rng: Random, world: World) -> list[Line]:
    """The intruder tries the leaked accounts at the front door and is refused."""
    attempts = ((0, s.ADMIN_ACCOUNT), (31, s.ADMIN_ACCOUNT), (77, s.GATE_TOKEN), (112, s.GATE_TOKEN))
    made = []
    for delay, login in (*attempts, (190, world.people[0].login)):
        known = login != s.GATE_TOKEN
        actor = log.thing("00uservice" + login[:10].ljust(10, "0") if known else "unknown", "User", "unknown")
        seat = Seat(actor | {"alternateId": f"{login}@{org.DOMAIN}"}, log.client(rng, s.INTRUDER, s.FIREFOX), "unknown")
        outcome = WRONG_PASSWORD if known else ("FAILURE", "VERIFICATION_ERROR")
        at = s.PROBE_STARTS + delay * SECOND + 118
        made.append(log.event(rng, at, "user.session.start", seat, None, outcome))
    return made
