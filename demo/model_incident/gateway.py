"""What does the outgoing gateway's network log hold?

A push with times in nanoseconds since the epoch.
"""

from pathlib import Path
from random import Random

import orjson

from demo.model_incident import clock, write
from demo.model_incident import organisation as org
from demo.model_incident import script as s
from demo.model_incident.clock import MINUTE, SECOND
from demo.model_incident.gate import ACCOUNT
from demo.model_incident.organisation import Person, hexes
from demo.model_incident.world import World
from demo.model_incident.write import Line

_NAMES = [
    "updates.plugins",
    "mail.relay",
    "maps.freight",
    "news.daily",
    "weather.port",
    "cdn.fonts",
    "search.front",
    "video.calls",
    "docs.cloud",
    "packages.mirror",
    "time.pool",
    "tiles.maps",
    "ads.pixel",
    "rates.exchange",
    "customs.portal",
    "chat.team",
    "kestrel-cams",
    "static.kestrel",
]
SITES = tuple((f"{name}.example", f"198.51.100.{64 + n}") for n, name in enumerate(_NAMES))
JIRA_CALLS = (
    ("updates.plugins.example", "198.51.100.64", 443),
    ("mail.relay.example", org.MAIL_RELAY, 587),
    ("", org.GIT_SERVER, 443),
    ("time.pool.example", "198.51.100.74", 443),
)
BEAT = 71 * SECOND
DATACENTER_POLICY = ("3a1f6d52-0c4b-4e0f-9a77-b0d1c2e3f405", "Unfinished datacenter: deny")
STAFF_POLICY = ("91c7e0aa-5d1e-4f72-8c40-27f6b1d0a9e8", "Categories nobody needs at work")
NO_POLICY = ("", "")


def write_gateway(world: World, evidence: Path) -> None:
    """One compressed file a day."""
    rng = world.stream("gateway")
    records = [*_staff(rng, world), *_servers(rng), *_implant(rng)]
    days = write.by_day([record for record in records if record[0] < clock.END])
    for day, data in days.items():
        short = day.replace("-", "")
        name = f"{short}T000000Z_{short}T235959Z_{hexes(rng, 8)}.log.zst"
        write.zst(evidence / f"cloudflare/gateway_network/{short}/{name}", write.lines(data))


def _flow(
    rng: Random,
    at: int,
    source: str,
    destination: str,
    port: int,
    sni: str,
    person: Person | None = None,
    action: str = "allowedOnNoPolicyMatch",
) -> Line:
    policy = NO_POLICY
    if action == "block":
        policy = STAFF_POLICY if person else DATACENTER_POLICY
    record = {
        "AccountID": ACCOUNT,
        "Action": action,
        "Datetime": at * 1_000_000 + rng.randrange(1_000_000),
        "DestinationIP": destination,
        "DestinationPort": port,
        "DetectedProtocol": {443: "tls", 22: "ssh", 587: "smtp"}.get(port, ""),
        "DeviceID": person.device_id if person else "",
        "DeviceName": f"BW-{1000 + person.number}" if person else "",
        "Email": person.email if person else "",
        "OverrideIP": "",
        "OverridePort": 0,
        "PolicyID": policy[0],
        "PolicyName": policy[1],
        "SNI": sni,
        "SessionID": hexes(rng, 32),
        "SourceIP": source,
        "SourceInternalIP": "",
        "SourcePort": 1_024 + rng.randrange(64_000),
        "Transport": "tcp",
        "TransportProtocol": "tcp",
        "UserID": person.edge_id if person else "",
        "VirtualNetworkID": "00000000-0000-0000-0000-000000000000",
    }
    return at, orjson.dumps(record)


def _staff(rng: Random, world: World) -> list[Line]:
    made = []
    for visit in org.visits(rng, world.people, clock.arrivals(rng, world.some(5_500)), 7, 30):
        for instant in visit.instants:
            sni, destination = rng.choice(SITES)
            action = "allow" if rng.random() < 0.2 else "block" if rng.random() < 0.01 else "allowedOnNoPolicyMatch"
            made.append(_flow(rng, instant, visit.address, destination, 443, sni, visit.person, action))
    return made


def _servers(rng: Random) -> list[Line]:
    """The ticket servers' and the wiki's own traffic, before, during and after."""
    made = []
    for t in clock.every(rng, 10, 60):
        for source in (org.JIRA_SERVER, org.JIRA_SERVER_2, org.WIKI_SERVER):
            sni, destination, port = rng.choice(JIRA_CALLS)
            made.append(_flow(rng, t + rng.randrange(90 * SECOND), source, destination, port, sni))
    return made


def beats(rng: Random) -> list[int]:
    """When the implant called home: the first and the last beat are facts."""
    made, at = [s.IMPLANT_BEATS], s.IMPLANT_BEATS
    while at < s.LAST_ACTIVITY - 2 * BEAT:
        at += BEAT + rng.randrange(-9, 10) * SECOND
        made.append(at)
    return [*made, s.LAST_ACTIVITY]


def console_tries() -> list[tuple[int, int]]:
    """When the implant tried the console server of the unfinished datacenter, and on which port."""
    return [(s.CONSOLE_TRIED + turn * 157 * SECOND, (22, 443, 22)[turn % 3]) for turn in range(9)]


def _implant(rng: Random) -> list[Line]:
    payload = s.PLUGIN_INSTALLED + 3 * MINUTE
    made = [_flow(rng, payload, org.JIRA_SERVER, s.PAYLOAD_ADDRESS, 443, s.PAYLOAD_HOST)]
    made.append(_flow(rng, payload + 28 * SECOND, org.JIRA_SERVER, s.PAYLOAD_ADDRESS, 443, s.PAYLOAD_HOST))
    made += [_flow(rng, t, org.JIRA_SERVER, s.C2, 443, "") for t in beats(rng)]
    made += [
        _flow(rng, t, org.JIRA_SERVER, org.CONSOLE_SERVER, port, "", action="block") for t, port in console_tries()
    ]
    return made
