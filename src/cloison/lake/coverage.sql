-- A hole is a run of empty hours in which, by the source's own rhythm of weekday and hour, at least 12 events were due:
-- by chance that happens about six times in a million.
WITH hourly AS (
  SELECT source, system, date_trunc('hour', time) AS hour, count(*) AS events FROM events GROUP BY ALL
), span AS (
  SELECT source, system, min(time) AS first_at, max(time) AS last_at, count(*) AS events FROM events GROUP BY ALL
), hours AS (
  SELECT source, system, unnest(generate_series(date_trunc('hour', first_at), date_trunc('hour', last_at), INTERVAL 1 HOUR)) AS hour FROM span
), filled AS (
  SELECT h.source, h.system, h.hour, coalesce(n.events, 0) AS events, dayofweek(h.hour) IN (0, 6) AS weekend, hour(h.hour) AS clock
  FROM hours AS h LEFT JOIN hourly AS n ON n.source = h.source AND n.system = h.system AND n.hour = h.hour
), rhythm AS (
  SELECT *, median(events) OVER (PARTITION BY source, system, weekend, clock) AS due,
    sum(CASE WHEN events > 0 THEN 1 ELSE 0 END) OVER (PARTITION BY source, system ORDER BY hour) AS run
  FROM filled
), holes AS (
  SELECT source, system, min(hour) AS from_at, max(hour) + INTERVAL 1 HOUR AS to_at, sum(due) AS due
  FROM rhythm WHERE events = 0 GROUP BY source, system, run HAVING sum(due) >= 12
)
SELECT s.source, s.system, s.first_at, s.last_at, s.events,
  coalesce((SELECT list(strftime(h.from_at, '%Y-%m-%dT%H:%MZ') || '/' || strftime(h.to_at, '%Y-%m-%dT%H:%MZ') ORDER BY h.from_at)
    FROM holes AS h WHERE h.source = s.source AND h.system = s.system), []) AS gaps
FROM span AS s
