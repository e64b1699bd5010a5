-- An address that a compromised session came from, unless it is a known own network or others work from it too.
WITH uninvolved AS (
  SELECT i.ip, d.principal, min(i.first_at) AS first_at
  FROM session_ips AS i JOIN drawn AS d ON d.session_uid = i.session_uid
  WHERE d.successes > 0 AND d.principal <> ''
    AND NOT EXISTS (SELECT 1 FROM compromise AS c WHERE c.kind = 'principal' AND c.uid = d.principal)
    AND NOT EXISTS (SELECT 1 FROM exposed_principals AS e WHERE e.principal = d.principal)
  GROUP BY ALL
), crowd AS (
  SELECT ip, count(DISTINCT principal) AS principals, min(first_at) AS first_at FROM uninvolved GROUP BY ip
)
SELECT 'address' AS kind, '' AS system, i.ip AS uid, greatest(c.since, i.first_at) AS since, c.standing,
  'session' AS cause_kind, c.uid AS cause_uid, i.first_event_uid AS event_uid
FROM compromise AS c JOIN session_ips AS i ON i.session_uid = c.uid AND i.last_at >= c.since
  LEFT JOIN addresses AS a ON a.ip = i.ip LEFT JOIN crowd AS n ON n.ip = i.ip CROSS JOIN limits AS l
WHERE c.kind = 'session' AND c.standing = 2 AND a.label IS NULL
  AND coalesce(n.principals, 0) <= l.shared_principals AND (n.first_at IS NULL OR n.first_at >= c.since)
