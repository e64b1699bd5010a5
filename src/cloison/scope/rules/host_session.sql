-- A session that came from a compromised host, as a principal that never came from there before.
SELECT 'session' AS kind, d.system, d.session_uid AS uid, greatest(i.first_at, c.since) AS since,
  CASE WHEN EXISTS (SELECT 1 FROM habits AS h WHERE h.system = d.system AND h.principal = d.principal AND h.what = 'net'
    AND h.value = d.net AND h.first_at < c.since) OR i.first_at < c.since THEN 1 ELSE c.standing END AS standing,
  'host' AS cause_kind, c.uid AS cause_uid, i.first_event_uid AS event_uid
FROM compromise AS c JOIN session_ips AS i ON i.ip = c.uid AND i.last_at >= c.since
  JOIN drawn AS d ON d.session_uid = i.session_uid
WHERE c.kind = 'host' AND NOT EXISTS (
  SELECT 1 FROM habits AS h JOIN habits AS k ON k.system = h.system AND k.principal = h.principal AND k.what = 'client'
    AND k.value = d.client AND k.first_at < c.since
  WHERE h.system = d.system AND h.principal = d.principal AND h.what = 'net' AND h.value = d.net AND h.first_at < c.since)
