"""What is true, exactly, of the invented incident? For tests only: no reader of logs may look here."""

import orjson

from demo.model_incident import case_files, clock, gate
from demo.model_incident import organisation as org
from demo.model_incident import script as s
from demo.model_incident.credentials import missed
from demo.model_incident.world import World


def truth(world: World) -> bytes:
    """The facts, as JSON."""
    plot = world.script
    facts = {
        "tickets_read": sorted(plot.tickets),
        "tickets_refused": sorted(plot.tickets_refused),
        "pages_read": sorted(plot.pages),
        "pages_refused": sorted(plot.pages_refused),
        "repositories_viewed": sorted(plot.viewed),
        "repositories_archived": sorted(plot.archived),
        "repositories_refused": sorted(plot.repositories_refused),
        "searches": list(s.SEARCHES),
        "created_user": s.CREATED,
        "created_user_groups": list(s.GROUPS_JOINED),
        "administrators_group": s.ADMINISTRATORS,
        "plugin": s.PLUGIN,
        "addresses": _addresses(),
        "domain": s.PAYLOAD_HOST,
        "sha256": case_files.payload_hash(world.seed),
        "file_name": s.PAYLOAD_FILE,
        "jira_sessions": sorted({one.session for one in _sittings(world)}),
        "bitbucket_sessions": sorted(plot.git_sessions),
        "gate_logins": [{"at": clock.iso(t), "address": address} for t, address in sorted(gate.intruder_logins(world))],
        "credentials_left_alive": _left_alive(world),
        "credentials_rotated": sum(one.rotated_at is not None for one in world.exposed),
        "times": _times(),
        "integrations": _integrations(),
    }
    return orjson.dumps(facts, option=orjson.OPT_INDENT_2)


def _sittings(world: World) -> list[s.Sitting]:
    plot = world.script
    return [*plot.sittings, *plot.checks, plot.takeover, plot.administrator]


def _addresses() -> dict[str, str]:
    return {
        "published": s.INTRUDER,
        "unpublished": s.INTRUDER_UNPUBLISHED,
        "command_and_control": s.C2,
        "payload": s.PAYLOAD_ADDRESS,
        "implanted_server": org.JIRA_SERVER,
        "console_server": org.CONSOLE_SERVER,
    }


def _left_alive(world: World) -> list[dict[str, str]]:
    alive = missed(world.exposed).values()
    return sorted(
        (
            {"system": one.system, "kind": one.kind, "credential_uid": one.uid, "principal": one.principal}
            for one in alive
        ),
        key=lambda one: one["principal"],
    )


def _times() -> dict[str, str]:
    instants = {
        "probe_starts": s.PROBE_STARTS,
        "gate_opens": s.GATE_OPENS,
        "user_created": s.USER_CREATED,
        "pause_starts": s.PAUSE_STARTS,
        "pause_ends": s.PAUSE_ENDS,
        "plugin_installed": s.PLUGIN_INSTALLED,
        "first_beat": s.IMPLANT_BEATS,
        "console_tried": s.CONSOLE_TRIED,
        "repositories_start": s.REPOSITORIES_START,
        "made_administrator": s.MADE_ADMINISTRATOR,
        "admin_account_disabled": s.ADMIN_ACCOUNT_DISABLED,
        "created_user_disabled": s.CREATED_DISABLED,
        "firewall_closed": s.FIREWALL_CLOSED,
        "last_activity": s.LAST_ACTIVITY,
        "plugin_removed": s.PLUGIN_REMOVED,
        "evidence_starts": clock.START,
        "evidence_ends": clock.END,
    }
    return {name: clock.iso(instant) for name, instant in instants.items()}


def _integrations() -> list[dict[str, str | list[str]]]:
    """Who was at work with the very credentials that leaked, and must never be taken for the intruder."""
    return [
        {"system": "cloudflare", "principal": s.GATE_TOKEN, "addresses": list(org.HELPDESK_EGRESS)},
        {"system": "jira", "principal": s.ADMIN_ACCOUNT, "addresses": list(org.SHEETS_EGRESS)},
        {"system": "bitbucket", "principal": s.GIT_ACCOUNT, "addresses": [org.GITSYNC_EGRESS, *org.CI_RUNNERS]},
        {"system": "aws", "principal": s.AWS_ACCOUNT, "addresses": [org.APPS_EGRESS]},
        {"system": "jira", "principal": "svc-helpdesk", "addresses": list(org.HELPDESK_EGRESS)},
        {"system": "bitbucket", "principal": "svc-jira-link", "addresses": [org.JIRA_SERVER, org.JIRA_SERVER_2]},
    ]
