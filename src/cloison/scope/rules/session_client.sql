-- A session of an exposed principal with the client that a proven one brought and that its owner never used: from wherever
-- for a machine, which does not change its client by itself; for a person only from a place that is not its habit.
WITH brought AS (
  SELECT d.system, d.principal, d.client, c.since, c.uid, c.standing
  FROM compromise AS c JOIN drawn AS d ON d.session_uid = c.uid
    JOIN exposed_principals AS e ON e.system = d.system AND e.principal = d.principal CROSS JOIN opening AS o
  WHERE c.kind = 'session' AND c.standing = 2 AND d.client <> '' AND NOT EXISTS (
    SELECT 1 FROM habits AS h WHERE h.system = d.system AND h.principal = d.principal AND h.what = 'client' AND h.value = d.client
      AND h.first_at < coalesce(o.exposed_from, c.since))
    AND EXISTS (SELECT 1 FROM habits AS h WHERE h.system = d.system AND h.principal = d.principal AND h.what = 'client'
      AND h.first_at < coalesce(o.exposed_from, c.since))
)
SELECT 'session' AS kind, d.system, d.session_uid AS uid, greatest(d.first_at, b.since) AS since,
  CASE WHEN m.principal IS NOT NULL OR (d.label IS NULL AND h.value IS NULL) THEN b.standing ELSE 1 END AS standing,
  'session' AS cause_kind, b.uid AS cause_uid, d.first_event_uid AS event_uid
FROM brought AS b JOIN drawn AS d ON d.system = b.system AND d.principal = b.principal AND d.client = b.client AND d.last_at >= b.since
    AND d.session_uid <> b.uid
  LEFT JOIN (SELECT DISTINCT system, principal FROM exposed_principals WHERE machine) AS m ON m.system = d.system AND m.principal = d.principal
  LEFT JOIN habits AS h ON h.system = d.system AND h.principal = d.principal AND h.what = 'net' AND h.value = d.net AND h.first_at < b.since
