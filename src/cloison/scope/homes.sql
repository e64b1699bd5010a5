WITH held AS (
  SELECT h.system, h.principal, h.value AS net FROM habits AS h CROSS JOIN opening AS o
  WHERE h.what = 'net' AND h.first_at < o.exposed_from
), crowds AS (
  SELECT h.net FROM held AS h CROSS JOIN limits AS l WHERE h.principal <> '' GROUP BY h.net, l.shared_principals
  HAVING count(DISTINCT h.principal) > l.shared_principals
)
SELECT h.system, h.principal, h.net, c.net IS NOT NULL AS crowded FROM held AS h LEFT JOIN crowds AS c ON c.net = h.net
