"""What did a principal make around an event, and who made it? And what is there to do?"""

from collections.abc import Mapping, Sequence

import duckdb

from cloison.ocsf.events import EVENTS
from cloison.sources.paths import quoted
from cloison.watch.folding import spelled
from cloison.watch.memory import WORTH

_SHOWN = 6
_EVENT = ", ".join(map(quoted, EVENTS.columns))
_MADE = f"""
WITH told AS (SELECT {_EVENT} FROM kept UNION ALL SELECT {_EVENT} FROM events WHERE {WORTH})
SELECT time, system, principal, class_uid, activity_id, target_principal, target_group, target_app,
  minted_credential_uid
FROM told
WHERE status_id = 1 AND event_uid <> $event
  AND ((principal = $principal AND coalesce(rotation_effect, '') NOT IN ('disabled', 'revoked'))
    OR (target_principal = $principal AND class_uid = 3001 AND activity_id = 1))
QUALIFY row_number() OVER (PARTITION BY event_uid ORDER BY evidence_uid, record_offset) = 1
ORDER BY time DESC, event_uid LIMIT 200"""
_MAKERS = f"""SELECT DISTINCT unnest([principal, target_principal]) FROM (
  SELECT principal, target_principal FROM kept
  UNION ALL SELECT principal, target_principal FROM events WHERE {WORTH})"""
_DEEDS: Mapping[tuple[int, int], str] = {
    (3001, 1): "created account {target}",
    (3001, 2): "enabled account {target}",
    (3001, 3): "changed the password of {target}",
    (3001, 7): "gave {target} a policy",
    (3005, 1): "gave {target} privileges",
    (3006, 1): "gave {target} privileges",
    (3006, 3): "put {target} in {group}",
    (6002, 1): "installed app {app}",
}


def makers(engine: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Who made anything, or was made: around all others there is nothing, and a batch may speak of thousands."""
    return frozenset(str(one) for (one,) in engine.execute(_MAKERS).fetchall() if one)


def around(
    engine: duckdb.DuckDBPyConnection, principal: str, event_uid: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What else the principal made, in words, newest first; and the accounts among it."""
    if not principal:
        return (), ()
    rows = engine.execute(_MADE, {"principal": principal, "event": event_uid}).fetchall()
    told = list(dict.fromkeys(line for row in rows if (line := _told(row))))
    made = [str(row[5]) for row in rows if row[3:5] == (3001, 1) and row[2] == principal and row[5]]
    more = (f"and {len(told) - _SHOWN} more that {principal} made or gave",) if len(told) > _SHOWN else ()
    return (*_important(told), *more), tuple(dict.fromkeys(made))


def _important(told: Sequence[str]) -> Sequence[str]:
    """The newest, those that speak of accounts and apps first."""
    first = [line for line in told if "created account" in line or "installed app" in line]
    return [*first, *(line for line in told if line not in first)][:_SHOWN]


def _told(row: Sequence[object]) -> str:
    at, system, actor, class_uid, activity, target, group, app, minted = row
    words = _DEEDS.get((int(str(class_uid)), int(str(activity))))
    if words is None:
        words = "made credential {minted}" if minted else ""
    if not words or ("{group}" in words and not group):
        return ""
    target = "itself" if target == actor else target
    deed = words.format(target=target, group=group, app=app, minted=minted)
    return f"{actor} {deed} in {system} at {spelled(at)}"  # type: ignore[arg-type]


def steps(system: str, principal: str, target: str, group: str, made: Sequence[str]) -> tuple[str, ...]:
    """What to consider now, the first thing first."""
    listed = []
    if principal:
        listed.append(f"disable {principal} in {system} or change what it logs in with, and end its sessions")
    listed += [f"disable {one} in {system}: {principal} created it" for one in made[:_SHOWN]]
    if group and target:
        listed.append(f"take {target} out of {group}")
    elif target and target not in {principal, *made}:
        listed.append(f"look at {target} in {system}: it is what was changed")
    if principal:
        listed.append(f"`cloison investigate` with these logs, then `cloison explain CASE {principal}`")
    return tuple(listed)
