-- A session into which a compromised one switched: another account, from the same place with the same client, from then on.
SELECT 'session' AS kind, o.system, o.session_uid AS uid, min(greatest(o.first_at, a.time)) AS since, c.standing, 'session' AS cause_kind,
  min(c.uid) AS cause_uid, min(o.first_event_uid) AS event_uid
FROM compromise AS c JOIN acts AS a ON a.session_uid = c.uid AND a.time >= c.since
  JOIN drawn AS d ON d.session_uid = c.uid
  JOIN drawn AS o ON o.system = d.system AND o.principal = a.target_principal AND o.net = d.net AND o.client = d.client AND o.last_at >= a.time
WHERE c.kind = 'session' AND a.status_id = 1 AND a.class_uid = 3002 AND a.activity_id = 7 AND a.target_principal <> a.principal
GROUP BY o.system, o.session_uid, c.standing
