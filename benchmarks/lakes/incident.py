"""What did the intruder do, the same at every size? Rows as the sources' mappings would make them."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from benchmarks.lakes.rhythm import START

Row = dict[str, object]

PUBLISHED, UNPUBLISHED, PROBING = "203.0.113.126", "203.0.113.87", "203.0.113.70"
COMMAND, COMMAND_HOST = "203.0.113.200", "a1.kestrel-cdn.example"
SERVER = "2001:db8:5::10"
SHEETS, GITSYNC, APPS = "svc-sheets", "svc-gitsync", "svc-apps"
CREATED = "m.alder"
GROUPS = ("jira-software-users", "netops-readers")
APP = "com.onresolve.jira.groovy.groovyrunner"
SEARCHES = ("remote access", "secret", "client-secret", "openconnect", "cloudflared", "token")
ROLE, ROLE_SESSION, MINTED = "arn:aws:iam::111122223333:role/deploy", "deploy/ops-night", "ASIAKESTREL000000001"
SECRETS, DUMP = ("prod/vault-root", "prod/edge-key"), "corp-safe/dumps/vault.gz"
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:109.0) Gecko/20100101 Firefox/119.0"
SCRIPT = "curl/8.4.0"

TICKETS = tuple(f"SEC-{900 + number}" for number in range(36))
TICKETS_REFUSED = tuple(f"BOARD-{number}" for number in range(1, 7))
PAGES = tuple(str(9_900_000 + number) for number in range(202))
PAGES_REFUSED = tuple(str(9_990_000 + number) for number in range(9))
REPOSITORIES = tuple(f"CORE/engine-{number}" for number in range(120))
ARCHIVED = REPOSITORIES[:76]
REPOSITORIES_REFUSED = tuple(f"SAFE/store-{number}" for number in range(6))


def at(day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """A moment of the forty days."""
    return START + timedelta(days=day, hours=hour, minutes=minute, seconds=second)


def incident(apps_key: str) -> list[Row]:
    """Every row of the intrusion; `apps_key` is the exposed key of the cloud account."""
    return [*_probe(), *_tickets(), *_pages(), *_accounts(), *_repositories(), *_cloud(apps_key), *_server()]


def _web(source: str, when: datetime, who: str, ip: str, agent: str, session: str | None, url: str, code: int) -> Row:
    system, _, _ = source.partition("_")
    carrier = {"jira": "tomcat", "confluence": "container", "bitbucket": "http"}[system]
    return (
        {"source": source, "carrier": carrier, "system": system, "time": when, "principal": who, "src_ip": ip}
        | {"src_ips": [ip], "user_agent": agent, "vendor_session_uid": session, "url": url, "http_method": "GET"}
        | {"http_status": code, "status_id": 1 if code < 300 else 2, "class_uid": 6001, "activity_id": 2}
    )


def _object(kind: str, uid: str, action: str) -> Row:
    return {"resource_kind": kind, "resource_uid": uid, "action": action}


def _probe() -> Iterator[Row]:
    for number in range(4):
        yield (
            {"source": "okta_system_log", "carrier": "log_event", "system": "okta", "time": at(23, 9, 22, number)}
            | {"class_uid": 3002, "activity_id": 1, "status_id": 2, "event_code": "user.session.start"}
            | {"principal": "svc-apps@corp.example", "src_ip": PROBING, "src_ips": [PROBING], "user_agent": BROWSER}
        )


def _tickets() -> Iterator[Row]:
    def jira(when: datetime, who: str, ip: str, url: str, code: int = 200) -> Row:
        agent, session = (SCRIPT, None) if ip == UNPUBLISHED and who == SHEETS else (BROWSER, f"k{who[-4:]}{when.day}")
        return _web("jira_access", when, who, ip, agent, session, url, code)

    for number, words in enumerate(SEARCHES):
        row = jira(at(24, 16, 30, number), SHEETS, PUBLISHED, f"/rest/api/2/search?jql={words.replace(' ', '+')}")
        yield row | {"activity_id": 5} | _object("search", words, "searched")
    for number, ticket in enumerate(TICKETS):
        if number < 20:
            row = jira(at(24, 16, 40, number), SHEETS, PUBLISHED, f"/browse/{ticket}")
        elif number < 33:  # amid the runs of the integration, with the very same token
            row = jira(at(25, number - 20, 10), SHEETS, UNPUBLISHED, f"/rest/api/2/issue/{ticket}")
        else:
            row = jira(at(26, 11, number), CREATED, UNPUBLISHED, f"/browse/{ticket}")
        yield row | _object("ticket", ticket, "viewed")
    for number, ticket in enumerate(TICKETS_REFUSED):
        row = jira(at(24, 16, 50, number), SHEETS, PUBLISHED, f"/browse/{ticket}", 403)
        yield row | _object("ticket", ticket, "viewed")
    row = jira(at(29, 14, 18), SHEETS, PUBLISHED, f"/rest/plugins/1.0/{APP}-key")
    yield (
        row
        | {"http_method": "PUT", "class_uid": 6002, "activity_id": 8, "target_app": APP}
        | _object("app", APP, "modified")
    )


def _pages() -> Iterator[Row]:
    for number, page in enumerate(PAGES):
        published = number < 120
        when = at(24, 17, number // 60, number % 60) if published else at(25, 1 + number % 9, number // 9)
        ip, agent, session = (PUBLISHED, BROWSER, "kwiki24") if published else (UNPUBLISHED, SCRIPT, None)
        row = _web("confluence_access", when, SHEETS, ip, agent, session, f"/rest/api/content/{page}", 200)
        yield row | _object("page", page, "viewed")
    for number, page in enumerate(PAGES_REFUSED):
        row = _web(
            "confluence_access", at(24, 17, 30, number), SHEETS, PUBLISHED, BROWSER, "kwiki24", f"/pages/{page}", 403
        )
        yield row | _object("page", page, "viewed")


def _accounts() -> Iterator[Row]:
    def audit(when: datetime, code: str, who: str, ip: str) -> Row:
        return (
            {"source": "jira_dc_audit", "carrier": "file", "system": "jira", "time": when, "status_id": 1}
            | {"event_code": f"jira.auditing.{code}", "principal": who, "src_ip": ip, "src_ips": [ip]}
            | {"target_principal": CREATED}
        )

    made = audit(at(25, 14, 36, 37), "user.created", SHEETS, PUBLISHED)
    yield made | {"class_uid": 3001, "activity_id": 1} | _object("account", CREATED, "created")
    for number, group in enumerate(GROUPS):
        row = audit(at(25, 14, 37, number), "user.added.to.group", SHEETS, PUBLISHED)
        yield row | {"class_uid": 3006, "activity_id": 3, "target_group": group} | _object("group", group, "modified")
    closed = audit(at(31, 17, 23), "user.updated", "zora.kesswick", "192.0.2.1")
    yield (
        closed
        | {"class_uid": 3001, "activity_id": 5}
        | _object("account", CREATED, "modified")
        | {"rotation_effect": "disabled", "rotation_principal": CREATED}
    )


def _repositories() -> Iterator[Row]:
    def git(when: datetime, ip: str, url: str, code: int = 200) -> Row:
        agent, session = (BROWSER, "kgit30") if ip == PUBLISHED else (SCRIPT, None)
        row = _web("bitbucket_access", when, GITSYNC, ip, agent, session, url, code)
        return {**row, "phase": "end", "pair_uid": f"bitbucket_access:@k{when:%d%H%M%S}", "time_assumed": True}

    def place(uid: str) -> str:
        project, _, slug = uid.partition("/")
        return f"/projects/{project}/repos/{slug}"

    for number, uid in enumerate(REPOSITORIES):
        ip = PUBLISHED if number < 80 else UNPUBLISHED
        row = git(at(30, 0 if ip == PUBLISHED else 2, number % 60, number // 60), ip, f"{place(uid)}/browse")
        yield row | _object("repository", uid, "viewed")
    for number, uid in enumerate(ARCHIVED):
        row = git(at(30, 4, number % 60, number // 60), PUBLISHED, f"/rest/api/latest{place(uid)}/archive?format=zip")
        yield row | {"activity_id": 7} | _object("repository", uid, "archived")
    for number, uid in enumerate(REPOSITORIES_REFUSED):
        row = git(at(30, 5, number), PUBLISHED, f"{place(uid)}/browse", 401)
        yield row | _object("repository", uid, "viewed")


def _cloud(apps_key: str) -> Iterator[Row]:
    def call(when: datetime, code: str, who: str, key: str, ip: str) -> Row:
        return (
            {"source": "aws_cloudtrail", "carrier": "record", "system": "aws", "time": when, "event_code": code}
            | {"principal": who, "credential_uid": key, "src_ip": ip, "src_ips": [ip], "user_agent": "aws-cli/2.15.0"}
            | {"status_id": 1, "class_uid": 6005, "activity_id": 1}
        )

    assumed = call(at(31, 1, 0), "AssumeRole", APPS, apps_key, PUBLISHED)
    yield assumed | {"class_uid": 3002, "minted_credential_uid": MINTED} | _object("role", ROLE, "connected")
    for number, secret in enumerate(SECRETS):
        row = call(at(31, 1, 5, number), "GetSecretValue", ROLE_SESSION, MINTED, UNPUBLISHED)
        yield row | {"vendor_session_uid": MINTED} | _object("secret", secret, "viewed")
    row = call(at(31, 1, 9), "GetObject", ROLE_SESSION, MINTED, UNPUBLISHED)
    refused = {"vendor_session_uid": MINTED, "status_id": 2, "class_uid": 6006, "activity_id": 2}
    yield row | refused | _object("object", DUMP, "downloaded")


def _server() -> Iterator[Row]:
    """The ticket server calls out once the app is there."""
    own: Row = {"carrier": "logpush", "system": "cloudflare_gateway", "src_ip": SERVER, "src_ips": [SERVER]}
    own |= {"src_host": "server-0", "status_id": 1, "resource_kind": "host", "dst_port": 443}
    for number in range(12):
        when = at(29, 14 + number, 22)
        name = {"dst_host": COMMAND_HOST, "resource_uid": COMMAND_HOST}
        yield (
            own
            | {"source": "cloudflare_gateway_dns", "time": when, "class_uid": 4003, "activity_id": 1}
            | name
            | {"dst_ip": "198.51.100.253"}
        )
        yield (
            own
            | {"source": "cloudflare_gateway_network", "time": when + timedelta(seconds=1), "class_uid": 4001}
            | {"activity_id": 6, "dst_ip": COMMAND, "resource_uid": f"{COMMAND}:443", "action": "connected"}
        )
