-- The group or role itself that a compromised session gave to an account: it stays until somebody takes it back.
SELECT 'grant' AS kind, a.system, concat_ws(' in ', a.target_principal, coalesce(a.target_group, a.resource_uid, a.event_code)) AS uid,
  min(a.time) AS since, c.standing, 'session' AS cause_kind, min_by(c.uid, struct_pack(t := a.time, e := a.event_uid)) AS cause_uid,
  min_by(a.event_uid, struct_pack(t := a.time, e := a.event_uid)) AS event_uid
FROM compromise AS c JOIN acts AS a ON a.session_uid = c.uid AND a.time >= c.since
WHERE c.kind = 'session' AND a.status_id <> 2 AND ((a.class_uid = 3006 AND a.activity_id = 3) OR (a.class_uid = 3005 AND a.activity_id = 1))
GROUP BY a.system, concat_ws(' in ', a.target_principal, coalesce(a.target_group, a.resource_uid, a.event_code)), c.standing
