-- A session from a compromised address. A published address carries to everyone; one that was learned carries fully
-- only to principals that are exposed or compromised already, or to the client that the intruder used there.
WITH at_address AS (
  SELECT i.session_uid, i.ip, i.first_at, i.last_at, i.first_event_uid, d.system, d.principal, d.client, d.successes
  FROM session_ips AS i JOIN drawn AS d ON d.session_uid = i.session_uid
), involved AS (
  SELECT system, uid AS principal FROM compromise WHERE kind = 'principal' AND standing = 2
  UNION SELECT system, principal FROM exposed_principals
), clients AS (
  SELECT DISTINCT i.ip, d.client FROM compromise AS c JOIN session_ips AS i ON i.session_uid = c.uid
    JOIN drawn AS d ON d.session_uid = c.uid
  WHERE c.kind = 'session' AND c.standing = 2 AND d.client <> ''
)
SELECT 'session' AS kind, t.system, t.session_uid AS uid, greatest(t.first_at, c.since) AS since,
  CASE WHEN c.rule = 'indicator_address' THEN 2
    WHEN v.principal IS NOT NULL OR k.client IS NOT NULL THEN c.standing ELSE 1 END AS standing,
  'address' AS cause_kind, c.uid AS cause_uid, t.first_event_uid AS event_uid
FROM compromise AS c JOIN at_address AS t ON t.ip = c.uid AND t.last_at >= c.since
  LEFT JOIN involved AS v ON v.system = t.system AND v.principal = t.principal
  LEFT JOIN clients AS k ON k.ip = t.ip AND k.client = t.client
WHERE c.kind = 'address'
