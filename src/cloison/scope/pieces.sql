WITH placed AS (
  SELECT s.*, t.way FROM stretches AS s JOIN threads AS t ON t.thread = s.thread
), spans AS (
  SELECT way, slot, min(first_at) AS first_at, max(last_at) AS last_at FROM placed GROUP BY way, slot
), fresh AS (
  SELECT p.way, p.slot, p.first_at, lag(p.last_at) OVER w IS NULL
    OR epoch_us(p.first_at) - epoch_us(lag(p.last_at) OVER w) > l.session_gap_minutes * 60000000 AS opens
  FROM spans AS p CROSS JOIN limits AS l WINDOW w AS (PARTITION BY p.way ORDER BY p.slot)
), opened AS (
  SELECT way, slot, max(CASE WHEN opens THEN first_at END) OVER (PARTITION BY way ORDER BY slot ROWS UNBOUNDED PRECEDING) AS opened_at
  FROM fresh
), cut AS (
  SELECT p.thread, o.opened_at, min(p.first_at) AS first_at, max(p.last_at) AS last_at, min(p.first_success_at) AS first_success_at,
    max(p.last_success_at) AS last_success_at, sum(p.events) AS events, sum(p.successes) AS successes,
    min_by(p.first_event_uid, struct_pack(t := p.first_at, e := p.first_event_uid)) AS first_event_uid
  FROM placed AS p JOIN opened AS o ON o.way = p.way AND o.slot = p.slot
  GROUP BY p.thread, o.opened_at
)
SELECT 's' || substr(md5(concat_ws(chr(31), t.system, t.principal, t.vendor_session_uid, t.net, t.client, epoch_us(c.opened_at))), 1, 20) AS session_uid,
  c.thread, t.system, t.principal, t.src_ip, t.credential_uid, c.first_at, c.last_at, c.first_success_at, c.last_success_at,
  c.events, c.successes, c.first_event_uid
FROM cut AS c JOIN threads AS t ON t.thread = c.thread
