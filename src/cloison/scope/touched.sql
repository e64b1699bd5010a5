-- One row per object, action and standing, however many log lines it took. A view is what was answered with content:
-- the source decides what succeeded, and what was refused stays an attempt.
WITH reached AS (
  SELECT a.system, a.resource_kind, a.resource_uid, a.action, a.status_id, a.time, a.event_uid, a.session_uid, a.principal, c.standing,
    'session' AS cause_kind, a.session_uid AS cause_uid
  FROM compromise AS c JOIN acts AS a ON a.session_uid = c.uid AND a.time >= c.since
  WHERE c.kind = 'session' AND c.standing > 0 AND a.resource_uid IS NOT NULL AND a.action IS NOT NULL
  UNION ALL
  SELECT 'network', 'host', f.dst, 'connected', f.status_id, f.time, f.event_uid, NULL, f.src_ip,
    CASE WHEN c.standing = 2 AND (f.known_indicator OR a.label IS NOT NULL) THEN 2 ELSE 1 END, 'host', f.src_ip
  FROM compromise AS c JOIN flows AS f ON f.src_ip = c.uid AND f.time >= c.since LEFT JOIN addresses AS a ON a.ip = f.dst_ip
  WHERE c.kind = 'host' AND c.standing > 0 AND NOT EXISTS (
    SELECT 1 FROM flow_habits AS h WHERE h.src_ip = f.src_ip AND h.dst = f.dst AND h.first_at < c.since)
), folded AS (
  SELECT system, resource_kind, resource_uid, action, standing,
    CASE WHEN bool_or(status_id = 1) THEN 'success' WHEN bool_or(status_id = 2) THEN 'denied' ELSE 'unknown' END AS outcome,
    min(time) AS first_at, max(time) AS last_at, count(*) AS events,
    array_to_string(list_sort(list_distinct(list(principal))), ', ') AS principals,
    min_by(session_uid, struct_pack(t := time, s := session_uid)) AS session_uid, min(cause_kind) AS cause_kind,
    min_by(cause_uid, struct_pack(t := time, s := cause_uid)) AS cause_uid,
    min_by(event_uid, struct_pack(b := CASE status_id WHEN 1 THEN 0 ELSE 1 END, t := time, e := event_uid)) AS event_uid
  FROM reached GROUP BY ALL
)
SELECT s.system, s.resource_kind, s.resource_uid, s.action, s.outcome, s.first_at, s.last_at, s.events,
  CASE s.standing WHEN 2 THEN 'proven' ELSE 'suspected' END AS standing, s.principals, s.session_uid, s.event_uid,
  CASE WHEN s.session_uid IS NULL THEN 'a compromised host spoke to it' ELSE 'the ' ||
    CASE s.standing WHEN 2 THEN 'compromised' ELSE 'suspected' END || ' session ' || s.session_uid || ' reached it first' END AS why,
  CASE WHEN s.cause_kind = 'host' THEN 'host_spoke' WHEN s.action IN ('archived', 'cloned', 'downloaded') THEN 'session_took'
    ELSE 'session_reached' END AS rule, s.cause_kind, s.cause_uid
FROM folded AS s
WHERE s.standing = 2 OR NOT EXISTS (
  SELECT 1 FROM folded AS p WHERE p.standing = 2 AND p.system = s.system AND p.resource_kind = s.resource_kind
    AND p.resource_uid = s.resource_uid AND p.action = s.action AND (p.outcome = 'success' OR s.outcome <> 'success'))
