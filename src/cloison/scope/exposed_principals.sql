SELECT d.system, d.principal, bool_or(x.machine) AS machine
FROM exposed_sessions AS e JOIN drawn AS d ON d.session_uid = e.session_uid JOIN exposed AS x ON x.exposed_uid = e.exposed_uid
WHERE d.principal <> '' GROUP BY d.system, d.principal
