"""What does Okta's system log say of a deed?"""

import json
from random import Random

from tests.incidents import chance, files
from tests.incidents.deeds import Deed, iso_ms
from tests.incidents.files import LogFile
from tests.incidents.organisation import Organisation

EVENTS = {
    "login": "user.session.start",
    "sso": "user.authentication.sso",
    "create_account": "user.lifecycle.create",
    "grant": "group.user_membership.add",
    "mint": "system.api_token.create",
}
ENDS = {"api_token delete": "system.api_token.revoke", "password disable": "user.lifecycle.deactivate"}


def group_uid(name: str) -> str:
    """The id of a group."""
    return f"00g{name.replace('-', ''):x<17}"


def written(org: Organisation, deeds: list[Deed], rng: Random) -> list[LogFile]:
    """Lines or API pages; two days again from the event bus."""
    records = [(deed.at, event(deed, rng)) for deed in deeds]
    lines = [(at, json.dumps(record).encode()) for at, record in records]
    frame = rng.choice((files.LINES, files.ARRAY))
    made = files.by_days("okta/system-log-*.json", frame, lines, rng)
    copied = sorted(records, key=lambda one: one[0])[-rng.randint(5, 60) :]
    bus = tuple(json.dumps(_on_the_bus(record)).encode() for _, record in copied)
    return [*made, LogFile("okta/bus.jsonl", files.LINES, bus)]


def _on_the_bus(record: dict[str, object]) -> dict[str, object]:
    return {
        "version": "0",
        "id": str(record["uuid"])[::-1],
        "detail-type": "SystemLog",
        "source": "aws.partner/okta.com/example/system-log",
        "account": "111122223333",
        "time": record["published"],
        "region": "eu-west-3",
        "resources": [],
        "detail": record,
    }


def event(deed: Deed, rng: Random) -> dict[str, object]:
    """One LogEvent."""
    kind = EVENTS.get(deed.verb) or ENDS[" ".join(deed.extra.split()[:2])]
    client = {"userAgent": {"rawUserAgent": deed.agent, "os": "Unknown", "browser": "UNKNOWN"}, "zone": "null"}
    return {
        "uuid": chance.uuid(rng),
        "published": iso_ms(deed.at),
        "eventType": kind,
        "version": "0",
        "severity": "WARN" if deed.refused else "INFO",
        "displayMessage": kind.replace(".", " "),
        "outcome": {"result": "FAILURE" if deed.refused else "SUCCESS", "reason": None},
        "actor": _user(deed.who),
        "client": {**client, "device": "Computer", "id": None, "ipAddress": deed.address},
        "authenticationContext": {"externalSessionId": "unknown" if deed.refused else f"idx{deed.session:0>22}"},
        "debugContext": {"debugData": {"requestUri": "/api/v1/authn"}},
        "transaction": {
            "type": "WEB",
            "id": chance.letters(rng, 24),
            "detail": {"requestApiTokenId": deed.credential} if deed.credential else {},
        },
        "request": {"ipChain": [{"ip": deed.address, "version": "V6" if ":" in deed.address else "V4"}]},
        "target": _targets(deed),
    }


def _user(login: str) -> dict[str, object]:
    return {
        "id": f"00u{login.split('@', maxsplit=1)[0]:0<17}"[:20],
        "type": "User",
        "alternateId": login,
        "displayName": login,
    }


def _thing(uid: str, kind: str, name: str) -> dict[str, object]:
    return {"id": uid, "type": kind, "alternateId": "unknown", "displayName": name}


def _targets(deed: Deed) -> list[dict[str, object]] | None:
    if deed.verb == "sso":
        return [_thing(deed.thing, "AppInstance", f"App {deed.thing[-2:]}"), _user(deed.who)]
    if deed.verb == "grant":
        return [_user(deed.thing), _thing(group_uid(deed.extra), "UserGroup", deed.extra)]
    if deed.verb == "create_account" or deed.extra.startswith("password"):
        return [_user(deed.thing)]
    if deed.verb == "mint" or deed.extra.startswith("api_token"):
        return [_thing(deed.thing, "Token", f"token {deed.thing[-3:]}")]
    return None
