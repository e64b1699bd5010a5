-- A role, policy, webhook, filter or application grant that a compromised session made or changed.
SELECT 'entity' AS kind, a.system, concat_ws(' ', a.resource_kind, coalesce(a.resource_uid, a.event_code)) AS uid, min(a.time) AS since, c.standing,
  'session' AS cause_kind, min_by(c.uid, struct_pack(t := a.time, e := a.event_uid)) AS cause_uid,
  min_by(a.event_uid, struct_pack(t := a.time, e := a.event_uid)) AS event_uid
FROM compromise AS c JOIN acts AS a ON a.session_uid = c.uid AND a.time >= c.since
WHERE c.kind = 'session' AND a.status_id <> 2 AND a.class_uid = 3004 AND a.activity_id IN (1, 3)
  AND coalesce(a.minted_credential_uid, a.target_credential_uid) IS NULL
GROUP BY a.system, concat_ws(' ', a.resource_kind, coalesce(a.resource_uid, a.event_code)), c.standing
