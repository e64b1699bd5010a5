WITH counted AS (
  SELECT system, resource_kind,
    count(DISTINCT CASE WHEN standing = 'proven' THEN resource_uid END) AS attempted,
    count(DISTINCT CASE WHEN standing = 'proven' AND outcome = 'success'
      AND action IN ('viewed', 'searched', 'archived', 'cloned', 'downloaded') THEN resource_uid END) AS read,
    count(DISTINCT CASE WHEN standing = 'proven' AND outcome = 'success'
      AND action IN ('archived', 'cloned', 'downloaded') THEN resource_uid END) AS taken,
    count(DISTINCT CASE WHEN outcome <> 'denied'
      AND action IN ('viewed', 'searched', 'archived', 'cloned', 'downloaded') THEN resource_uid END) AS at_most
  FROM touched GROUP BY ALL
)
SELECT coalesce(c.system, t.system) AS system, coalesce(c.resource_kind, t.resource_kind) AS resource_kind,
  coalesce(c.attempted, 0) AS attempted, coalesce(c.read, 0) AS read, coalesce(c.taken, 0) AS taken,
  coalesce(c.at_most, 0) AS at_most, t.total
FROM counted AS c FULL OUTER JOIN totals AS t ON t.system = c.system AND t.resource_kind = c.resource_kind
