"""Records as the vendors write them, for tests of a watch."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.watch.harness import INDICATOR

BEGAN = datetime(2025, 3, 4, 9, tzinfo=UTC)


def sign_in(number: int, who: str = "", ip: str = INDICATOR) -> bytes:
    """A line of Okta's system log: a sign-in from the indicator's address, by a principal of its own."""
    at = (BEGAN + timedelta(seconds=number)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    who = who or f"mark{number}"
    record = {
        "uuid": f"0b5e-{number:09}",
        "published": at,
        "eventType": "user.session.start",
        "displayMessage": "User login to Okta",
        "outcome": {"result": "SUCCESS"},
        "actor": {"id": f"00u{who}", "type": "User", "alternateId": f"{who}@corp.example"},
        "client": {"ipAddress": ip, "userAgent": {"rawUserAgent": "curl/8"}},
        "target": None,
    }
    return json.dumps(record).encode()


def request(number: int, who: str = "", ip: str = INDICATOR) -> bytes:
    """A line of a web server's combined log, which has no id of its own."""
    at = (BEGAN + timedelta(seconds=number)).strftime("%d/%b/%Y:%H:%M:%S +0000")
    return f'{ip} - {who or f"mark{number}"} [{at}] "GET /page/{number} HTTP/1.1" 200 512 "-" "curl/8.5"'.encode()


def jira_audit(kind: str, at: str, actor: str, **more: Any) -> bytes:
    """A line of Jira's audit log."""
    record = {
        "affectedObjects": more.pop("objects"),
        "auditType": {"action": kind, "actionI18nKey": more.pop("key"), "area": "USER_MANAGEMENT",
                      "category": "group management", "categoryI18nKey": "jira.auditing.category.groupmanagement",
                      "level": "BASE"},
        "author": {"id": "10031", "name": actor, "type": "user", "uri": "https://jira.corp.example/x"},
        "changedValues": [],
        "extraAttributes": [],
        "method": "Browser",
        "node": "node1",
        "source": "198.51.100.9",
        "system": "https://jira.corp.example",
        "timestamp": {"epochSecond": int(datetime.fromisoformat(at).timestamp()), "nano": 0},
        "version": "1.0",
    }  # fmt: skip
    return json.dumps(record).encode()
