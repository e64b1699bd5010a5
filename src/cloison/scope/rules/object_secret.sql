-- A credential whose secret stands in an object that a compromised session read: exposed from then on, and used is another
-- question, which its own sessions answer.
SELECT 'credential' AS kind, x.system, coalesce(x.credential_uid, x.principal) AS uid, min(a.time) AS since, 1 AS standing,
  'object' AS cause_kind, x.found_uid AS cause_uid, min_by(a.event_uid, struct_pack(t := a.time, e := a.event_uid)) AS event_uid
FROM exposed AS x JOIN acts AS a ON a.system = x.found_system AND a.resource_kind = x.found_kind AND a.resource_uid = x.found_uid
  JOIN compromise AS c ON c.kind = 'session' AND c.uid = a.session_uid AND a.time >= c.since
WHERE c.standing = 2 AND a.status_id = 1 AND a.action IN ('viewed', 'searched', 'archived', 'cloned', 'downloaded')
GROUP BY x.system, coalesce(x.credential_uid, x.principal), x.found_uid
