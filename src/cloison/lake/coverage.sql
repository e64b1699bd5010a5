WITH files AS (
  SELECT p.source, p.system, p.evidence_uid, t.taken_at, min(p.first_at) AS first_at, max(p.last_at) AS last_at, sum(p.events) AS events
  FROM pulse AS p LEFT JOIN taken AS t ON t.uid = p.evidence_uid GROUP BY p.source, p.system, p.evidence_uid, t.taken_at
), span AS (
  SELECT source, system, min(first_at) AS first_at, max(last_at) AS last_at, sum(events) AS events FROM files GROUP BY source, system
), batches AS (
  SELECT source, system, taken_at, max(last_at) AS last_at FROM files
  WHERE taken_at IS NOT NULL GROUP BY source, system, taken_at
), known AS (
  -- what had been taken an hour before: one taking may last
  SELECT b.source, b.system, b.taken_at, max(a.last_at) AS reach
  FROM batches AS b JOIN batches AS a ON a.source = b.source AND a.system = b.system AND epoch_us(a.taken_at) <= epoch_us(b.taken_at) - 3600000000
  GROUP BY b.source, b.system, b.taken_at
), late AS (
  SELECT p.source, p.system, sum(p.events) AS events
  FROM pulse AS p JOIN files AS f ON f.source = p.source AND f.system = p.system AND f.evidence_uid = p.evidence_uid
    JOIN known AS k ON k.source = f.source AND k.system = f.system AND k.taken_at = f.taken_at AND p.last_at <= k.reach
  GROUP BY p.source, p.system
), gaps AS (
  SELECT source, system, list(strftime(from_at, '%Y-%m-%dT%H:%MZ') || '/' || strftime(to_at, '%Y-%m-%dT%H:%MZ') ORDER BY from_at) AS told
  FROM holes GROUP BY source, system
), turned AS (
  SELECT source, system, list(strftime(time, '%Y-%m-%dT%H:%MZ') || ' ' || area || ' : ' || level ORDER BY time, event_uid) AS told
  FROM levels GROUP BY source, system
)
SELECT s.source, s.system, s.first_at, s.last_at, s.events, coalesce(g.told, []) AS gaps, q.files,
  q.tolerated_seconds // 60 AS tolerated_minutes,
  s.last_at - to_minutes(coalesce(d.lag_minutes, 15)) AS settled_until, d.retention_days,
  date_trunc('day', s.first_at) + to_days(CAST(d.retention_days AS INTEGER)) AS fetchable_until,
  coalesce(t.told, []) AS levels, coalesce(l.events, 0) AS late
FROM span AS s JOIN silences AS q ON q.source = s.source AND q.system = s.system
  LEFT JOIN gaps AS g ON g.source = s.source AND g.system = s.system
  LEFT JOIN turned AS t ON t.source = s.source AND t.system = s.system
  LEFT JOIN late AS l ON l.source = s.source AND l.system = s.system
  LEFT JOIN deliveries AS d ON d.source = s.source
