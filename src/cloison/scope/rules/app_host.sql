-- The server that runs what was installed, where a known own network of one address is labelled with the system's name.
SELECT 'host' AS kind, '' AS system, n.first_ip AS uid, c.since, 1 AS standing, 'app' AS cause_kind, c.uid AS cause_uid, c.event_uid
FROM compromise AS c JOIN networks AS n ON n.low = n.high AND contains(lower(n.label), c.system)
WHERE c.kind = 'app'
