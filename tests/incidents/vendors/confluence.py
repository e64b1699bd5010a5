"""What do Confluence's access log and audit log say of a deed?"""

from dataclasses import replace
from random import Random
from urllib.parse import quote_plus

from tests.incidents import files
from tests.incidents.deeds import Deed, when
from tests.incidents.files import LogFile, Timed
from tests.incidents.organisation import Organisation
from tests.incidents.vendors import atlassian
from tests.incidents.vendors.atlassian import Audited, Request, Thing

AUDIT = "audit.logging"


def written(org: Organisation, deeds: list[Deed], rng: Random, skew: dict[str, int]) -> list[LogFile]:
    """The access log and the audit log, by days."""
    forwarded = rng.random() < 0.5
    shift, late = skew.get("confluence_access", 0), skew.get("confluence_audit", 0)
    lines = [one for deed in deeds for one in access(org, replace(deed, at=deed.at + shift), rng, forwarded)]
    told = [one for deed in deeds for one in audit(org, replace(deed, at=deed.at + late))]
    base = f"https://wiki.{org.domain}"
    made = files.by_days("confluence/conf_access_log.*.log", files.LINES, lines, rng)
    written_down = [(one.at, atlassian.file_line(one, base)) for one in told]
    return made + files.by_days("confluence/audit/*.audit.log", files.LINES, written_down, rng)


def access(org: Organisation, deed: Deed, rng: Random, forwarded: bool) -> list[Timed]:
    """The lines of the access log, with or without the forwarded address."""
    made = []
    for method, url, status, user in requests(deed, rng):
        host = f"{deed.address} " if forwarded else ""
        seen = org.places.proxy if forwarded else deed.address
        line = (
            f"[{when(deed.at):%d/%b/%Y:%H:%M:%S} +0000] {host}{user} http-nio-8090-exec-{rng.randrange(1, 30)} {seen} "
            f"{method} {url} HTTP/1.1 {status} {rng.randrange(2, 900)}ms {rng.randrange(300, 90_000)} - {deed.agent}"
        )
        made.append((deed.at, line.encode()))
    return made


def requests(deed: Deed, rng: Random) -> list[Request]:
    """Method, address, status and user of what a deed asks for."""
    who = deed.who or "-"
    view = rng.choice((f"/pages/viewpage.action?pageId={deed.thing}", f"/rest/api/content/{deed.thing}?expand=body"))
    asked = {
        "login": ("POST", "/dologin.action", 302, "-"),
        "view": ("GET", view, 200, who),
        "export": ("GET", f"/exportword?pageId={deed.thing}", 200, who),
        "search": ("GET", f"/dosearchsite.action?queryString={quote_plus(deed.thing)}", 200, who),
        "create_account": ("POST", "/admin/users/docreateuser.action", 302, who),
        "install": ("POST", "/rest/plugins/1.0/?token=77", 202, who),
        "unknown": ("GET", view, 401, "-"),
    }.get(deed.verb)
    return atlassian.answered(asked, deed, rng)


def account(org: Organisation, login: str, kind: str = "user") -> Thing:
    """An account, as author or as object."""
    uid = login.encode().hex().ljust(32, "0")[:32]
    return {"id": uid, "name": login, "type": kind, "uri": f"https://wiki.{org.domain}/display/~{login}"}


def audit(org: Organisation, deed: Deed) -> list[Audited]:
    """The records of the audit log."""
    who, target = account(org, deed.who), account(org, deed.thing, "User")
    if deed.verb == "login":
        key = "login.failed" if deed.refused else "login.success"
        return [_event(org, deed, key, atlassian.ANONYMOUS, account(org, deed.who, "User"))]
    if deed.refused:
        return []
    if deed.verb == "create_account":
        return [_event(org, deed, "user.created", who, target)]
    if deed.verb == "grant":
        return [_event(org, deed, "group.membership.added", who, target, {"name": deed.extra, "type": "Group"})]
    if deed.verb == "install":
        app = {"id": deed.thing, "name": deed.thing, "type": "Plugin"}
        return [_event(org, deed, "plugin.installed", who, app)]
    return [_ended(org, deed, who)] if deed.verb == "end" else []


def _event(org: Organisation, deed: Deed, key: str, who: Thing, *objects: Thing) -> Audited:
    return Audited(
        deed.at + 55,
        f"{AUDIT}.summary.{key}",
        key.replace(".", " "),
        f"{AUDIT}.category.security",
        who,
        f"{deed.address},{org.places.proxy}",
        objects,
    )


def _ended(org: Organisation, deed: Deed, who: Thing) -> Audited:
    kind, _, owner = deed.extra.split()
    event = _event(org, deed, "user.password.changed", who, account(org, owner, "User"))
    if kind != "pat":
        return event
    key, name = f"{atlassian.PAT}.summary.token.deleted", atlassian.token_name(deed.thing)
    return replace(event, key=key, category=f"{atlassian.PAT}.category", extras=(name,))
