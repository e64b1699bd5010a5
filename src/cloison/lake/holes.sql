-- Inside files a hole is a run of empty hours in which, by the log's own rhythm of weekday and hour, at least 12 events
-- were due: by chance that happens about six times in a million. Between files a silence longer than is ordinary is one.
WITH merged AS (
  SELECT source, system, evidence_uid, first_at, max(struct_pack(t := last_at, e := evidence_uid)) OVER (
    PARTITION BY source, system ORDER BY first_at, evidence_uid ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before
  FROM pulse
), between_files AS (
  SELECT m.source, m.system, m.before.t AS from_at, m.first_at AS to_at
  FROM merged AS m JOIN silences AS s ON s.source = m.source AND s.system = m.system
  WHERE m.before.e <> m.evidence_uid AND epoch_us(m.first_at) - epoch_us(m.before.t) > s.tolerated_seconds * 1000000
), hourly AS (
  SELECT source, system, date_trunc('hour', first_at) AS hour, sum(events) AS events FROM pulse GROUP BY ALL
), span AS (
  SELECT source, system, min(hour) AS first_hour, max(hour) AS last_hour FROM hourly GROUP BY ALL
), hours AS (
  SELECT source, system, unnest(generate_series(first_hour, last_hour, INTERVAL 1 HOUR)) AS hour FROM span
), filled AS (
  SELECT h.source, h.system, h.hour, coalesce(n.events, 0) AS events, dayofweek(h.hour) IN (0, 6) AS weekend, hour(h.hour) AS clock
  FROM hours AS h LEFT JOIN hourly AS n ON n.source = h.source AND n.system = h.system AND n.hour = h.hour
), rhythm AS (
  SELECT *, median(events) OVER (PARTITION BY source, system, weekend, clock) AS due,
    sum(CASE WHEN events > 0 THEN 1 ELSE 0 END) OVER (PARTITION BY source, system ORDER BY hour) AS run
  FROM filled
), silent AS (
  SELECT source, system, min(hour) AS from_at, max(hour) + INTERVAL 1 HOUR AS to_at
  FROM rhythm WHERE events = 0 GROUP BY source, system, run HAVING sum(due) >= 12
)
SELECT source, system, from_at, to_at, 'files' AS kind FROM between_files
UNION ALL
SELECT s.source, s.system, s.from_at, s.to_at, 'rhythm' FROM silent AS s
WHERE NOT EXISTS (SELECT 1 FROM between_files AS b WHERE b.source = s.source AND b.system = s.system
  AND b.from_at < s.to_at AND b.to_at > s.from_at)
