"""What does the wiki's audit log hold?"""

from pathlib import Path
from random import Random

from demo.model_incident import atlassian_audit as audit
from demo.model_incident import clock, intrusion, wiki_access, write
from demo.model_incident import organisation as org
from demo.model_incident import script as s
from demo.model_incident.atlassian_audit import AuditEvent, Kind, Object
from demo.model_incident.clock import MINUTE, SECOND
from demo.model_incident.organisation import Person
from demo.model_incident.web import WIKI, Request
from demo.model_incident.world import World

SECURITY = ("Security", "audit.logging.category.security", "SECURITY")
USERS = ("Users and groups", "audit.logging.category.user.management", "USER_MANAGEMENT")
PERMISSIONS = ("Permissions", "audit.logging.category.permissions", "PERMISSIONS")
LOGIN = Kind("Login successful", "audit.logging.summary.login.success", *SECURITY, "FULL")
LOGIN_FAILED = Kind("Login failed", "audit.logging.summary.login.failed", *SECURITY, "FULL")
PASSWORD = Kind("User password changed", "audit.logging.summary.user.password.changed", *USERS)
JOINED = Kind("User added to group", "audit.logging.summary.group.membership.added", *USERS)
GRANTED = Kind("Space permission added", "audit.logging.summary.space.permission.added", *PERMISSIONS)
JOB = Kind(
    "Scheduled job run",
    "audit.logging.summary.scheduled.job.run",
    "Administration",
    "audit.logging.category.admin",
    "GLOBAL_CONFIG_AND_ADMINISTRATION",
)
COLLECTOR: Object = {
    "id": "4f0c5d6e00000000000000000000c011",
    "name": "svc-siem",
    "type": "user",
    "uri": f"{WIKI}/display/~svc-siem",
}


def write_wiki_audit(world: World, evidence: Path) -> None:
    """One file a day; the server is alone, so no node is named."""
    for day, data in write.by_day(audit.file_lines(all_events(world), WIKI)).items():
        write.plain(evidence / f"confluence/log/audit/{day.replace('-', '')}.00000.audit.log", write.lines(data))


def all_events(world: World) -> list[AuditEvent]:
    """Ordinary life, the rotation of what leaked, and the intruder's logins."""
    rng = world.stream("wiki audit")
    return [
        *audit.collected(rng, COLLECTOR, 400),
        *audit.covered(person(world.people[0]), world.people[0].desk),
        *_jobs(rng),
        *_logins(world),
        *_administration(rng, world),
        *_rotation(rng, world),
        *_refused(),
    ]


def person(one: Person) -> Object:
    """An employee as the author of an event."""
    return {"id": one.wiki_key, "name": one.name, "type": "user", "uri": f"{WIKI}/display/~{one.login}"}


def target(one: Person) -> Object:
    """An employee as the object of an event: here the login is the name."""
    return {"id": one.wiki_key, "name": one.login, "type": "User", "uri": f"{WIKI}/display/~{one.login}"}


def account(login: str) -> Object:
    """A service account as the object of an event."""
    return {
        "id": login.encode().hex().ljust(32, "0")[:32],
        "name": login,
        "type": "User",
        "uri": f"{WIKI}/display/~{login}",
    }


def _jobs(rng: Random) -> list[AuditEvent]:
    names = ("Flush Local Task Queue", "Clean Journal Entries", "Back Up Confluence", "Send Recommended Updates")
    return [
        AuditEvent(t, JOB, audit.SYSTEM, ({"name": names[n % 4], "type": "Scheduled job"},), method="System")
        for n, t in enumerate(clock.every(rng, 20, 5))
    ]


def _logins(world: World) -> list[AuditEvent]:
    """The author of a login is anonymous; who logged in is the object."""
    intruder = [request for request in intrusion.wiki_requests(world) if request.url == "/dologin.action"]
    accounts = {one.start: one.account for one in world.script.sittings}
    made = [_login(request, LOGIN, account(_nearest(accounts, request.at))) for request in intruder]
    by_login = {one.login: one for one in world.people}
    waiting: dict[str, Request] = {}
    for request in wiki_access.ordinary(world):
        if request.url == "/dologin.action":
            waiting[request.client] = request
        elif request.user in by_login and request.client in waiting:
            made.append(_login(waiting.pop(request.client), LOGIN, target(by_login[request.user])))
    return made


def _nearest(accounts: dict[int, str], instant: int) -> str:
    return accounts[max(start for start in accounts if start <= instant)]


def _login(request: Request, kind: Kind, user: Object) -> AuditEvent:
    extra = audit.attribute("Source", "audit.logging.extra.attribute.login.source", "direct")
    source = f"{request.client},{org.PROXY}"
    return AuditEvent(request.at + 55, kind, audit.ANONYMOUS, (user,), extras=(extra,), source=source)


def _administration(rng: Random, world: World) -> list[AuditEvent]:
    made = []
    for count, t in enumerate(clock.arrivals(rng, world.some(700) + 20)):
        admin, one = world.people[count % 4], rng.choice(world.people)
        space: Object = {"id": str(count % 14), "name": f"Space {count % 14}", "type": "Space"}
        change: Object = {
            "i18nKey": "audit.logging.changed.value.permission.type",
            "key": "Type",
            "to": rng.choice(("EDITSPACE", "SETPAGEPERMISSIONS")),
        }
        if rng.random() < 0.5:
            made.append(AuditEvent(t, GRANTED, person(admin), (space, target(one)), (change,), source=admin.desk))
        else:
            joined: Object = {"name": f"readers-{count % 9}", "type": "Group"}
            made.append(AuditEvent(t, JOINED, person(admin), (target(one), joined), source=admin.desk))
    return made


def _rotation(rng: Random, world: World) -> list[AuditEvent]:
    by_login = {one.login: one for one in world.people}
    made = []
    for killed, one in world.rotated("confluence", "pat"):
        admin, owner = world.people[rng.randrange(4)], by_login[one.principal]
        made.append(audit.token_event(killed, audit.PAT_DELETED, person(admin), target(owner), one.uid, admin.desk))
        if rng.random() < 0.3:
            again = killed + rng.randrange(10, 300) * MINUTE
            made.append(
                audit.token_event(again, audit.PAT_CREATED, person(owner), target(owner), f"{one.uid}-2023", owner.desk)
            )
    for killed, one in world.rotated("confluence", "service_account"):
        admin = world.people[rng.randrange(4)]
        made.append(AuditEvent(killed, PASSWORD, person(admin), (account(one.uid),), source=admin.desk))
    return made


def _refused() -> list[AuditEvent]:
    """The intruder tries the wiki too after the accounts were shut."""
    user = {"name": s.CREATED, "type": "User"}
    return [
        AuditEvent(
            s.REFUSALS_START + 95 * SECOND, LOGIN_FAILED, audit.ANONYMOUS, (user,), source=f"{s.INTRUDER},{org.PROXY}"
        )
    ]
