"""By which queries does a report know what it says? Each is run when a report is drawn up, and stands in its annex."""

from collections.abc import Mapping

QUERIES: Mapping[str, str] = {
    "account": """
SELECT count(DISTINCT evidence), coalesce(sum(received), 0)::BIGINT, coalesce(sum("stored"), 0)::BIGINT,
  coalesce(sum(duplicate), 0)::BIGINT, coalesce(sum(rejected), 0)::BIGINT, coalesce(sum(unrecognised), 0)::BIGINT
FROM account""",
    "ledger": """
SELECT count(CASE WHEN verdict = 'proven' THEN 1 END), count(CASE WHEN verdict = 'refuted' THEN 1 END),
  count(CASE WHEN verdict = 'unknown' THEN 1 END), count(CASE WHEN misused THEN 1 END) FROM rotations""",
    "entries": """
SELECT r.kind, r.system, r.credential_uid, r.principal, s.since, s.network, r.uses_after_exposure, r.verdict, r.why,
  s.event_uid
FROM rotations AS r JOIN (
  SELECT a.credential_uid, a.system, a.principal, min(a.time) AS since,
    min_by(s.network, struct_pack(t := a.time, e := a.event_uid)) AS network,
    min_by(a.event_uid, struct_pack(t := a.time, e := a.event_uid)) AS event_uid
  FROM acts AS a JOIN sessions AS s ON s.session_uid = a.session_uid AND s.standing = 'proven' AND a.time >= s.since
  WHERE a.status_id = 1 GROUP BY ALL) AS s
  ON s.credential_uid = r.credential_uid
    OR (s.system = r.system AND s.principal = r.principal AND s.credential_uid IS NULL)
WHERE r.misused
QUALIFY row_number() OVER (PARTITION BY r.exposed_uid ORDER BY s.since, s.event_uid) = 1
ORDER BY s.since, r.exposed_uid""",
    "open_rows": """
SELECT kind, system, coalesce(credential_uid, principal), coalesce(principal, ''), coalesce(last_use_at, exposed_at),
  '', uses_after_exposure, verdict, why, coalesce(last_use, revoked_by), state, revoked_at, as_of, covered_by, gap,
  outlived_by
FROM rotations WHERE verdict = 'refuted' OR misused
ORDER BY misused DESC, verdict, system, credential_uid, exposed_uid LIMIT 50""",
    "scope": "SELECT * FROM scope ORDER BY total IS NULL, read DESC, system, resource_kind",
    "compromised": """
SELECT kind, uid, system, since, CASE WHEN closed_by IS NOT NULL THEN until END, last_seen_at, standing, why, rule,
  event_uid, closed_by, technique, cause_kind, cause_uid
FROM compromised WHERE kind <> 'session'
ORDER BY CASE standing WHEN 'proven' THEN 0 ELSE 1 END, since, kind, uid, system""",
    "denied": """
SELECT first_at, system, principals, resource_uid || ' (' || events || ' tries)', standing, event_uid,
  'tried', NULL, resource_uid, resource_kind, events, NULL FROM touched
WHERE outcome = 'denied' AND standing = 'proven'
  AND (resource_kind IN ('host', 'application', 'account', 'role') OR system = 'network')
ORDER BY first_at, event_uid, resource_uid, action LIMIT 50""",
    "coverage": "SELECT source, system, first_at, last_at, events, gaps FROM coverage ORDER BY source, system",
    "timeline": """
SELECT time, system, principal, what, standing, event_uid, act, subject, object, kind, times, until FROM timeline
ORDER BY time, event_uid, what""",
    "sessions": "SELECT standing, count(*) FROM sessions WHERE principal <> '' GROUP BY standing ORDER BY standing",
    "sightings": """
SELECT i.kind, i.value, count(s.event_uid), min(s.time), max(s.time)
FROM indicators AS i LEFT JOIN sightings AS s ON s.indicator_kind = i.kind AND s.indicator_value = i.value
GROUP BY ALL ORDER BY 3 DESC, 1, 2""",
    "cautions": "SELECT kind, value, caution FROM indicators WHERE caution IS NOT NULL ORDER BY kind, value",
    "unswept": "SELECT kind, value, unswept FROM indicators WHERE unswept IS NOT NULL ORDER BY kind, value",
    "cautious": """
SELECT DISTINCT indicator_kind, indicator_value, caution FROM sightings WHERE caution IS NOT NULL ORDER BY 1, 2, 3""",
    "activity": """
SELECT time_bucket(INTERVAL 1 hour, a.time), a.system, count(CASE WHEN s.standing = 'proven' THEN 1 END),
  count(CASE WHEN s.standing = 'suspected' THEN 1 END)
FROM acts AS a JOIN sessions AS s ON s.session_uid = a.session_uid AND a.time >= s.since
WHERE s.standing IN ('proven', 'suspected') GROUP BY 1, 2 ORDER BY 1, 2""",
    "absences": """
SELECT system, access, verdict, seen, events, from_at, as_of, covered_hours, gaps, covered_by, suspected, by_principals,
  event_uid
FROM absences ORDER BY CASE verdict WHEN 'proven' THEN 0 WHEN 'unknown' THEN 1 ELSE 2 END, system, access""",
}
"""The answer's own queries, over the tables that `cloison show` prints and the indicators that were given."""

DETECTING: Mapping[str, str] = {
    "rules": "SELECT count(CASE WHEN runs THEN 1 END), count(CASE WHEN NOT runs THEN 1 END) FROM rules_run",
    "detections": """
WITH theirs AS (
  SELECT DISTINCT a.event_uid FROM acts AS a
    JOIN sessions AS s ON s.session_uid = a.session_uid AND s.standing = 'proven' AND a.time >= s.since
), ran AS (
  SELECT rule_uid, title, min(origin) AS origin, sum(detections)::BIGINT AS detections FROM rules_run
  GROUP BY rule_uid, title
), found AS (
  SELECT d.title, d.level, d.rule_uid, min(d.tags) AS tags, count(*) AS kept, count(t.event_uid) AS theirs,
    min(d.time) AS first_at, max(d.time) AS last_at,
    coalesce(min_by(d.event_uid, struct_pack(t := d.time, e := d.event_uid)) FILTER (WHERE t.event_uid IS NOT NULL),
      min_by(d.event_uid, struct_pack(t := d.time, e := d.event_uid))) AS event_uid
  FROM detections AS d LEFT JOIN theirs AS t ON t.event_uid = d.event_uid GROUP BY d.title, d.level, d.rule_uid
)
SELECT f.title, f.level, f.tags, r.origin, greatest(r.detections, f.kept), f.theirs, f.first_at, f.last_at, f.event_uid
FROM found AS f LEFT JOIN ran AS r ON r.rule_uid = f.rule_uid AND r.title = f.title
ORDER BY list_position(['critical', 'high', 'medium', 'low', 'informational'], f.level), f.theirs DESC, 5 DESC, f.title,
  f.rule_uid""",
}
"""Those that ask what rules detected, where rules have run."""

PROMOTING: Mapping[str, str] = {
    "promoted": """
SELECT min(k.time), min(k.system), min(k.principal), c.event_uid, c.who, c.says
FROM chosen AS c LEFT JOIN (
  SELECT event_uid, time, system, principal FROM timeline UNION SELECT event_uid, time, system, principal FROM acts
  UNION SELECT event_uid, time, system, principal FROM sightings
) AS k ON k.event_uid = c.event_uid
GROUP BY c.event_uid, c.who, c.says ORDER BY 1, 4, 5, 6""",
}
"""That which asks when and where the events were that people promoted, where they promoted any."""
