-- A habit is only learned from what succeeded.
WITH worked AS (SELECT * FROM drawn WHERE successes > 0),
each AS (
  SELECT system, principal, 'net' AS what, net AS value, first_success_at AS first_at, last_at FROM worked
  UNION ALL SELECT system, principal, 'near', regexp_replace(net, '[.][0-9]+$', ''), first_success_at, last_at FROM worked
  UNION ALL SELECT system, principal, 'label', label, first_success_at, last_at FROM worked WHERE label IS NOT NULL
  UNION ALL SELECT system, principal, 'client', client, first_success_at, last_at FROM worked
  -- a person who logs in to several systems under one name brings the habit of place along
  UNION ALL SELECT '', split_part(principal, '@', 1), 'person', net, first_success_at, last_at FROM worked WHERE principal <> ''
)
SELECT system, principal, what, value, min(first_at) AS first_at, max(last_at) AS last_at FROM each GROUP BY ALL
