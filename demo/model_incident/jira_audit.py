"""What does Jira's audit log hold: logins, people, groups, tokens, plugins?"""

from pathlib import Path
from random import Random

from demo.model_incident import atlassian_audit as audit
from demo.model_incident import clock, intrusion, jira_access, write
from demo.model_incident import organisation as org
from demo.model_incident import script as s
from demo.model_incident.atlassian_audit import AuditEvent, Kind, Object
from demo.model_incident.clock import DAY, MINUTE, SECOND
from demo.model_incident.organisation import Person
from demo.model_incident.web import JIRA, Request
from demo.model_incident.world import World

NODES = ("8f2c11d0-jira-1", "8f2c11d0-jira-2")
USERS = ("User management", "jira.auditing.category.usermanagement", "USER_MANAGEMENT")
GROUPS = ("Group management", "jira.auditing.category.groupmanagement", "USER_MANAGEMENT")
SECURITY = ("Security", "jira.auditing.category.security", "SECURITY")
PLUGINS = ("Apps", "upm.auditing.category.apps", "ECOSYSTEM")
LOGGED_IN = Kind("User logged in", "jira.auditing.user.logged.in", *SECURITY, "FULL")
LOGIN_FAILED = Kind("User login failed", "jira.auditing.user.login.failed", *SECURITY, "FULL")
WEBSUDO = Kind("Websudo session started", "jira.auditing.websudo.session.started", *SECURITY, "ADVANCED")
CREATED = Kind("User created", "jira.auditing.user.created", *USERS)
UPDATED = Kind("User updated", "jira.auditing.user.updated", *USERS)
PASSWORD = Kind("User's password changed", "jira.auditing.user.password.changed", *USERS)
JOINED = Kind("User added to group", "jira.auditing.user.added.to.group", *GROUPS)
LEFT = Kind("User removed from group", "jira.auditing.user.removed.from.group", *GROUPS)
INSTALLED = Kind("App installed", "upm.auditing.plugin.installed", *PLUGINS)
ENABLED = Kind("App enabled", "upm.auditing.plugin.enabled", *PLUGINS)
UPGRADED = Kind("App upgraded", "upm.auditing.plugin.upgraded", *PLUGINS)
UNINSTALLED = Kind("App uninstalled", "upm.auditing.plugin.uninstalled", *PLUGINS)
SERVICE_IDS = {"svc-sheets": "10031", "svc-siem": "10012", "svc-helpdesk": "10027", s.CREATED: s.CREATED_ID}
PAGE_FROM = clock.at("2023-11-22T00:00:00")
PAGE_LIMIT = 1_000
ORDINARY_GROUPS = (
    "jira-software-users",
    "depot-leads",
    "fleet-editors",
    "finance-readers",
    "confluence-users",
    "netops-readers",
)


def write_jira_audit(world: World, evidence: Path) -> None:
    """Daily files of two nodes, and one page of the API over the last days, with the same events again."""
    events = audit.in_order(all_events(world))
    placed = [event._replace(node=event.node or NODES[count % 3 == 0]) for count, event in enumerate(events)]
    for number, node in enumerate(NODES, start=1):
        mine = [event for event in placed if event.node == node]
        for day, data in write.by_day(audit.file_lines(mine, JIRA)).items():
            name = f"{day.replace('-', '')}.00000.audit.log"
            write.plain(evidence / f"jira/node{number}/log/audit/{name}", write.lines(data))
    latest = [event for event in placed if event.at >= PAGE_FROM][-PAGE_LIMIT:]
    write.plain(evidence / "jira/export/auditing-events-page-1.json", audit.page(latest, JIRA))


def all_events(world: World) -> list[AuditEvent]:
    """Ordinary life, the rotation of what leaked, and the intruder."""
    rng = world.stream("jira audit")
    return [
        *audit.collected(rng, account("svc-siem"), 300, NODES[1]),
        *audit.covered(person(world.people[0]), world.people[0].desk, NODES[0]),
        *_logins(world),
        *_administration(rng, world),
        *_rotation(rng, world),
        *_intruder(),
        *_response(world),
    ]


def account(login: str) -> Object:
    """An account as the author of an event."""
    uri = f"{JIRA}/secure/ViewProfile.jspa?name={login}"
    return {"id": SERVICE_IDS.get(login, "10090"), "name": login, "type": "user", "uri": uri}


def person(one: Person) -> Object:
    """An employee as the author of an event."""
    return {
        "id": one.jira_id,
        "name": one.login,
        "type": "user",
        "uri": f"{JIRA}/secure/ViewProfile.jspa?name={one.login}",
    }


def target(author: Object) -> Object:
    """The same account as the object of an event: another id for the same person."""
    return {**author, "id": f"JIRAUSER{author['id']}", "type": "USER"}


def group(name: str) -> Object:
    """A group."""
    return {"name": name, "type": "GROUP"}


def _logins(world: World) -> list[AuditEvent]:
    """Every login that the access log shows, by the intruder or not."""
    requests = [*jira_access.ordinary(world), *intrusion.jira_requests(world)]
    first = {one.login: one for one in world.people}
    users = {request.session: request.user for request in requests if request.user != "-" and request.session != "-"}
    made = []
    for request in requests:
        if request.method == "POST" and request.url == "/login.jsp" and request.session in users:
            login = users[request.session]
            author = person(first[login]) if login in first else account(login)
            made.append(_login(request, LOGGED_IN, author))
        elif request.url == "/rest/auth/1/session":
            login = s.CREATED if request.client == s.INTRUDER_UNPUBLISHED else s.ADMIN_ACCOUNT
            made.append(_login(request, LOGIN_FAILED, account(login))._replace(author=audit.ANONYMOUS))
        elif request.url == "/secure/admin/WebSudoAuthenticate.jspa":
            made.append(_login(request, WEBSUDO, account(request.user)))
    return made


def _login(request: Request, kind: Kind, author: Object) -> AuditEvent:
    return AuditEvent(request.at + 40, kind, author, objects=(target(author),), source=f"{request.client},{org.PROXY}")


def _administration(rng: Random, world: World) -> list[AuditEvent]:
    """Administrators create people, move them between groups and upgrade apps, as they do."""
    made = []
    for count, t in enumerate(clock.arrivals(rng, world.some(900) + 40)):
        admin, one = world.people[count % 4], rng.choice(world.people)
        who = person(admin)
        joined = AuditEvent(
            t, JOINED, who, (group(rng.choice(ORDINARY_GROUPS)), target(person(one))), source=admin.desk
        )
        draw = rng.random()
        if draw < 0.12:
            made += [_created(t - 40 * SECOND, who, person(one), one.name, one.email, admin.desk), joined]
        elif draw < 0.17:
            made.append(joined._replace(kind=LEFT))
        elif draw < 0.19:
            app = {"id": f"com.kestrelforge.jira.app{count % 5}", "name": f"Board extras {count % 5}", "type": "PLUGIN"}
            made.append(joined._replace(kind=UPGRADED, objects=(app,)))
        elif draw < 0.24:
            made.append(_switched(t, who, _contractor(one), "Active", "Inactive", admin.desk))
        else:
            made.append(joined)
    return made


def _contractor(sponsor: Person) -> Object:
    """Somebody from outside whom one of the staff vouched for, and who is gone: the account does nothing any more."""
    return person(sponsor._replace(login=f"ext.{sponsor.login}", number=sponsor.number + org.HEADCOUNT))


def _created(at: int, author: Object, user: Object, name: str, email: str, source: str) -> AuditEvent:
    changes = (
        {"key": "Username", "i18nKey": "common.words.username", "to": user["name"]},
        {"key": "Full name", "i18nKey": "common.words.fullname", "to": name},
        {"key": "Email", "i18nKey": "common.words.email", "to": email},
        {"key": "Active / Inactive", "i18nKey": "admin.common.phrases.active.inactive", "to": "Active"},
    )
    return AuditEvent(at, CREATED, author, (target(user),), changes, source=source)


def _switched(at: int, author: Object, user: Object, before: str, after: str, source: str) -> AuditEvent:
    key = "admin.common.phrases.active.inactive"
    change = {"key": "Active / Inactive", "i18nKey": key, "from": before, "to": after}
    return AuditEvent(at, UPDATED, author, (target(user),), (change,), source=source)


def _rotation(rng: Random, world: World) -> list[AuditEvent]:
    """Owners' tokens deleted, some made anew under another name; the passwords of accounts changed."""
    by_login = {one.login: one for one in world.people}
    made = []
    for killed, one in world.rotated("jira", "pat"):
        admin, owner = world.people[rng.randrange(4)], by_login[one.principal]
        made.append(
            audit.token_event(killed, audit.PAT_DELETED, person(admin), target(person(owner)), one.uid, admin.desk)
        )
        if rng.random() < 0.4:
            again = killed + rng.randrange(10, 300) * MINUTE
            made.append(
                audit.token_event(
                    again, audit.PAT_CREATED, person(owner), target(person(owner)), f"{one.uid}-2023", owner.desk
                )
            )
    for killed, one in world.rotated("jira", "service_account"):
        admin = world.people[rng.randrange(4)]
        made.append(AuditEvent(killed, PASSWORD, person(admin), (target(account(one.uid)),), source=admin.desk))
    return made


def _intruder() -> list[AuditEvent]:
    who, source, user = account(s.ADMIN_ACCOUNT), f"{s.INTRUDER},{org.PROXY}", account(s.CREATED)
    email = f"{s.CREATED}@{org.DOMAIN}"
    made = [_created(s.USER_CREATED, who, user, s.CREATED_NAME, email, source)]
    for name, delay in zip(s.GROUPS_JOINED, (11, 24, 39), strict=True):
        made.append(
            AuditEvent(s.USER_CREATED + delay * SECOND, JOINED, who, (group(name), target(user)), source=source)
        )
    app = {"id": s.PLUGIN, "name": "ScriptRunner for Jira", "type": "PLUGIN"}
    made.append(AuditEvent(s.PLUGIN_INSTALLED, INSTALLED, who, (app,), source=source, node=NODES[0]))
    made.append(AuditEvent(s.PLUGIN_INSTALLED + 17 * SECOND, ENABLED, who, (app,), source=source, node=NODES[0]))
    made.append(AuditEvent(s.MADE_ADMINISTRATOR, JOINED, who, (group(s.ADMINISTRATORS), target(who)), source=source))
    return made


def _response(world: World) -> list[AuditEvent]:
    """The analyst shuts both accounts; the next day an administrator removes the plugin."""
    analyst, admin = world.people[6], world.people[1]
    app = {"id": s.PLUGIN, "name": "ScriptRunner for Jira", "type": "PLUGIN"}
    return [
        _switched(
            s.ADMIN_ACCOUNT_DISABLED, person(analyst), account(s.ADMIN_ACCOUNT), "Active", "Inactive", analyst.home
        ),
        _switched(s.CREATED_DISABLED, person(analyst), account(s.CREATED), "Active", "Inactive", analyst.home),
        AuditEvent(
            s.CREATED_DISABLED - 3 * MINUTE, WEBSUDO, person(analyst), (target(person(analyst)),), source=analyst.home
        ),
        AuditEvent(s.PLUGIN_REMOVED, UNINSTALLED, person(admin), (app,), source=admin.desk, node=NODES[0]),
        _switched(
            s.PLUGIN_REMOVED - DAY, person(admin), _contractor(world.people[77]), "Active", "Inactive", admin.desk
        ),
    ]
