-- Another own host that a compromised one reached and never spoke to before.
SELECT 'host' AS kind, '' AS system, f.dst_ip AS uid, min(f.time) AS since, 1 AS standing, 'host' AS cause_kind,
  min_by(c.uid, struct_pack(t := f.time, e := f.event_uid)) AS cause_uid, min_by(f.event_uid, struct_pack(t := f.time, e := f.event_uid)) AS event_uid
FROM compromise AS c JOIN flows AS f ON f.src_ip = c.uid AND f.time >= c.since
  JOIN addresses AS a ON a.ip = f.dst_ip AND a.label IS NOT NULL
WHERE c.kind = 'host' AND c.standing = 2 AND f.status_id = 1 AND NOT EXISTS (
  SELECT 1 FROM flow_habits AS h WHERE h.src_ip = f.src_ip AND h.dst IN (f.dst, f.dst_ip) AND h.first_at < c.since)
GROUP BY f.dst_ip
