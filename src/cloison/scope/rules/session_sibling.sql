-- The vendor's own session id, seen in a compromised session, seen again from somewhere that is not its owner's habit.
SELECT 'session' AS kind, o.system, o.session_uid AS uid, greatest(o.first_at, c.since) AS since, c.standing,
  'session' AS cause_kind, c.uid AS cause_uid, o.first_event_uid AS event_uid
FROM compromise AS c JOIN drawn AS d ON d.session_uid = c.uid
  JOIN drawn AS o ON o.system = d.system AND o.vendor_session_uid = d.vendor_session_uid AND o.session_uid <> d.session_uid
WHERE c.kind = 'session' AND d.vendor_session_uid <> '' AND o.last_at >= c.since AND o.label IS NULL
  AND NOT EXISTS (SELECT 1 FROM habits AS h WHERE h.system = o.system AND h.principal = o.principal AND h.what = 'net'
    AND h.value = o.net AND h.first_at < c.since)
