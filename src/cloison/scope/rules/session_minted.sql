-- A credential that a compromised session made: an assumed role's key, a token, an access key.
SELECT 'credential' AS kind, a.system, coalesce(a.minted_credential_uid, a.target_credential_uid) AS uid,
  min(a.time) AS since, c.standing, 'session' AS cause_kind,
  min_by(c.uid, struct_pack(t := a.time, e := a.event_uid)) AS cause_uid,
  min_by(a.event_uid, struct_pack(t := a.time, e := a.event_uid)) AS event_uid
FROM compromise AS c JOIN acts AS a ON a.session_uid = c.uid AND a.time >= c.since
WHERE c.kind = 'session' AND a.status_id = 1 AND (a.minted_credential_uid IS NOT NULL
  OR (a.class_uid = 3004 AND a.activity_id = 1 AND a.target_credential_uid IS NOT NULL))
GROUP BY a.system, coalesce(a.minted_credential_uid, a.target_credential_uid), c.standing
