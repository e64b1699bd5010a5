"""What was exposed, what became of it in the logs, and what else does the responder hold?"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from benchmarks.lakes import incident
from benchmarks.lakes.incident import Row, at

EXPOSED_DAY = 12
EXPOSED_AT = at(EXPOSED_DAY, 0)
TOKENS_REVOKED, KEYS_DELETED, PASSWORDS_CHANGED = 2_500, 1_500, 300
SERVICES_ALIVE, SERVICES_CHANGED = range(3, 23), range(23, 33)
TOTAL = 5_000
ADMIN, ADMIN_IP = "zora.kesswick", "192.0.2.1"


@dataclass(frozen=True)
class Leaked:
    """A row of the ledger and what the logs say about it: proven, refuted or unknown."""

    system: str
    kind: str
    credential: str
    principal: str
    verdict: str


def leaked(apps_key: str) -> list[Leaked]:
    """The ledger: three of its rows are misused."""
    rows = [
        Leaked("jira", "service_account", "", incident.SHEETS, "refuted"),
        Leaked("bitbucket", "service_account", "", incident.GITSYNC, "refuted"),
        Leaked("aws", "access_key", apps_key, incident.APPS, "refuted"),
    ]
    rows += [Leaked("jira", "service_account", "", _service(number), "refuted") for number in SERVICES_ALIVE]
    rows += [Leaked("jira", "service_account", "", _service(number), "proven") for number in SERVICES_CHANGED]
    rows += [Leaked("okta", "api_token", _token(number), "", "proven") for number in range(TOKENS_REVOKED)]
    rows += [Leaked("aws", "access_key", _key(number), "", "proven") for number in range(KEYS_DELETED)]
    rows += [Leaked("okta", "password", "", f"{{{number}}}", "proven") for number in range(PASSWORDS_CHANGED)]
    unknown = range(TOTAL - len(rows))
    return rows + [Leaked("okta", "api_token", f"00TUNUSED{number:011}", "", "unknown") for number in unknown]


def rotations(logins: list[str]) -> list[Row]:
    """The records that prove it: tokens revoked, keys deleted, passwords changed, from the second day after on."""
    return [*_tokens_revoked(), *_keys_deleted(), *_passwords_changed(logins), *_services_changed()]


def _tokens_revoked() -> Iterator[Row]:
    for number in range(TOKENS_REVOKED):
        uid = _token(number)
        yield (
            _done("okta_system_log", number, "system.api_token.revoke", 3004, 4, f"{ADMIN}@corp.example")
            | {"target_credential_uid": uid, "resource_kind": "token", "resource_uid": uid, "action": "modified"}
            | {"rotation_effect": "revoked", "rotation_credential_uid": uid}
        )


def _keys_deleted() -> Iterator[Row]:
    for number in range(KEYS_DELETED):
        uid = _key(number)
        yield (
            _done("aws_cloudtrail", number, "DeleteAccessKey", 3004, 4, ADMIN)
            | {"target_credential_uid": uid, "resource_kind": "token", "resource_uid": uid, "action": "modified"}
            | {"rotation_effect": "revoked", "rotation_credential_uid": uid}
        )


def _passwords_changed(logins: list[str]) -> Iterator[Row]:
    for number in range(PASSWORDS_CHANGED):
        who = f"{logins[number]}@corp.example"
        yield (
            _done("okta_system_log", number, "user.account.update_password", 3001, 3, who)
            | {
                "target_principal": who,
                "src_ip": f"192.0.2.{1 + number % 8}",
                "src_ips": [f"192.0.2.{1 + number % 8}"],
            }
            | {"rotation_effect": "changed", "rotation_principal": who}
        )


def _services_changed() -> Iterator[Row]:
    for number in SERVICES_CHANGED:
        who = _service(number)
        yield (
            _done("jira_dc_audit", number, "jira.auditing.user.password.changed", 3001, 3, ADMIN)
            | {"target_principal": who, "resource_kind": "account", "resource_uid": who, "action": "modified"}
            | {"rotation_effect": "changed", "rotation_principal": who}
        )


def _done(source: str, number: int, code: str, class_uid: int, activity: int, who: str) -> Row:
    system = {"okta_system_log": "okta", "aws_cloudtrail": "aws", "jira_dc_audit": "jira"}[source]
    carrier = {"okta": "log_event", "aws": "record", "jira": "file"}[system]
    return (
        {"source": source, "carrier": carrier, "system": system, "time": _moment(number), "event_code": code}
        | {"class_uid": class_uid, "activity_id": activity, "status_id": 1, "principal": who}
        | {"src_ip": ADMIN_IP, "src_ips": [ADMIN_IP], "user_agent": "curl/8.5.0"}
    )


def _moment(number: int) -> datetime:
    return at(14, 8) + timedelta(seconds=90 * number)


def _service(number: int) -> str:
    return f"svc-{number:03}"


def _token(number: int) -> str:
    return f"00TLEAKED{number:011}"


def _key(number: int) -> str:
    return f"AKIALEAKED{number:010}"


def write_given(folder: Path, apps_key: str, logins: list[str]) -> dict[str, Path]:
    """Write the files that the responder gives, by the option of the command line that takes them."""
    ledger = [
        f"{one.system},{one.kind},{one.credential},{_principal(one, logins)},{EXPOSED_AT.isoformat()}Z"
        for one in leaked(apps_key)
    ]
    wanted = {
        "exposed": ("system,kind,credential_uid,principal,exposed_at", ledger),
        "indicators": ("type,value", list(_indicators())),
        "networks": ("network,label", list(NETWORKS)),
        "totals": ("system,resource_kind,total", list(TOTALS)),
    }
    given = {}
    for name, (header, lines) in wanted.items():
        given[name] = folder / f"{name}.csv"
        given[name].write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return given


def _principal(one: Leaked, logins: list[str]) -> str:
    return f"{logins[int(one.principal[1:-1])]}@corp.example" if one.kind == "password" else one.principal


def _indicators() -> Iterator[str]:
    """A thousand, of which five are seen."""
    yield f"ip,{incident.PUBLISHED}"
    yield f"ip,{incident.COMMAND}"
    yield "cidr,203.0.113.64/28"
    yield "domain,kestrel-cdn.example"
    yield f"account,{incident.CREATED}"
    for number in range(245):
        yield f"ip,2001:db8:bad0:{number:x}::1"
        yield f"domain,unseen-{number}.example"
        yield f"sha256,{sha256(str(number).encode()).hexdigest()}"
        yield f"account,nobody-{number}"
    for number in range(15):
        yield f"cidr,2001:db8:bad1:{number:x}::/64"


NETWORKS = (
    "192.0.2.0/25,offices",
    "192.0.2.128/25,vpn",
    "2001:db8:5::/64,data centre",
    f"{incident.SERVER}/128,jira server",
)
TOTALS = ("jira,ticket,2059357", "confluence,page,14099", "bitbucket,repository,11904")
SEEN = {
    incident.PUBLISHED,
    incident.COMMAND,
    "203.0.113.64/28",
    "kestrel-cdn.example",
    incident.CREATED,
}
