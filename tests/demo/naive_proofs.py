"""Which credentials do the issuers' own records show to be dead, and since when?

Keys are (system, kind, uid, owner), the owner only where the name alone does not identify the credential.
"""

import json
from pathlib import Path
from typing import Any

from tests.demo.naive_reader import audit_events, git_audit_events, iso, json_lines, okta, trail

Key = tuple[str, str, str, str]
Event = dict[str, Any]


def proofs(incident: Path) -> dict[Key, str]:
    """Every credential with a record that killed it, and the second of that record."""
    return {
        **{
            ("okta", "api_token", one["target"][0]["id"], ""): one["published"][:19]
            for one in okta(incident)
            if one["eventType"] == "system.api_token.revoke"
        },
        **_atlassian("jira", audit_events(incident, "jira")),
        **_atlassian("confluence", audit_events(incident, "confluence")),
        **_bitbucket(git_audit_events(incident)),
        **_aws(trail(incident)),
        **_edge(json_lines(incident, "cloudflare/audit_logs_v2/*/*.gz")),
    }


def _atlassian(system: str, events: list[Event]) -> dict[Key, str]:
    found = {}
    for event in events:
        key = event["auditType"]["actionI18nKey"]
        if key == "personal.access.tokens.audit.log.summary.token.deleted":
            name, owner = event["extraAttributes"][0]["value"], event["affectedObjects"][0]["name"]
            found[system, "pat", name, owner] = iso(event)
        elif key.endswith("user.password.changed"):
            found[system, "service_account", event["affectedObjects"][0]["name"], ""] = iso(event)
    return found


def _bitbucket(events: list[Event]) -> dict[Key, str]:
    found = {}
    for event in events:
        key = event["auditType"]["actionI18nKey"]
        if "accesstokendeleted" in key:
            uid = json.loads(event["extraAttributes"][0]["value"])["id"]
            found["bitbucket", "access_token", uid, ""] = iso(event)
        elif key == "bitbucket.ssh.audit.action.sshkeydeleted":
            found["bitbucket", "ssh_key", event["extraAttributes"][0]["value"], ""] = iso(event)
        elif key.endswith("usercredentialupdated"):
            found["bitbucket", "service_account", event["affectedObjects"][0]["name"], ""] = iso(event)
    return found


def _aws(records: list[Event]) -> dict[Key, str]:
    found: dict[Key, str] = {}
    for record in records:
        if record["eventName"] in {"UpdateAccessKey", "DeleteAccessKey"}:
            key = ("aws", "access_key", record["requestParameters"]["accessKeyId"], "")
            found.setdefault(key, record["eventTime"][:19])
    return found


def _edge(acts: list[Event]) -> dict[Key, str]:
    found = {}
    for act in acts:
        rest = act["Raw"]["uri"].partition("/accounts/")[2].split("/")[1:]
        if rest[:2] == ["access", "service_tokens"] and (rest[3:] == ["rotate"] or act["Raw"]["method"] == "DELETE"):
            found["cloudflare", "service_token", rest[2], ""] = act["ActionTimestamp"][:19]
        elif rest[:1] == ["tokens"]:
            found["cloudflare", "api_token", rest[1], ""] = act["ActionTimestamp"][:19]
    return found
