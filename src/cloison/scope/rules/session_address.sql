-- An address that a compromised session came from, unless it is a known own network or others work from it too.
WITH from_there AS (
  SELECT i.ip, greatest(c.since, i.first_at) AS since, c.since AS told_at, c.standing, c.uid, i.first_event_uid
  FROM compromise AS c JOIN session_ips AS i ON i.session_uid = c.uid AND i.last_at >= c.since
    LEFT JOIN addresses AS a ON a.ip = i.ip
  WHERE c.kind = 'session' AND c.standing = 2 AND a.label IS NULL
), uninvolved AS (
  SELECT p.src_ip AS ip, p.principal, min(p.first_at) AS first_at FROM pieces AS p
  WHERE p.src_ip IN (SELECT ip FROM from_there) AND p.successes > 0 AND p.principal <> ''
    AND NOT EXISTS (SELECT 1 FROM compromise AS c WHERE c.kind = 'principal' AND c.uid = p.principal)
    AND NOT EXISTS (SELECT 1 FROM exposed_principals AS e WHERE e.principal = p.principal)
  GROUP BY ALL
), crowd AS (
  SELECT ip, count(DISTINCT principal) AS principals, min(first_at) AS first_at FROM uninvolved GROUP BY ip
)
SELECT 'address' AS kind, '' AS system, f.ip AS uid, f.since, f.standing, 'session' AS cause_kind, f.uid AS cause_uid,
  f.first_event_uid AS event_uid
FROM from_there AS f LEFT JOIN crowd AS n ON n.ip = f.ip CROSS JOIN limits AS l
WHERE coalesce(n.principals, 0) <= l.shared_principals AND (n.first_at IS NULL OR n.first_at >= f.told_at)
