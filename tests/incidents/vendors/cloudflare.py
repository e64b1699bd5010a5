"""What do Cloudflare's gate and account say of a deed?"""

import json
from random import Random

from tests.incidents import chance, files
from tests.incidents.deeds import Deed, iso
from tests.incidents.files import LogFile, Timed
from tests.incidents.organisation import Organisation

ACCOUNT = "0123456789abcdef0123456789abcdef"


def written(org: Organisation, deeds: list[Deed], rng: Random) -> list[LogFile]:
    """People's logins as pushed and some again as the API tells them; tokens' logins; the account's audit log."""
    people = [(deed.at, _login(org, deed, rng)) for deed in deeds if deed.verb in {"login", "app_login"}]
    tokens = [(deed.at, _dump(_token(deed, rng))) for deed in deeds if deed.verb == "token_login"]
    ends = [(deed.at, _dump(_audited(deed, rng))) for deed in deeds if deed.verb == "end"]
    pushed: list[Timed] = [(at, _dump(one)) for at, one in people]
    made = files.by_days("cloudflare/access-*.log", files.LINES, pushed, rng)
    made += files.by_days("cloudflare/graphql-*.json", files.GRAPHQL, tokens, rng)
    made += files.by_days("cloudflare/audit-*.json", files.RESULT, ends, rng, days=30)
    page = tuple(_dump(_as_api(one)) for _, one in people[-30:])
    return [*made, LogFile("cloudflare/access-page.json", files.RESULT, page)] if page else made


def _dump(record: dict[str, object]) -> bytes:
    return json.dumps(record).encode()


def _login(org: Organisation, deed: Deed, rng: Random) -> dict[str, object]:
    app = deed.thing or "portal"
    return {
        "Action": "login",
        "Allowed": not deed.refused,
        "AppDomain": f"{app}.{org.domain}/",
        "AppUUID": f"6f0d1c2b-77aa-4c11-9d3e-0000000000{len(app):02}",
        "Connection": "okta",
        "Country": "fr",
        "CreatedAt": iso(deed.at),
        "Email": deed.who,
        "IPAddress": deed.address,
        "RayID": chance.hexes(rng, 16),
        "UserUID": f"7d0c2f0e-0000-4000-a000-{deed.who.encode().hex()[:12]:0<12}",
    }


def _as_api(one: dict[str, object]) -> dict[str, object]:
    return {
        "action": one["Action"],
        "allowed": one["Allowed"],
        "app_domain": one["AppDomain"],
        "app_uid": one["AppUUID"],
        "connection": one["Connection"],
        "created_at": one["CreatedAt"],
        "ip_address": one["IPAddress"],
        "ray_id": one["RayID"],
        "user_email": one["Email"],
    }


def _token(deed: Deed, rng: Random) -> dict[str, object]:
    return {
        "dimensions": {
            "datetime": iso(deed.at),
            "isSuccessfulLogin": 0 if deed.refused else 1,
            "cfRayId": chance.hexes(rng, 16),
            "ipAddress": deed.address,
            "userUuid": "",
            "identityProvider": "nonidentity",
            "country": "NL",
            "serviceTokenId": deed.credential,
        }
    }


def _audited(deed: Deed, rng: Random) -> dict[str, object]:
    how = deed.extra.split()[1]
    uri = f"/client/v4/accounts/{ACCOUNT}/access/service_tokens/{deed.thing}{'/rotate' if how == 'rotate' else ''}"
    method = "POST" if how == "rotate" else "DELETE"
    return {
        "account": {"id": ACCOUNT, "name": "Example"},
        "action": {
            "description": f"{how.title()} service token",
            "result": "success",
            "time": iso(deed.at),
            "type": "update" if how == "rotate" else "delete",
        },
        "actor": {
            "context": "dash",
            "email": deed.who,
            "id": chance.hexes(rng, 32),
            "ip_address": deed.address,
            "type": "user",
        },
        "id": chance.uuid(rng),
        "raw": {
            "cf_ray_id": chance.hexes(rng, 16),
            "method": method,
            "status_code": 200,
            "uri": uri,
            "user_agent": deed.agent,
        },
        "resource": {"id": deed.thing, "product": "access", "scope": "accounts", "type": "service_tokens"},
    }
