-- A credential that waits to be exposed, by the object that holds its secret, is not yet. An account's name in another system than its own may be the same person or a namesake: that match is not sure.
WITH matched AS (
  SELECT p.session_uid, x.exposed_at, x.exposed_uid, TRUE AS sure, x.found_uid IS NOT NULL AS awaited
  FROM exposed AS x JOIN pieces AS p ON p.credential_uid = x.credential_uid WHERE NOT x.named
  UNION ALL
  SELECT p.session_uid, x.exposed_at, x.exposed_uid, p.system = x.system, x.found_uid IS NOT NULL
  FROM exposed AS x JOIN pieces AS p ON p.principal = x.principal WHERE x.is_account
)
SELECT session_uid, coalesce(exposed_at, TIMESTAMP '1970-01-01') AS exposed_at, exposed_uid, bool_or(sure) AS sure
FROM matched WHERE exposed_at IS NOT NULL OR NOT awaited GROUP BY ALL
