-- Every session of an account that an intruder created: in that system, and in another where the name was never seen before.
SELECT 'session' AS kind, d.system, d.session_uid AS uid, greatest(d.first_at, c.since) AS since, c.standing,
  'principal' AS cause_kind, c.uid AS cause_uid, d.first_event_uid AS event_uid
FROM compromise AS c JOIN drawn AS d ON d.principal = c.uid AND d.last_at >= c.since
WHERE c.kind = 'principal' AND c.rule = 'session_account' AND (d.system = c.system OR NOT EXISTS (
  SELECT 1 FROM habits AS h WHERE h.system = d.system AND h.principal = d.principal AND h.first_at < c.since))
