"""What does the edge account's audit log (v2) hold, as pushed files and as API pages?"""

from pathlib import Path
from random import Random
from typing import NamedTuple

import orjson

from demo.model_incident import clock, write
from demo.model_incident import organisation as org
from demo.model_incident import script as s
from demo.model_incident.clock import DAY, HOUR, MINUTE, SECOND
from demo.model_incident.credentials import missed
from demo.model_incident.gate import ACCOUNT
from demo.model_incident.organisation import Person, hexes, uuid
from demo.model_incident.world import World

Record = dict[str, object]
API = f"/client/v4/accounts/{ACCOUNT}"
PAGE_FROM = clock.at("2023-11-23T12:00:00")
TERRAFORM = ("7f6c1e0b9a2d4c5e8f00112233445566", "terraform-plan")
DASH = "dash"


class Act(NamedTuple):
    """One act on the account."""

    at: int
    method: str
    uri: str
    description: str
    product: str
    kind: str
    target: str
    email: str
    address: str
    agent: str
    token: tuple[str, str] | None = None
    result: str = "success"
    status: int = 200
    body: str = ""


def write_edge_audit(world: World, evidence: Path) -> None:
    """Pushed files by day, and an API page over the last day with the same records again."""
    rng = world.stream("edge audit")
    acts = [
        *_terraform(rng, world),
        *_staff(rng, world),
        *_rotation(rng, world),
        *_left_alive(world),
        *_incident(world),
    ]
    acts = sorted((act for act in acts if act.at < clock.END), key=lambda act: act.at)
    told = [(act, uuid(rng), hexes(rng, 16)) for act in acts]
    days = write.by_day([(act.at, orjson.dumps(_pushed(act, uid, ray))) for act, uid, ray in told])
    for day, data in days.items():
        short = day.replace("-", "")
        name = f"{short}T000000Z_{short}T235959Z_{hexes(rng, 8)}.log.gz"
        write.gz(evidence / f"cloudflare/audit_logs_v2/{short}/{name}", write.lines(data))
    latest = [_api(act, uid, ray) for act, uid, ray in reversed(told) if act.at >= PAGE_FROM]
    page = {
        "errors": [],
        "messages": [],
        "result": latest,
        "result_info": {"count": len(latest), "cursor": ""},
        "success": True,
    }
    write.plain(evidence / "cloudflare/api/logs-audit-page-1.json", orjson.dumps(page))


def _verb(method: str) -> str:
    return {"POST": "create", "PUT": "update", "PATCH": "update", "DELETE": "delete"}.get(method, "view")


def _request(act: Act) -> Record:
    return {"name": act.body} if act.body else {}


def _pushed(act: Act, uid: str, ray: str) -> Record:
    """The flat record of the push."""
    return {
        "AccountID": ACCOUNT,
        "AccountName": "Brightwater Freight",
        "ActionDescription": act.description,
        "ActionResult": act.result,
        "ActionTimestamp": clock.iso(act.at),
        "ActionType": _verb(act.method),
        "ActorContext": "api_token" if act.token else DASH,
        "ActorEmail": act.email,
        "ActorID": act.email.encode().hex().ljust(32, "0")[:32],
        "ActorIPAddress": act.address,
        "ActorTokenDetails": {"token_id": act.token[0], "token_name": act.token[1]} if act.token else {},
        "ActorType": "user",
        "AuditLogID": uid,
        "Raw": {
            "cf_ray_id": ray,
            "method": act.method,
            "status_code": act.status,
            "uri": act.uri,
            "user_agent": act.agent,
        },
        "ResourceID": act.target,
        "ResourceProduct": act.product,
        "ResourceRequest": _request(act),
        "ResourceResponse": {},
        "ResourceScope": "accounts",
        "ResourceType": act.kind,
        "ResourceValue": {},
        "ZoneID": "",
        "ZoneName": "",
    }


def _api(act: Act, uid: str, ray: str) -> Record:
    """The nested record of the API."""
    actor: Record = {
        "id": act.email.encode().hex().ljust(32, "0")[:32],
        "context": "api_token" if act.token else DASH,
        "email": act.email,
        "ip_address": act.address,
        "type": "user",
    }
    if act.token:
        actor |= {"token_id": act.token[0], "token_name": act.token[1]}
    return {
        "account": {"id": ACCOUNT, "name": "Brightwater Freight"},
        "action": {
            "description": act.description,
            "result": act.result,
            "time": clock.iso(act.at),
            "type": _verb(act.method),
        },
        "actor": actor,
        "id": uid,
        "raw": {
            "cf_ray_id": ray,
            "method": act.method,
            "status_code": act.status,
            "uri": act.uri,
            "user_agent": act.agent,
        },
        "resource": {
            "id": act.target,
            "product": act.product,
            "scope": "accounts",
            "type": act.kind,
            "request": _request(act),
            "response": {},
        },
        "zone": {},
    }


def _by(one: Person, at: int, method: str, uri: str, description: str, product: str, kind: str, target: str) -> Act:
    return Act(at, method, API + uri, description, product, kind, target, one.email, one.desk, one.agent)


def _terraform(rng: Random, world: World) -> list[Act]:
    """Plans look at the account day and night, with leaked API tokens while they lived, then with a fresh one."""
    leaked = world.of("cloudflare", "api_token")
    made = []
    for t in clock.every(rng, 15, 120):
        used = rng.choice(leaked)
        token = (used.uid, f"ci-{used.uid[:4]}") if used.alive_at(t) else TERRAFORM
        kind = rng.choice(("access/apps", "gateway/rules", "cfd_tunnel", "logpush/jobs"))
        act = _by(world.people[3], t, "GET", f"/{kind}", f"List {kind}", kind.split("/")[0], kind.split("/")[-1], "")
        made.append(
            act._replace(
                address=rng.choice(org.CI_RUNNERS),
                agent="Terraform/1.6.2 terraform-provider-cloudflare/4.17",
                token=token,
            )
        )
    return made


def _staff(rng: Random, world: World) -> list[Act]:
    made = []
    for count, t in enumerate(clock.arrivals(rng, world.some(1_200) + 30)):
        uid, one = uuid(rng), world.people[count % 7]
        choices = (
            _by(one, t, "PUT", f"/access/apps/{uid}", "Update Access application", "access", "apps", uid),
            _by(one, t, "POST", "/access/policies", "Create Access policy", "access", "policies", uid),
            _by(one, t, "PATCH", f"/gateway/rules/{uid}", "Update Gateway rule", "gateway", "rules", uid),
            _by(one, t, "GET", f"/access/service_tokens/{uid}", "View service token", "access", "service_tokens", uid),
            _by(one, t, "POST", "/cfd_tunnel", "Create tunnel", "tunnel", "cfd_tunnel", uid),
        )
        act = rng.choices(choices, (5, 2, 4, 3, 1))[0]
        made.append(act if rng.random() < 0.97 else act._replace(result="failure", status=403))
    return made


def _rotation(rng: Random, world: World) -> list[Act]:
    """A service token is rotated or deleted, an API token rolled or deleted."""
    made = []
    for killed, one in world.rotated("cloudflare", "service_token"):
        admin, uri = world.people[rng.randrange(4)], f"/access/service_tokens/{one.uid}"
        if rng.random() < 0.6:
            made.append(
                _by(admin, killed, "POST", f"{uri}/rotate", "Rotate service token", "access", "service_tokens", one.uid)
            )
        else:
            made.append(_by(admin, killed, "DELETE", uri, "Delete service token", "access", "service_tokens", one.uid))
    for killed, one in world.rotated("cloudflare", "api_token"):
        admin = world.people[rng.randrange(4)]
        if rng.random() < 0.5:
            made.append(
                _by(admin, killed, "PUT", f"/tokens/{one.uid}/value", "Roll API token", "accounts", "tokens", one.uid)
            )
        else:
            made.append(
                _by(admin, killed, "DELETE", f"/tokens/{one.uid}", "Delete API token", "accounts", "tokens", one.uid)
            )
    return made


def _left_alive(world: World) -> list[Act]:
    """The helpdesk's token had its expiry extended and its name edited, which kills nothing."""
    uid, admin = missed(world.exposed)[s.GATE_TOKEN].uid, world.people[2]
    uri, refreshed = f"/access/service_tokens/{uid}", clock.at("2023-10-19T10:12:44")
    return [
        _by(admin, refreshed, "POST", f"{uri}/refresh", "Refresh service token", "access", "service_tokens", uid),
        _by(admin, refreshed + 5 * DAY, "PUT", uri, "Update service token", "access", "service_tokens", uid)._replace(
            body=s.GATE_TOKEN
        ),
    ]


def _incident(world: World) -> list[Act]:
    """The intruder is refused at the dashboard; nine days later the security administrator closes the firewall."""
    admin, door = world.people[5], s.PROBE_STARTS + 6 * MINUTE
    refused = [
        Act(
            t,
            "POST",
            "/api/v4/login",
            "User login",
            "users",
            "login",
            "",
            f"{name}@{org.DOMAIN}",
            s.INTRUDER,
            s.FIREFOX,
            None,
            "failure",
            401,
        )
        for t, name in ((door, s.ADMIN_ACCOUNT), (door + 48 * SECOND, s.GATE_TOKEN))
    ]
    rule, ruleset = "b4c0ffee-1111-4222-a333-444455556666", "0d9f0e1c2b3a49588776655443322110"
    return [
        *refused,
        _by(
            admin, s.FIREWALL_CLOSED, "POST", "/gateway/rules", "Create Gateway rule", "gateway", "rules", rule
        )._replace(body="Block known intruder addresses", address=admin.home),
        _by(
            admin,
            s.FIREWALL_CLOSED + 4 * MINUTE,
            "POST",
            f"/rulesets/{ruleset}/rules",
            "Create firewall rule",
            "rulesets",
            "rulesets",
            ruleset,
        )._replace(body=f"Block {s.INTRUDER}", address=admin.home),
        _by(admin, s.PLUGIN_REMOVED - HOUR, "GET", "/gateway/rules", "List Gateway rules", "gateway", "rules", ""),
    ]
