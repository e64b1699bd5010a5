"""What do Bitbucket's access log and audit log say of a deed?"""

import json
from dataclasses import replace
from random import Random
from zoneinfo import ZoneInfo

from tests.incidents import chance, files
from tests.incidents.deeds import HOUR, MINUTE, SECOND, Deed, when
from tests.incidents.files import LogFile, Timed
from tests.incidents.organisation import Organisation
from tests.incidents.vendors import atlassian
from tests.incidents.vendors.atlassian import Audited, Thing

AUDIT = "bitbucket.service.user.audit.action"
CATEGORY = "bitbucket.service.audit.category.usersandgroups"
TOKENS = "bitbucket.access.tokens.audit.action.accesstoken"


def written(org: Organisation, deeds: list[Deed], rng: Random, skew: dict[str, int]) -> list[LogFile]:
    """The access log in the server's wall time, and the audit log."""
    shift, late = skew.get("bitbucket_access", 0), skew.get("bitbucket_audit", 0)
    lines = [one for deed in deeds for one in access(org, replace(deed, at=deed.at + shift), rng)]
    told = [one for deed in deeds for one in audit(org, replace(deed, at=deed.at + late))]
    base = f"https://git.{org.domain}"
    made = files.by_days("bitbucket/access-*.log", files.LINES, lines, rng)
    written_down = [(one.at, atlassian.file_line(one, base)) for one in told]
    return made + files.by_days("bitbucket/audit/*.audit.log", files.LINES, written_down, rng)


def access(org: Organisation, deed: Deed, rng: Random) -> list[Timed]:
    """The two lines of each request."""
    if deed.verb in {"clone", "fetch"} and deed.credential:
        return _over_ssh(org, deed, rng)
    made: list[Timed] = []
    for turn, (action, status, user, label) in enumerate(requests(deed, rng)):
        at = deed.at + turn * 300
        session = "-" if user == "-" else f"{deed.session or chance.letters(rng, 6).lower()}"
        head, uid = f"{deed.address},{org.places.proxy} | https |", _uid(at, rng)
        line = f'"{action} HTTP/1.1" | "" "{deed.agent}"'
        took = rng.randrange(20, 240)
        incoming = f"{head} i{uid} | - | {_wall(org, at)} | {line} | - | - | - | - | - | - | "
        answered = f"{status} | 0 | {rng.randrange(200, 90_000)} | {label} | {took} | {session} | "
        made.append((at, incoming.encode()))
        made.append((at + took, f"{head} o{uid} | {user} | {_wall(org, at + took)} | {line} | {answered}".encode()))
    return made


def _over_ssh(org: Organisation, deed: Deed, rng: Random) -> list[Timed]:
    uid, took, session = _uid(deed.at, rng), rng.randrange(60, 900), chance.letters(rng, 6).lower()
    head = f"{deed.address} | ssh |"
    line = f"SSH - git-upload-pack '/{deed.thing}.git' | \"{deed.agent}\""
    label = f"{deed.verb}, ssh:id:{deed.credential}, ssh:label:'{deed.who}, key'"
    done = f"{128 if deed.refused else 0} | 1802 | 88213 | {label if not deed.refused else '-'} | {took} | {session} | "
    first = f"{head} i{uid} | {deed.who} | {_wall(org, deed.at)} | {line} | - | - | {session} | "
    second = f"{head} o{uid} | {deed.who} | {_wall(org, deed.at + took)} | {line} | {done}"
    return [(deed.at, first.encode()), (deed.at + took, second.encode())]


def _uid(at: int, rng: Random) -> str:
    return f"@1KQ7ZB4x{at % (24 * HOUR) // MINUTE}x{rng.randrange(10**8)}x0"


def _wall(org: Organisation, at: int) -> str:
    return f"{when(at).astimezone(ZoneInfo(org.zone)):%Y-%m-%d %H:%M:%S},{at % SECOND:03}"


def requests(deed: Deed, rng: Random) -> list[tuple[str, int, str, str]]:
    """Action, status, user and labels of what a deed asks for."""
    who, status = deed.who or "-", rng.choice((403, 404)) if deed.refused else 200
    project, _, slug = deed.thing.partition("/")
    here = f"/projects/{project}/repos/{slug}"
    if deed.verb in {"clone", "fetch"}:
        return _over_https(deed, f"/scm/{project.lower()}/{slug}.git", who)
    view = rng.choice((f"{here}/browse", f"{here}/raw/README.md", f"/rest/api/latest{here}/commits?limit=50"))
    asked = {
        "login": ("POST /j_atl_security_check", 302, "-"),
        "view": (f"GET {view}", status, who),
        "archive": (f"GET /rest/api/latest{here}/archive?format=zip", status, who),
        "create_account": (f"POST /rest/api/latest/admin/users?name={deed.thing}&addToDefaultGroup=true", 204, who),
        "mint": (f"PUT /rest/access-tokens/latest/users/{deed.extra}", 200, who),
        "unknown": ("GET /rest/api/latest/projects", 401, "-"),
    }.get(deed.verb)
    return [(*asked, "-")] if asked else []


def _over_https(deed: Deed, path: str, who: str) -> list[tuple[str, int, str, str]]:
    hello = f"GET {path}/info/refs?service=git-upload-pack"
    if deed.refused:
        return [(hello, 401, "-", "-"), (hello, 403, who, "-")]
    pack = f"POST {path}/git-upload-pack"
    return [(hello, 401, "-", "-"), (hello, 200, who, "refs"), (pack, 200, who, f"{deed.verb}, cache:miss")]


def account(org: Organisation, login: str, kind: str = "NORMAL") -> Thing:
    """An account, as author or as object."""
    return {
        "id": str(sum(login.encode())),
        "name": login,
        "type": kind,
        "uri": f"https://git.{org.domain}/users/{login}",
    }


def audit(org: Organisation, deed: Deed) -> list[Audited]:
    """The records of the audit log."""
    if deed.refused:
        return []
    target = account(org, deed.thing, "USER")
    if deed.verb == "login":
        return [_event(org, deed, f"{AUDIT}.authenticationsuccess", account(org, deed.who, "USER"))]
    if deed.verb == "create_account":
        return [_event(org, deed, f"{AUDIT}.usercreated", target)]
    if deed.verb == "grant":
        return [
            _event(
                org, deed, f"{AUDIT}.groupmembershipscreated.usertogroup", target, {"name": deed.extra, "type": "GROUP"}
            )
        ]
    if deed.verb == "mint":
        return [_token(org, deed, f"{TOKENS}created.personal", deed.extra)]
    return [_ended(org, deed)] if deed.verb == "end" else []


def _event(org: Organisation, deed: Deed, key: str, *objects: Thing) -> Audited:
    who, source = account(org, deed.who), f"{deed.address},{org.places.proxy}"
    return Audited(deed.at + 30, key, key.rsplit(".", 1)[-1], CATEGORY, who, source, objects)


def _token(org: Organisation, deed: Deed, key: str, owner: str) -> Audited:
    details = {"id": deed.thing, "tokenOwner": {"name": owner}, "name": f"token-{deed.thing[-4:]}"}
    extra = atlassian.attribute("details", "bitbucket.audit.attribute.legacy.details", json.dumps(details))
    return replace(_event(org, deed, key, account(org, owner, "USER")), extras=(extra,))


def _ended(org: Organisation, deed: Deed) -> Audited:
    kind, _, owner = deed.extra.split()
    if kind == "ssh_key":
        extra = atlassian.attribute("Key ID", "bitbucket.ssh.audit.attribute.keyid", deed.thing)
        event = _event(org, deed, "bitbucket.ssh.audit.action.sshkeydeleted", account(org, owner, "USER"))
        return replace(event, extras=(extra,))
    return _event(org, deed, f"{AUDIT}.usercredentialupdated", account(org, owner, "USER"))
