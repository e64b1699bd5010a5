-- Another account to which a compromised session gave a group or a role.
SELECT 'principal' AS kind, a.system, a.target_principal AS uid, min(a.time) AS since, 1 AS standing,
  'session' AS cause_kind, min_by(c.uid, struct_pack(t := a.time, e := a.event_uid)) AS cause_uid, min_by(a.event_uid, struct_pack(t := a.time, e := a.event_uid)) AS event_uid
FROM compromise AS c JOIN acts AS a ON a.session_uid = c.uid AND a.time >= c.since
WHERE c.kind = 'session' AND a.status_id <> 2 AND a.target_principal IS NOT NULL AND a.target_principal <> a.principal
  AND ((a.class_uid = 3006 AND a.activity_id = 3) OR (a.class_uid = 3005 AND a.activity_id = 1))
GROUP BY a.system, a.target_principal
