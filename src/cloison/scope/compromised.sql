-- `until` is set where someone else closed it and nothing of it succeeded afterwards; else it is open.
WITH bad AS (
  SELECT uid FROM compromise WHERE kind = 'session'
), closing AS (
  SELECT 'principal' AS kind, system, target_principal AS uid, time, event_uid FROM acts
    WHERE class_uid = 3001 AND activity_id IN (5, 6) AND status_id <> 2 AND session_uid NOT IN (SELECT uid FROM bad)
  UNION ALL SELECT 'app', system, target_app, time, event_uid FROM acts
    WHERE class_uid = 6002 AND activity_id IN (2, 7) AND status_id <> 2 AND session_uid NOT IN (SELECT uid FROM bad)
  UNION ALL SELECT 'credential', system, rotation_credential_uid, time, event_uid FROM events
    WHERE rotation_effect IN ('revoked', 'disabled', 'changed') AND rotation_credential_uid IS NOT NULL
), seen AS (
  SELECT 'principal' AS kind, a.system, a.principal AS uid, max(a.time) AS last_at FROM acts AS a WHERE a.status_id = 1 GROUP BY ALL
  UNION ALL SELECT 'credential', a.system, a.credential_uid, max(a.time) FROM acts AS a
    WHERE a.status_id = 1 AND a.credential_uid IS NOT NULL GROUP BY ALL
  UNION ALL SELECT 'session', a.system, a.session_uid, max(a.time) FROM acts AS a GROUP BY ALL
  UNION ALL SELECT 'address', '', a.src_ip, max(a.time) FROM acts AS a GROUP BY ALL
  UNION ALL SELECT 'host', '', f.src_ip, max(f.time) FROM flows AS f WHERE f.known_indicator GROUP BY ALL
), closed AS (
  SELECT c.kind, c.system, c.uid, max(k.time) AS closed_at, max_by(k.event_uid, struct_pack(t := k.time, e := k.event_uid)) AS event_uid
  FROM compromise AS c JOIN closing AS k ON k.kind = c.kind AND k.uid = c.uid AND (c.kind = 'credential' OR k.system = c.system)
    AND k.time >= c.since
  GROUP BY ALL
)
SELECT c.kind, c.uid, c.system, c.since,
  CASE WHEN k.closed_at IS NOT NULL AND (c.kind NOT IN ('principal', 'credential') OR s.last_at IS NULL OR s.last_at <= k.closed_at) THEN k.closed_at
    WHEN c.kind = 'session' THEN s.last_at END AS until,
  CASE c.standing WHEN 2 THEN 'proven' WHEN 1 THEN 'suspected' ELSE 'unknown' END AS standing,
  replace(r.says, '{cause}', c.cause_uid) AS why, c.rule, r.technique, c.cause_kind, c.cause_uid, c.event_uid,
  CASE WHEN k.closed_at IS NOT NULL AND (c.kind NOT IN ('principal', 'credential') OR s.last_at IS NULL OR s.last_at <= k.closed_at)
    THEN k.event_uid END AS closed_by,
  s.last_at AS last_seen_at
FROM compromise AS c JOIN spread_rules AS r ON r.name = c.rule
  LEFT JOIN closed AS k ON k.kind = c.kind AND k.system = c.system AND k.uid = c.uid
  LEFT JOIN seen AS s ON s.kind = c.kind AND s.system = c.system AND s.uid = c.uid
