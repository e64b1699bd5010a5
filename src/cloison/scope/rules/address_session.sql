-- A session from a compromised address (for IPv6, its /64). A published address carries to everyone who is not at home
-- there; one that was learned carries fully only to principals that are exposed or compromised already, or to the client
-- that the intruder used there. The clocks of two systems may differ by `limits.clock_seconds`.
WITH near AS (
  SELECT c.uid, c.since, c.standing, c.rule, b.ip, b.net, b.ip = c.uid AS same
  FROM compromise AS c JOIN addresses AS a ON a.ip = c.uid JOIN addresses AS b ON b.net = a.net
  WHERE c.kind = 'address'
), at_address AS (
  SELECT n.*, i.session_uid, i.first_at, i.first_event_uid, d.system, d.principal, d.client,
    greatest(i.first_at, n.since - to_seconds(l.clock_seconds)) AS met_at
  FROM near AS n CROSS JOIN limits AS l
    JOIN session_ips AS i ON i.ip = n.ip AND i.last_at >= n.since - to_seconds(l.clock_seconds)
    JOIN drawn AS d ON d.session_uid = i.session_uid
), involved AS (
  SELECT system, uid AS principal FROM compromise WHERE kind = 'principal' AND standing = 2
  UNION SELECT system, principal FROM exposed_principals
), clients AS (
  SELECT DISTINCT d.net, d.client FROM compromise AS c JOIN drawn AS d ON d.session_uid = c.uid
  WHERE c.kind = 'session' AND c.standing = 2 AND d.client <> ''
), crowds AS (
  SELECT DISTINCT net FROM homes WHERE crowded
)
SELECT 'session' AS kind, t.system, t.session_uid AS uid, t.met_at AS since,
  CASE WHEN h.net IS NOT NULL THEN 1
    WHEN t.rule = 'indicator_address' AND t.same AND m.net IS NULL THEN 2
    WHEN v.principal IS NOT NULL OR k.client IS NOT NULL THEN t.standing ELSE 1 END AS standing,
  'address' AS cause_kind, t.uid AS cause_uid, t.first_event_uid AS event_uid
FROM at_address AS t
  LEFT JOIN involved AS v ON v.system = t.system AND v.principal = t.principal
  LEFT JOIN clients AS k ON k.net = t.net AND k.client = t.client
  LEFT JOIN homes AS h ON h.system = t.system AND h.principal = t.principal AND h.net = t.net
  LEFT JOIN crowds AS m ON m.net = t.net
