"""What do Jira's access log and audit log say of a deed?"""

from dataclasses import replace
from random import Random
from urllib.parse import quote

from tests.incidents import files
from tests.incidents.deeds import HOUR, MINUTE, Deed, when
from tests.incidents.files import LogFile, Timed
from tests.incidents.organisation import Organisation
from tests.incidents.vendors import atlassian
from tests.incidents.vendors.atlassian import Audited, Request, Thing

AUDIT = "jira.auditing"


def written(org: Organisation, deeds: list[Deed], rng: Random, skew: dict[str, int]) -> list[LogFile]:
    """The access log by days, the audit log by days, and a page of the audit API with the newest again."""
    lines = [one for deed in deeds for one in access(replace(deed, at=deed.at + skew.get("jira_access", 0)), rng)]
    late = skew.get("jira_audit", 0)
    told = [one for deed in deeds for one in audit(org, replace(deed, at=deed.at + late))]
    told.sort(key=lambda one: one.at)
    base = f"https://jira.{org.domain}"
    made = files.by_days("jira/access_log.*", files.LINES, lines, rng)
    written_down = [(one.at, atlassian.file_line(one, base)) for one in told]
    made += files.by_days("jira/audit/*.audit.log", files.LINES, written_down, rng)
    page = tuple(atlassian.api_item(one, base) for one in told[-25:])
    return [*made, LogFile("jira/audit-page.json", files.ENTITIES, page)] if page else made


def java_address(address: str) -> str:
    """Java prints IPv6 without its `::`."""
    if "::" not in address:
        return address
    head, tail = address.split("::")
    left, right = head.split(":"), tail.split(":")
    return ":".join([*left, *["0"] * (8 - len(left) - len(right)), *right])


def access(deed: Deed, rng: Random) -> list[Timed]:
    """The lines of the access log."""
    made = []
    for method, url, status, user in requests(deed, rng):
        at, moment = deed.at, when(deed.at)
        uid = f"{at % (24 * HOUR) // MINUTE}x{rng.randrange(10**7)}x1"
        line = (
            f"{java_address(deed.address)} {uid} {user} [{moment:%d/%b/%Y:%H:%M:%S} +0000] "
            f'"{method} {url} HTTP/1.1" {status} {rng.randrange(300, 90_000)} {rng.randrange(2, 900)} '
            f'"-" "{deed.agent}" "{deed.session or "-"}"'
        )
        made.append((at, line.encode()))
    return made


def jql(words: str) -> str:
    """The query that a search makes of words."""
    return f'text ~ "{words}"'


def requests(deed: Deed, rng: Random) -> list[Request]:
    """Method, address, status and user of what a deed asks for."""
    who = deed.who or "-"
    view = rng.choice((f"/browse/{deed.thing}", f"/rest/api/2/issue/{deed.thing}?expand=changelog"))
    asked = {
        "login": ("POST", "/login.jsp", 302, "-"),
        "view": ("GET", view, 200, who),
        "search": ("GET", f"/rest/api/2/search?jql={quote(jql(deed.thing), safe='')}", 200, who),
        "create_account": ("POST", "/rest/api/2/user", 201, who),
        "grant": ("POST", f"/rest/api/2/group/user?groupname={deed.extra}", 201, who),
        "install": ("POST", "/rest/plugins/1.0/?token=91", 202, who),
        "mint": ("POST", "/rest/pat/latest/tokens", 201, who),
        "unknown": ("GET", view, 401, "-"),
    }.get(deed.verb)
    return atlassian.answered(asked, deed, rng)


def account(org: Organisation, login: str, kind: str = "user") -> Thing:
    """An account, as author or as object."""
    uri = f"https://jira.{org.domain}/secure/ViewProfile.jspa?name={login}"
    return {"id": f"JIRAUSER{sum(login.encode())}", "name": login, "type": kind, "uri": uri}


def audit(org: Organisation, deed: Deed) -> list[Audited]:
    """The records of the audit log."""
    who, source = account(org, deed.who), f"{deed.address},{org.places.proxy}"
    target, self = account(org, deed.thing, "USER"), account(org, deed.who, "USER")
    if deed.refused:
        failed = _event(deed, "user.login.failed", atlassian.ANONYMOUS, source, self)
        return [failed] if deed.verb == "login" else []
    if deed.verb in {"end", "enable"}:
        return _ended(org, deed, who, source)
    if deed.verb == "install":
        return _installed(deed, who, source)
    told = {
        "login": _event(deed, "user.logged.in", who, source, self),
        "create_account": _event(deed, "user.created", who, source, target),
        "reset": _event(deed, "user.password.changed", who, source, target),
        "grant": _event(deed, "user.added.to.group", who, source, {"name": deed.extra, "type": "GROUP"}, target),
        "mint": _token(deed, "created", who, source, account(org, deed.extra, "USER")),
    }
    return [told[deed.verb]] if deed.verb in told else []


def _installed(deed: Deed, who: Thing, source: str) -> list[Audited]:
    app = {"id": deed.thing, "name": "Runner", "type": "PLUGIN"}
    key, category = "upm.auditing.plugin.installed", "upm.auditing.category.apps"
    first = Audited(deed.at, key, "App installed", category, who, source, (app,))
    return [first, replace(first, at=deed.at + 9_000, key="upm.auditing.plugin.enabled", action="App enabled")]


def _event(deed: Deed, key: str, who: Thing, source: str, *objects: Thing) -> Audited:
    return Audited(
        deed.at + 40, f"{AUDIT}.{key}", key.replace(".", " "), f"{AUDIT}.category.usermanagement", who, source, objects
    )


def _token(deed: Deed, what: str, who: Thing, source: str, owner: Thing) -> Audited:
    return Audited(
        deed.at + 40,
        f"{atlassian.PAT}.summary.token.{what}",
        f"Personal access token {what}",
        f"{atlassian.PAT}.category",
        who,
        source,
        (owner,),
        extras=(atlassian.token_name(deed.thing),),
    )


def _ended(org: Organisation, deed: Deed, who: Thing, source: str) -> list[Audited]:
    kind, how, owner = deed.extra.split()
    target = account(org, owner, "USER")
    if kind == "pat":
        return [_token(deed, "deleted", who, source, target)]
    if how == "password":
        return [_event(deed, "user.password.changed", who, source, target)]
    states = ("Inactive", "Active") if deed.verb == "enable" else ("Active", "Inactive")
    change = {"key": "Active", "i18nKey": "admin.common.phrases.active.inactive", "from": states[0], "to": states[1]}
    return [replace(_event(deed, "user.updated", who, source, target), changes=(change,))]
