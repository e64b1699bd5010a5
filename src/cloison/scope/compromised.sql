-- `until` is set where someone else closed it and nothing of it succeeded afterwards; else it is open.
WITH closing AS (
  SELECT * FROM closings WHERE kind = 'credential' OR event_uid NOT IN (SELECT event_uid FROM acts)
), asked AS (
  SELECT kind, uid FROM compromise
), seen AS (
  SELECT 'principal' AS kind, p.system, p.principal AS uid, max(p.last_success_at) AS last_at FROM pieces AS p
    WHERE p.successes > 0 AND p.principal IN (SELECT uid FROM asked WHERE kind = 'principal') GROUP BY ALL
  UNION ALL SELECT 'credential', p.system, p.credential_uid, max(p.last_success_at) FROM pieces AS p
    WHERE p.successes > 0 AND p.credential_uid IN (SELECT uid FROM asked WHERE kind = 'credential') GROUP BY ALL
  UNION ALL SELECT 'session', p.system, p.session_uid, max(p.last_at) FROM pieces AS p
    WHERE p.session_uid IN (SELECT uid FROM asked WHERE kind = 'session') GROUP BY ALL
  UNION ALL SELECT 'address', '', p.src_ip, max(p.last_at) FROM pieces AS p
    WHERE p.src_ip IN (SELECT uid FROM asked WHERE kind = 'address') GROUP BY ALL
  UNION ALL SELECT 'host', '', f.src_ip, max(f.time) FROM flows AS f WHERE f.known_indicator GROUP BY ALL
), closed AS (
  SELECT c.kind, c.system, c.uid, max(k.time) AS closed_at, max_by(k.event_uid, struct_pack(t := k.time, e := k.event_uid)) AS event_uid
  FROM compromise AS c JOIN closing AS k ON k.kind = c.kind AND k.uid = c.uid AND (c.kind = 'credential' OR k.system = c.system)
    AND k.time >= c.since
  GROUP BY ALL
), ended AS (
  SELECT c.*, r.says, r.technique, s.last_at, k.closed_at, k.event_uid AS closing_uid,
    k.closed_at IS NOT NULL AND (c.kind NOT IN ('principal', 'credential') OR s.last_at IS NULL OR s.last_at <= k.closed_at) AS is_closed
  FROM compromise AS c JOIN spread_rules AS r ON r.name = c.rule
    LEFT JOIN closed AS k ON k.kind = c.kind AND k.system = c.system AND k.uid = c.uid
    LEFT JOIN seen AS s ON s.kind = c.kind AND s.system = c.system AND s.uid = c.uid
)
SELECT kind, uid, system, since, CASE WHEN is_closed THEN closed_at WHEN kind = 'session' THEN last_at END AS until,
  CASE standing WHEN 2 THEN 'proven' WHEN 1 THEN 'suspected' ELSE 'unknown' END AS standing,
  replace(says, '{cause}', cause_uid) AS why, rule, technique, cause_kind, cause_uid, event_uid,
  CASE WHEN is_closed THEN closing_uid END AS closed_by, last_at AS last_seen_at
FROM ended
