-- The credential that a compromised session came in with, once anything succeeded.
SELECT 'credential' AS kind, a.system, a.credential_uid AS uid, min(a.time) AS since, c.standing,
  'session' AS cause_kind, min_by(c.uid, struct_pack(t := a.time, e := a.event_uid)) AS cause_uid,
  min_by(a.event_uid, struct_pack(t := a.time, e := a.event_uid)) AS event_uid
FROM compromise AS c JOIN acts AS a ON a.session_uid = c.uid AND a.time >= c.since
WHERE c.kind = 'session' AND a.status_id = 1 AND a.credential_uid IS NOT NULL
GROUP BY a.system, a.credential_uid, c.standing
