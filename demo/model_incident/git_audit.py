"""What does Bitbucket's audit log hold?"""

from pathlib import Path
from random import Random

import orjson

from demo.model_incident import atlassian_audit as audit
from demo.model_incident import clock, write
from demo.model_incident import organisation as org
from demo.model_incident.atlassian_audit import AuditEvent, Kind, Object
from demo.model_incident.clock import MINUTE
from demo.model_incident.credentials import Exposed
from demo.model_incident.organisation import Person
from demo.model_incident.web import GIT
from demo.model_incident.world import World

USERS = ("Users and groups", "bitbucket.service.audit.category.usersandgroups", "USER_MANAGEMENT")
LOGINS = ("Authentication", "bitbucket.service.audit.category.authentication", "SECURITY", "FULL")
PERMISSIONS = ("Permissions", "bitbucket.service.audit.category.permissions", "PERMISSIONS")
TOKENS = "bitbucket.access.tokens.audit.action.accesstoken"
TOKEN_DELETED = Kind("Personal access token deleted", f"{TOKENS}deleted.personal", *USERS)
TOKEN_CREATED = Kind("Personal access token created", f"{TOKENS}created.personal", *USERS)
TOKEN_MODIFIED = Kind("Personal access token modified", f"{TOKENS}modified.personal", *USERS)
REPOSITORY_TOKEN_DELETED = Kind("Repository access token deleted", f"{TOKENS}deleted.repository", *USERS)
KEY_DELETED = Kind("SSH key deleted", "bitbucket.ssh.audit.action.sshkeydeleted", *USERS)
KEY_CREATED = Kind("SSH key created", "bitbucket.ssh.audit.action.sshkeycreated", *USERS)
PASSWORD = Kind("User password changed", "bitbucket.service.user.audit.action.usercredentialupdated", *USERS)
LOGIN = Kind("User login", "bitbucket.service.user.audit.action.authenticationsuccess", *LOGINS)
LOGIN_FAILED = Kind("User login failed", "bitbucket.service.user.audit.action.authenticationfailure", *LOGINS)
GRANTED = Kind(
    "Repository permission granted",
    "bitbucket.service.repository.audit.action.repositorypermissiongranted",
    *PERMISSIONS,
)
DETAILS = "bitbucket.audit.attribute.legacy.details"
NODE = "5b1f0a77-2c40-4e8e-9d3c-0c2f6ad8f101"
COLLECTOR: Object = {"id": "12", "name": "svc-siem", "type": "NORMAL", "uri": f"{GIT}/users/svc-siem"}


def audit_files(world: World) -> dict[str, bytes]:
    """The daily files, under their names."""
    days = write.by_day(audit.file_lines(all_events(world), GIT))
    return {f"{day.replace('-', '')}.00000.audit.log": write.lines(data) for day, data in days.items()}


def write_git_audit(files: dict[str, bytes], evidence: Path) -> None:
    """One file a day."""
    for name, data in files.items():
        write.plain(evidence / f"bitbucket/log/audit/{name}", data)


def all_events(world: World) -> list[AuditEvent]:
    """Ordinary life and the rotation of what leaked. The implant left no mark here at this level of logging."""
    rng = world.stream("git audit")
    events = [
        *audit.collected(rng, COLLECTOR, 500),
        *audit.covered(person(world.people[0]), world.people[0].desk),
        *_daily(rng, world),
        *_rotation(rng, world),
    ]
    return [event._replace(node=NODE) for event in events]


def person(one: Person) -> Object:
    """An employee, as author and as object alike."""
    return {"id": one.git_id, "name": one.login, "type": "NORMAL", "uri": f"{GIT}/users/{one.login}"}


def _target(user: Object) -> Object:
    return {**user, "type": "USER"}


def _legacy(value: dict[str, object]) -> Object:
    return audit.attribute("details", DETAILS, orjson.dumps(value).decode())


def _daily(rng: Random, world: World) -> list[AuditEvent]:
    made = []
    for t in clock.arrivals(rng, world.some(1_800) + 20):
        one, draw = rng.choice(world.people), rng.random()
        who, source = person(one), f"{org.address_of(rng, one, t)},{org.PROXY}"
        if draw < 0.75:
            kind = LOGIN if draw < 0.7 else LOGIN_FAILED
            extra = audit.attribute(
                "Authentication method", "bitbucket.service.user.audit.attribute.authentication.method", "form"
            )
            made.append(AuditEvent(t, kind, who, (_target(who),), extras=(extra,), source=source))
        else:
            repository = rng.choice(world.repositories)
            place: Object = {"id": str(rng.randrange(12_000)), "name": str(repository), "type": "REPOSITORY"}
            extra = audit.attribute("Permission", "bitbucket.service.audit.attribute.permission", "REPO_READ")
            made.append(AuditEvent(t, GRANTED, who, (place, _target(who)), extras=(extra,), source=source))
    return made


def _rotation(rng: Random, world: World) -> list[AuditEvent]:
    by_login = {one.login: one for one in world.people}
    made: list[AuditEvent] = []
    for killed, one in world.rotated("bitbucket", "access_token"):
        made += _token(rng, killed, one, by_login[one.principal], world.people[rng.randrange(4)])
    for killed, one in world.rotated("bitbucket", "ssh_key"):
        made += _ssh_key(rng, killed, one, by_login[one.principal])
    for killed, one in world.rotated("bitbucket", "service_account"):
        admin = world.people[rng.randrange(4)]
        user: Object = {
            "id": str(2_000 + int(one.uid.rsplit("-", 1)[1])),
            "name": one.uid,
            "type": "USER",
            "uri": f"{GIT}/users/{one.uid}",
        }
        details = audit.attribute("target", "bitbucket.audit.attribute.legacy.target", one.uid)
        made.append(AuditEvent(killed, PASSWORD, person(admin), (user,), extras=(details,), source=admin.desk))
    return made


def _token(rng: Random, killed: int, one: Exposed, owner: Person, admin: Person) -> list[AuditEvent]:
    """Deleted by an administrator; now and then it was only edited first, which proves nothing."""
    holder = {"id": owner.number + 101, "name": owner.login, "slug": owner.login}
    extra = _legacy(
        {"id": one.uid, "tokenOwner": holder, "name": f"token-{one.uid[-4:]}", "permissions": ["REPO_READ"]}
    )
    kind = REPOSITORY_TOKEN_DELETED if rng.random() < 0.15 else TOKEN_DELETED
    user = _target(person(owner))
    dead = AuditEvent(killed, kind, person(admin), (user,), extras=(extra,), source=f"{admin.desk},{org.PROXY}")
    if rng.random() < 0.05:
        return [dead._replace(at=killed - 30 * MINUTE, kind=TOKEN_MODIFIED), dead]
    return [dead]


def _ssh_key(rng: Random, killed: int, one: Exposed, owner: Person) -> list[AuditEvent]:
    dead = AuditEvent(
        killed,
        KEY_DELETED,
        person(owner),
        (_target(person(owner)),),
        extras=_key_extras(one.uid, owner),
        source=f"{owner.desk},{org.PROXY}",
    )
    new = dead._replace(at=killed + 2 * MINUTE, kind=KEY_CREATED, extras=_key_extras(str(20_000 + owner.number), owner))
    return [dead, new] if rng.random() < 0.7 else [dead]


def _key_extras(number: str, owner: Person) -> tuple[Object, ...]:
    public = f"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{owner.wiki_key} {owner.login}@laptop"
    return (
        audit.attribute("Key ID", "bitbucket.ssh.audit.attribute.keyid", number),
        audit.attribute("Public key", "bitbucket.ssh.audit.attribute.publickey", public),
        audit.attribute("Label", "bitbucket.ssh.audit.attribute.label", f"{owner.login}@laptop, work"),
    )
