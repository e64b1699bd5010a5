-- A session that came in with a credential which a compromised session had made.
SELECT 'session' AS kind, a.system, a.session_uid AS uid, min(a.time) AS since, c.standing, 'credential' AS cause_kind,
  c.uid AS cause_uid, min_by(a.event_uid, struct_pack(t := a.time, e := a.event_uid)) AS event_uid
FROM compromise AS c JOIN acts AS a ON a.system = c.system AND a.credential_uid = c.uid AND a.time >= c.since
WHERE c.kind = 'credential' AND c.rule = 'session_minted'
GROUP BY a.system, a.session_uid, c.standing, c.uid
