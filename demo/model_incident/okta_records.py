"""What does one event of the identity provider's system log look like?"""

from collections.abc import Sequence
from random import Random
from typing import NamedTuple, TypeAlias

import orjson

from demo.model_incident import clock
from demo.model_incident.organisation import Person, hexes, token
from demo.model_incident.write import Line

Record: TypeAlias = dict[str, object]
MESSAGES = {
    "user.session.start": "User login to Okta",
    "user.authentication.auth_via_mfa": "Authentication of user via MFA",
    "user.authentication.sso": "User single sign on to app",
    "policy.evaluate_sign_on": "Evaluation of sign-on policy",
    "user.session.end": "User logout from Okta",
    "user.account.update_password": "User update password for Okta",
    "group.user_membership.add": "Add user to group membership",
    "system.api_token.create": "Create API token",
    "system.api_token.revoke": "Revoke API token",
    "user.account.lock": "Max sign in attempts exceeded",
}
LEGACY = {"user.session.start": "core.user_auth.login_success", "user.authentication.sso": "app.auth.sso"}
PLACES = (
    ("Lille", "Hauts-de-France", "France", 50.63, 3.06),
    ("Leeds", "England", "United Kingdom", 53.8, -1.55),
    ("Lisbon", "Lisboa", "Portugal", 38.72, -9.14),
)
APPS = ("Jira", "Confluence", "Bitbucket", "Depot Console", "Payroll", "Travel Desk")


class Seat(NamedTuple):
    """Who acts, from where, in which session."""

    actor: Record
    client: Record
    session: str


def event(
    rng: Random,
    at: int,
    kind: str,
    seat: Seat,
    targets: Sequence[Record] | None = None,
    outcome: tuple[str, str | None] = ("SUCCESS", None),
    api_token: str | None = None,
) -> Line:
    """One event, as the API and the stream give it."""
    result, reason = outcome
    actor, client, session = seat
    request = token(rng, 24)
    address = client["ipAddress"]
    severity = "INFO" if result in {"SUCCESS", "ALLOW"} else "WARN"
    record = {
        "actor": actor,
        "client": client,
        "device": None,
        "authenticationContext": {
            "authenticationProvider": None,
            "credentialProvider": None,
            "credentialType": None,
            "issuer": None,
            "interface": None,
            "authenticationStep": 0,
            "rootSessionId": session,
            "externalSessionId": session,
        },
        "displayMessage": MESSAGES[kind],
        "eventType": kind,
        "outcome": {"result": result, "reason": reason},
        "published": clock.iso_ms(at),
        "securityContext": {
            "asNumber": 64_496 + sum(str(address).encode()) % 12,
            "asOrg": "example transit",
            "isp": "example transit",
            "domain": "." if rng.random() < 0.5 else "transit.example",
            "isProxy": False,
        },
        "severity": severity,
        "debugContext": {"debugData": _debug(rng, kind, request)},
        "legacyEventType": "core.user_auth.login_failed" if result == "FAILURE" else LEGACY.get(kind, f"core.{kind}"),
        "transaction": {"type": "WEB", "id": request, "detail": {"requestApiTokenId": api_token} if api_token else {}},
        "uuid": _uuid(rng),
        "version": "0",
        "request": {
            "ipChain": [
                {
                    "ip": address,
                    "geographicalContext": client["geographicalContext"],
                    "version": "V6" if ":" in str(address) else "V4",
                    "source": None,
                }
            ]
        },
        "target": targets,
    }
    return at, orjson.dumps(record)


def _uuid(rng: Random) -> str:
    digits = hexes(rng, 20)
    return f"{digits[:8]}-{digits[8:12]}-11ee-8{digits[12:15]}-{digits[8:20]}"


def _debug(rng: Random, kind: str, request: str) -> Record:
    debug: Record = {
        "requestId": request,
        "requestUri": "/api/v1/authn",
        "url": "/api/v1/authn?",
        "dtHash": hexes(rng, 64),
    }
    if kind == "user.session.start":
        debug["risk"] = "{level=LOW}"
        debug["behaviors"] = "{New Geo-Location=NEGATIVE, New Device=NEGATIVE, New IP=NEGATIVE, Velocity=NEGATIVE}"
        debug["threatSuspected"] = "false"
    return debug


def client(rng: Random, address: str, agent: str) -> Record:
    """Where an event came from."""
    city, state, country, latitude, longitude = PLACES[len(address) % len(PLACES)]
    place = {
        "city": city,
        "state": state,
        "country": country,
        "postalCode": None,
        "geolocation": {"lat": latitude, "lon": longitude},
    }
    system = (
        "Windows 10"
        if "Windows" in agent
        else "Mac OS X"
        if "Mac" in agent
        else "Linux"
        if "Linux" in agent
        else "Unknown"
    )
    browser = (
        "FIREFOX"
        if "Firefox" in agent
        else "CHROME"
        if "Chrome" in agent
        else "SAFARI"
        if "Safari" in agent
        else "UNKNOWN"
    )
    return {
        "userAgent": {"rawUserAgent": agent, "os": system, "browser": browser},
        "zone": "null",
        "device": "Mobile" if "iPhone" in agent else "Computer" if system != "Unknown" else "Unknown",
        "id": None,
        "ipAddress": address,
        "geographicalContext": None if rng.random() < 0.1 else place,
    }


def user(one: Person) -> Record:
    """An employee as an actor or a target."""
    return {"id": one.okta_id, "type": "User", "alternateId": one.email, "displayName": one.name, "detailEntry": None}


def session(rng: Random) -> str:
    """The id of a browser session."""
    return "idx" + token(rng, 22)


def app(rng: Random) -> Record:
    """An application as a target."""
    name = rng.choice(APPS)
    return thing(f"0oa{name.replace(' ', ''):x<17}", "AppInstance", name) | {"alternateId": name}


def thing(uid: str, kind: str, name: str) -> Record:
    """Anything else as a target."""
    return {"id": uid, "type": kind, "alternateId": "unknown", "displayName": name, "detailEntry": None}
