-- A session that came in with a credential which a compromised session had made.
SELECT 'session' AS kind, p.system, p.session_uid AS uid, greatest(p.first_at, c.since) AS since, c.standing, 'credential' AS cause_kind,
  c.uid AS cause_uid, p.first_event_uid AS event_uid
FROM compromise AS c JOIN pieces AS p ON p.system = c.system AND p.credential_uid = c.uid AND p.last_at >= c.since
WHERE c.kind = 'credential' AND c.rule = 'session_minted'
