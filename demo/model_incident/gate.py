"""What does the access gateway hold: who was let in, by an identity or by a service token?

The list of requests shows people only; service tokens are seen through the analytics query alone.
"""

from pathlib import Path
from random import Random

import orjson

from demo.model_incident import clock, write
from demo.model_incident import organisation as org
from demo.model_incident import script as s
from demo.model_incident.clock import HOUR, MINUTE, SECOND
from demo.model_incident.credentials import missed
from demo.model_incident.organisation import hexes, uuid
from demo.model_incident.world import World

Record = dict[str, object]
APPS = (("jira", "a1"), ("wiki", "b2"), ("git", "c3"), ("depot", "d4"))
ACCOUNT = "5be0a1c37d924f0e8a6655d1f0c2b7e4"
DASHBOARD = f"console.edge.{org.DOMAIN}/"
PAGE_FROM = clock.END - 12 * HOUR
DUPLICATES = 0.004


def write_gate(world: World, evidence: Path) -> None:
    """Pushed files with duplicates, an API page over the last hours, and the answers of the analytics query."""
    rng = world.stream("gate")
    people = _identity_logins(rng, world)
    days: dict[str, list[bytes]] = {}
    for at, record in people:
        copies = 2 if rng.random() < DUPLICATES else 1
        days.setdefault(clock.date_of(at), []).extend([orjson.dumps(record)] * copies)
    for day, data in days.items():
        short = day.replace("-", "")
        rng.shuffle(data)
        name = f"{short}T000000Z_{short}T235959Z_{hexes(rng, 8)}.log.gz"
        write.gz(evidence / f"cloudflare/access_requests/{short}/{name}", write.lines(data))
    latest = [as_api(record) for at, record in reversed(people) if at >= PAGE_FROM]
    page: Record = {"success": True, "errors": [], "messages": [], "result": latest}
    write.plain(evidence / "cloudflare/api/access_requests-page-1.json", orjson.dumps(page))
    write.plain(evidence / "cloudflare/access_requests/ownership-challenge-5d1f.txt", b'{"content":"tests"}\n')
    _write_tokens(rng, world, evidence)


def _identity_logins(rng: Random, world: World) -> list[tuple[int, Record]]:
    made = []
    for visit in org.visits(rng, world.people, clock.arrivals(rng, world.some(6_500)), 1, 20):
        for instant in visit.instants:
            allowed = rng.random() < 0.98
            made.append(
                (
                    instant,
                    _login(
                        rng,
                        instant,
                        visit.person.email,
                        visit.person.edge_id,
                        visit.address,
                        APPS[instant % 4],
                        allowed,
                    ),
                )
            )
    watcher = (f"synthetic-check@{org.DOMAIN}", "7d0c2f0e-0000-4000-a000-00000000c4ec")
    made += [
        (t, _login(rng, t, *watcher, org.PROBE_EGRESS, APPS[t % 3], allowed=True)) for t in clock.every(rng, 15, 60)
    ]
    refused = _login(
        rng, s.PROBE_STARTS + 9 * MINUTE, f"{s.GATE_TOKEN}@{org.DOMAIN}", "", s.INTRUDER, APPS[0], allowed=False
    )
    made.append((s.PROBE_STARTS + 9 * MINUTE, refused | {"AppDomain": DASHBOARD}))
    return sorted((one for one in made if one[0] < clock.END), key=lambda one: one[0])


def _login(rng: Random, at: int, email: str, user: str, address: str, app: tuple[str, str], allowed: bool) -> Record:
    name, tail = app
    return {
        "Action": "login",
        "Allowed": allowed,
        "AppDomain": f"{name}.{org.DOMAIN}/",
        "AppUUID": f"6f0d1c2b-77aa-4c11-9d3e-0000000000{tail}",
        "Connection": "okta" if rng.random() < 0.97 else "onetimepin",
        "Country": rng.choice(("fr", "gb", "pt")),
        "CreatedAt": clock.iso(at),
        "Email": email,
        "IPAddress": address,
        "PurposeJustificationPrompt": "",
        "PurposeJustificationResponse": "",
        "RayID": hexes(rng, 16),
        "TemporaryAccessApprovers": [],
        "TemporaryAccessDuration": 0,
        "UserUID": user,
    }


def as_api(record: Record) -> Record:
    """The same login as the API tells it."""
    return {
        "action": record["Action"],
        "allowed": record["Allowed"],
        "app_domain": record["AppDomain"],
        "app_uid": record["AppUUID"],
        "connection": record["Connection"],
        "created_at": record["CreatedAt"],
        "ip_address": record["IPAddress"],
        "ray_id": record["RayID"],
        "user_email": record["Email"],
    }


def _write_tokens(rng: Random, world: World, evidence: Path) -> None:
    """One answer of the analytics query for each day."""
    logins = sorted(_token_logins(rng, world), key=lambda one: one[0])
    days: dict[str, list[Record]] = {}
    for at, dimensions in logins:
        days.setdefault(clock.date_of(at), []).append({"dimensions": dimensions})
    for day, groups in days.items():
        answer = {"data": {"viewer": {"accounts": [{"accessLoginRequestsAdaptiveGroups": groups}]}}, "errors": None}
        write.plain(evidence / f"cloudflare/graphql/access-logins-{day}.json", orjson.dumps(answer))


def intruder_logins(world: World) -> list[tuple[int, str]]:
    """When the intruder came through the gate with the leaked token, and from where."""
    sittings = [*world.script.sittings, *world.script.checks[2:], world.script.takeover, world.script.administrator]
    made = [
        (one.start if one.start in {s.GATE_OPENS, s.PAUSE_ENDS} else one.start - 3 * SECOND, one.address)
        for one in sittings
    ]
    return [
        *made,
        (s.REFUSALS_START - 5 * SECOND, s.INTRUDER_UNPUBLISHED),
        (s.REFUSALS_START + 88 * SECOND, s.INTRUDER),
    ]


def _token_logins(rng: Random, world: World) -> list[tuple[int, Record]]:
    helpdesk = missed(world.exposed)[s.GATE_TOKEN].uid
    made = [
        (t, _token_login(rng, t, rng.choice(org.HELPDESK_EGRESS), helpdesk))
        for t in clock.every(rng, 60, 90, offset_s=240)
    ]
    probe, cache = "0b7e55aa-90c1-4d18-a7f0-3c2d9e8f1a01", "c11d8e02-4f7a-4b3c-a2e9-6d0f5b7c9e02"
    made += [(t, _token_login(rng, t, org.PROBE_EGRESS, probe)) for t in clock.every(rng, 15, 30)]
    made += [(t, _token_login(rng, t, rng.choice(org.CI_RUNNERS), cache)) for t in clock.every(rng, 20, 120)]
    for killed, one in world.rotated("cloudflare", "service_token"):
        address = f"198.51.100.{rng.randrange(20, 31)}"
        made += [(t, _token_login(rng, t, address, one.uid)) for t in clock.arrivals(rng, 30, killed - 2 * MINUTE)]
        late = killed + rng.randrange(5, 600) * MINUTE
        if rng.random() < 0.5:
            made.append((late, _token_login(rng, late, address, one.uid, success=0)))
    made += [(t, _token_login(rng, t, address, helpdesk)) for t, address in intruder_logins(world)]
    blocked = (s.FIREWALL_CLOSED + 14 * MINUTE, clock.at("2023-11-24T08:12:19"))
    made += [(t, _token_login(rng, t, s.INTRUDER, helpdesk, success=0)) for t in blocked]
    return made


def _token_login(rng: Random, at: int, address: str, uid: str, success: int = 1) -> Record:
    return {
        "datetime": clock.iso(at),
        "isSuccessfulLogin": success,
        "cfRayId": hexes(rng, 16),
        "ipAddress": address,
        "userUuid": "",
        "identityProvider": "nonidentity",
        "country": "NL" if address in {s.INTRUDER, s.INTRUDER_UNPUBLISHED} else "FR",
        "deviceId": "",
        "approvingPolicyId": uuid(rng) if success else "",
        "hasExistingJWT": 0,
        "hasWarpEnabled": 0,
        "hasGatewayEnabled": 0,
        "mtlsStatus": "NONE",
        "mtlsCertSerialId": "",
        "mtlsCommonName": "",
        "serviceTokenId": uid,
    }
