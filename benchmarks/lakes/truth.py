"""Does the case answer exactly what was planted: what was touched, who is compromised, what is dead, what was seen?"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import duckdb

from benchmarks.lakes import incident, ledger
from benchmarks.lakes.life import HERE
from cloison.sources.paths import literal

Rows = set[tuple[object, ...]]

_SAID = {
    "touched": "SELECT system, resource_kind, resource_uid, action, outcome, standing FROM {touched}",
    "compromised": "SELECT kind, system, uid, standing, closed_by IS NOT NULL FROM {compromised} "
    "WHERE kind IN ('principal', 'address', 'app', 'host')",
    "suspected sessions": "SELECT session_uid FROM {sessions} WHERE standing = 'suspected'",
    "verdicts": "SELECT verdict, count(*) FROM {rotations} GROUP BY verdict",
    "outlived": "SELECT system, principal FROM {rotations} WHERE outlived_by IS NOT NULL",
    "misused": "SELECT system, principal FROM {rotations} WHERE misused",
    "indicators seen": "SELECT DISTINCT indicator_value FROM {sightings}",
    "events stored": "SELECT sum(received) - sum(stored) = sum(duplicate) FROM {account}",
}
_OUTLIVED = (HERE / "outlived.sql").read_text(encoding="utf-8")
_SHOWN = 3


def differences(results: Path, parts: Path) -> list[str]:
    """What the result tables in a folder say otherwise than was planted in the lake; nothing when they are exact."""
    outlasting = outlived(parts)
    planted: dict[str, Rows] = {
        "touched": touched(),
        "compromised": compromised(),
        "suspected sessions": set(),
        "verdicts": verdicts(len(outlasting)),
        "outlived": outlasting,
        "misused": {("jira", incident.SHEETS), ("bitbucket", incident.GITSYNC), ("aws", incident.APPS)},
        "indicators seen": {(one,) for one in ledger.SEEN},
        "events stored": {(True,)},
    }
    with duckdb.connect() as engine:
        said = {name: set(engine.execute(_placed(sql, results)).fetchall()) for name, sql in _SAID.items()}
    return [line for name, rows in planted.items() for line in _apart(name, rows, said[name])]


def touched() -> Rows:
    """Every object that the intruder reached or was refused, once by action."""
    many = {
        ("jira", "ticket", "viewed", "success"): incident.TICKETS,
        ("jira", "ticket", "viewed", "denied"): incident.TICKETS_REFUSED,
        ("jira", "search", "searched", "success"): incident.SEARCHES,
        ("jira", "account", "created", "success"): (incident.CREATED,),
        ("jira", "group", "modified", "success"): incident.GROUPS,
        ("jira", "app", "modified", "success"): (incident.APP,),
        ("confluence", "page", "viewed", "success"): incident.PAGES,
        ("confluence", "page", "viewed", "denied"): incident.PAGES_REFUSED,
        ("bitbucket", "repository", "viewed", "success"): incident.REPOSITORIES,
        ("bitbucket", "repository", "viewed", "denied"): incident.REPOSITORIES_REFUSED,
        ("bitbucket", "repository", "archived", "success"): incident.ARCHIVED,
        ("aws", "role", "connected", "success"): (incident.ROLE,),
        ("aws", "secret", "viewed", "success"): incident.SECRETS,
        ("aws", "object", "downloaded", "denied"): (incident.DUMP,),
        ("network", "host", "connected", "success"): (incident.COMMAND_HOST, f"{incident.COMMAND}:443"),
    }
    return {
        (system, kind, uid, action, outcome, "proven")
        for (system, kind, action, outcome), uids in many.items()
        for uid in uids
    }


def compromised() -> Rows:
    """Everything that fell, save sessions and credentials; whether someone closed it."""
    principals = [("jira", incident.SHEETS), ("confluence", incident.SHEETS), ("bitbucket", incident.GITSYNC)]
    principals += [("aws", incident.APPS), ("aws", incident.ROLE_SESSION)]
    addresses = (incident.PUBLISHED, incident.UNPUBLISHED, incident.PROBING)
    return {
        *(("principal", system, uid, "proven", False) for system, uid in principals),
        *(("address", "", uid, "proven", False) for uid in addresses),
        ("principal", "jira", incident.CREATED, "proven", True),
        ("app", "jira", incident.APP, "proven", False),
        ("host", "", incident.SERVER, "proven", False),
    }


def verdicts(outlasting: int) -> Rows:
    """How many of the ledger are proven dead, alive, unknown, when a session outlives so many changed passwords."""
    counted = Counter(one.verdict for one in ledger.leaked(""))
    counted["refuted"] += outlasting
    counted["proven"] -= outlasting
    return set(counted.items())


def outlived(parts: Path) -> Rows:
    """The accounts whose old password had a session that worked on after the change: more in a denser life."""
    with duckdb.connect() as engine:
        given = {"parts": str(parts / "*.parquet"), "exposed_at": ledger.EXPOSED_AT}
        return set(engine.execute(_OUTLIVED, given).fetchall())


def _placed(sql: str, results: Path) -> str:
    tables = {path.stem: f"read_parquet({literal(str(path))})" for path in results.glob("*.parquet")}
    return sql.format_map(tables)


def _apart(name: str, planted: Rows, said: Rows) -> Iterator[str]:
    for how, rows in (("missing", planted - said), ("too many", said - planted)):
        if rows:
            told = "; ".join(" ".join(map(str, row)) for row in sorted(rows, key=repr)[:_SHOWN])
            yield f"{name}: {len(rows)} {how}: {told}"
