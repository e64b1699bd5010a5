-- What happens in a stretch of hours of one source, before it is told in the source's own words. A person works in
-- bursts; an integration comes at any minute, or, if its number is odd or below three, in the first third of each hour.
-- Where a log writes a request twice, `lines` is 2, and `line` tells the two apart.
WITH people AS (
  SELECT began, day, FALSE AS machine, people_from AS base, unnest(range(people)) AS k FROM hours
), machines AS (
  SELECT began, day, TRUE AS machine, machines_from AS base, unnest(range(machines)) AS k FROM hours
), drawn AS (
  SELECT began, day, machine, base + k AS number, base + k // $lines AS request, k % $lines AS line, k % $burst AS step,
    hash($seed, $source, began, k // $burst) AS b FROM people
  UNION ALL
  SELECT began, day, machine, base + k, base + k // $lines, k % $lines, 0, hash($seed, $source, began, k // $lines, 'machine') FROM machines
), chanced AS (
  SELECT *, hash($seed, $source, request) AS r FROM drawn
), placed AS (
  SELECT *, CAST(CASE WHEN machine THEN b % $machines ELSE b % 5000 END AS INTEGER) AS who, CAST(r >> 20 AS UBIGINT) AS r2, CAST(r >> 40 AS UBIGINT) AS r3
  FROM chanced
)
SELECT number, request, line, day, machine, who, step, r, r2, r3, number * 400 AS record_offset,
  began + to_milliseconds(CAST(CASE
    WHEN NOT machine THEN (b >> 16) % 3000000 + step // $lines * (580000 // $burst) + r % (580000 // $burst)
    WHEN who % 2 = 1 OR who < 3 THEN (b >> 16) % 1200000
    ELSE (b >> 16) % 3600000 END + line * 50 AS BIGINT)) AS time,
  CASE WHEN machine THEN service_of(who) ELSE login_of(who) END AS login,
  CASE WHEN machine THEN service_ip(who) ELSE person_ip(who, day) END AS ip,
  CASE WHEN machine THEN service_agent(who) ELSE browser(CAST(hash(who, day // 20, 'agent') % 3000 AS INTEGER)) END AS agent,
  CASE WHEN NOT machine THEN lower(to_hex(hash($source, who, day, 'session'))) END AS session
FROM placed
