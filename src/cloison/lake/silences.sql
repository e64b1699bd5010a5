-- What is ordinary is what the files themselves show. Files that are cut by the hour or the day are silent around the cut,
-- but never for so long that a whole file would fit between. Both only shrink when files are taken away.
WITH beats AS (
  SELECT source, system, evidence_uid, first_at, last_at,
    lag(last_at) OVER (PARTITION BY source, system, evidence_uid ORDER BY slot) AS before_at
  FROM pulse
), files AS (
  SELECT source, system, evidence_uid, (epoch_us(max(last_at)) - epoch_us(min(first_at))) // 1000000 AS span,
    coalesce(max(epoch_us(first_at) - epoch_us(before_at)), 0) // 1000000 AS silence
  FROM beats GROUP BY source, system, evidence_uid
), told AS (
  SELECT source, system, count(*) AS files, max(silence) AS inside,
    CASE WHEN count(CASE WHEN span > 43200 AND span < 86400 THEN 1 END) >= 3 THEN 86400
      WHEN count(CASE WHEN span > 1800 AND span < 3600 THEN 1 END) >= 3 THEN 3600 ELSE 0 END AS cut
  FROM files GROUP BY source, system
)
SELECT t.source, t.system, t.files, greatest(coalesce(d.lag_minutes, 15) * 60, t.inside, t.cut) AS tolerated_seconds,
  greatest(coalesce(d.lag_minutes, 15) * 60, t.inside) AS usual_seconds
FROM told AS t LEFT JOIN deliveries AS d ON d.source = t.source
