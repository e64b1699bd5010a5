-- A session of an account whose secret an intruder set, from where and with what its owner never came before.
SELECT 'session' AS kind, d.system, d.session_uid AS uid, d.first_at AS since, c.standing, 'principal' AS cause_kind, c.uid AS cause_uid,
  d.first_event_uid AS event_uid
FROM compromise AS c JOIN drawn AS d ON d.system = c.system AND d.principal = c.uid AND d.first_at >= c.since
WHERE c.kind = 'principal' AND c.rule = 'session_reset' AND d.label IS NULL AND NOT EXISTS (
  SELECT 1 FROM habits AS h WHERE h.system = d.system AND h.principal = d.principal AND h.first_at < c.since
    AND ((h.what = 'net' AND h.value = d.net) OR (h.what = 'client' AND h.value = d.client)))
