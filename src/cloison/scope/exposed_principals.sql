SELECT DISTINCT d.system, d.principal FROM exposed_sessions AS x JOIN drawn AS d ON d.session_uid = x.session_uid
WHERE d.principal <> ''
