-- Only events of which something is so have a row: what is first is rare, and so is a use of what had ended.
WITH agents AS (
  SELECT user_agent, nullif(client_of(user_agent), '') AS client FROM (SELECT DISTINCT user_agent FROM days WHERE user_agent IS NOT NULL)
), places AS (
  SELECT ip, regexp_replace(net, '[.][0-9]+$', '') AS near FROM addresses
), placed AS MATERIALIZED (
  SELECT d.source, d.system, d.principal, d.class_uid, d.activity_id, d.object, d.day, d.vendor_session_uid, d.first_at, d.last_at, d.first_event_uid,
    a.near, g.client
  FROM days AS d LEFT JOIN places AS a ON a.ip = d.src_ip LEFT JOIN agents AS g ON g.user_agent = d.user_agent WHERE d.succeeded = 1
), seen AS (
  -- a log that begins later than another of its system must first have seen the principal itself
  SELECT source, system, principal, min(first_at) AS first_at, min(CASE WHEN near IS NOT NULL THEN first_at END) AS placed_at,
    min(CASE WHEN client IS NOT NULL THEN first_at END) AS client_at
  FROM placed GROUP BY source, system, principal
), nets AS (
  SELECT system, principal, min(first_at) AS first_at, min_by(source, struct_pack(t := first_at, e := first_event_uid)) AS source,
    min_by(first_event_uid, struct_pack(t := first_at, e := first_event_uid)) AS event_uid
  FROM placed WHERE near IS NOT NULL GROUP BY system, principal, near
), clients AS (
  SELECT system, principal, min(first_at) AS first_at, min_by(source, struct_pack(t := first_at, e := first_event_uid)) AS source,
    min_by(first_event_uid, struct_pack(t := first_at, e := first_event_uid)) AS event_uid
  FROM placed WHERE client IS NOT NULL GROUP BY system, principal, client
), deeds_first AS (
  SELECT system, principal, min(first_at) AS first_at, min_by(source, struct_pack(t := first_at, e := first_event_uid)) AS source,
    min_by(first_event_uid, struct_pack(t := first_at, e := first_event_uid)) AS event_uid
  FROM placed GROUP BY system, principal, class_uid, activity_id, object
), daily AS (
  SELECT system, principal, day, min(first_at) AS first_at, max(last_at) AS last_at,
    min_by(first_event_uid, struct_pack(t := first_at, e := first_event_uid)) AS event_uid
  FROM placed GROUP BY system, principal, day
), rested AS (
  SELECT event_uid, lag(last_at) OVER w IS NULL AS very_first, (epoch_us(first_at) - epoch_us(lag(last_at) OVER w)) // 86400000000 AS dormant_days
  FROM daily WINDOW w AS (PARTITION BY system, principal ORDER BY day)
), ways AS (
  SELECT system, principal, vendor_session_uid, near, client, min(first_at) AS first_at,
    min_by(first_event_uid, struct_pack(t := first_at, e := first_event_uid)) AS event_uid
  FROM placed WHERE vendor_session_uid <> '' AND near IS NOT NULL AND client IS NOT NULL GROUP BY ALL
), moved AS (
  SELECT DISTINCT w.event_uid FROM ways AS w JOIN ways AS b ON b.system = w.system AND b.principal = w.principal
    AND b.vendor_session_uid = w.vendor_session_uid AND b.near <> w.near AND b.client <> w.client
    AND struct_pack(t := b.first_at, e := b.event_uid) < struct_pack(t := w.first_at, e := w.event_uid)
), known AS (
  SELECT credential_uid, CASE WHEN is_account THEN system END AS system, CASE WHEN is_account THEN principal END AS principal,
    coalesce(exposed_at, TIMESTAMP '1970-01-01') AS exposed_at, exposed_uid, is_account
  FROM exposed WHERE found_uid IS NULL AND (is_account OR (credential_uid IS NOT NULL AND NOT named))
), used AS (
  SELECT k.exposed_uid, e.time, e.event_uid FROM events AS e JOIN known AS k ON k.credential_uid = e.credential_uid AND NOT k.is_account
  WHERE e.status_id = 1 AND e.time >= k.exposed_at
  UNION ALL
  SELECT k.exposed_uid, e.time, e.event_uid FROM events AS e JOIN known AS k ON k.is_account AND k.system = e.system AND k.principal = e.principal
  WHERE e.status_id = 1 AND e.time >= k.exposed_at
), first_uses AS (
  SELECT min_by(event_uid, struct_pack(t := time, e := event_uid)) AS event_uid FROM used GROUP BY exposed_uid
), lives AS (
  -- the end of a credential, or of an account, as its issuer recorded it, until something gives it back its life
  SELECT e.rotation_credential_uid AS credential_uid, e.system, e.rotation_principal AS principal, e.source, e.time, e.event_uid,
    r.proves AND e.rotation_effect IN ('revoked', 'disabled') AS ends, list_contains(r.kinds, 'service_account') AS of_account
  FROM events AS e JOIN rotation_rules AS r ON r.rule = e.rotation_rule
  WHERE ((r.proves AND e.rotation_effect IN ('revoked', 'disabled')) OR e.rotation_effect IN ('enabled', 'created'))
    AND (e.rotation_credential_uid IS NOT NULL OR list_contains(r.kinds, 'service_account'))
  UNION ALL
  SELECT NULL, system, target_principal, source, time, event_uid, FALSE, TRUE FROM events
  WHERE class_uid = 3001 AND activity_id IN (1, 2) AND status_id = 1 AND target_principal IS NOT NULL
), spans AS (
  SELECT *, lead(time) OVER w AS until FROM lives
  WINDOW w AS (PARTITION BY credential_uid, CASE WHEN credential_uid IS NULL THEN system END, CASE WHEN credential_uid IS NULL THEN principal END ORDER BY time, ends, event_uid)
), ended AS (
  SELECT s.* FROM spans AS s WHERE s.ends
), outlived AS (
  SELECT e.event_uid, e.source, e.time, n.source AS ended_in, n.time AS ended_at FROM events AS e JOIN ended AS n ON n.credential_uid = e.credential_uid
  WHERE e.status_id = 1 AND e.time > n.time AND (n.until IS NULL OR e.time < n.until) AND NOT (e.class_uid = 3002 AND e.activity_id = 2)
  UNION ALL
  SELECT e.event_uid, e.source, e.time, n.source, n.time FROM events AS e JOIN ended AS n ON n.credential_uid IS NULL AND n.of_account
    AND n.system = e.system AND n.principal = e.principal
  WHERE e.status_id = 1 AND e.time > n.time AND (n.until IS NULL OR e.time < n.until) AND NOT (e.class_uid = 3002 AND e.activity_id = 2)
), late AS (
  -- the clocks of two logs may be apart
  SELECT DISTINCT o.event_uid FROM outlived AS o CROSS JOIN limits AS l
  WHERE o.source = o.ended_in OR epoch_us(o.time) - epoch_us(o.ended_at) > l.clock_seconds * 1000000
), facts AS (
  SELECT n.event_uid, 'network_new' AS fact, 0 AS days FROM nets AS n JOIN seen AS s ON s.source = n.source AND s.system = n.system AND s.principal = n.principal
    WHERE s.placed_at < n.first_at
  UNION ALL SELECT n.event_uid, 'client_new', 0 FROM clients AS n JOIN seen AS s ON s.source = n.source AND s.system = n.system AND s.principal = n.principal
    WHERE s.client_at < n.first_at
  UNION ALL SELECT n.event_uid, 'first_act', 0 FROM deeds_first AS n JOIN seen AS s ON s.source = n.source AND s.system = n.system AND s.principal = n.principal
    WHERE s.first_at < n.first_at
  UNION ALL SELECT event_uid, 'very_first', 0 FROM rested WHERE very_first
  UNION ALL SELECT event_uid, 'dormant', dormant_days FROM rested WHERE dormant_days > 0
  UNION ALL SELECT event_uid, 'session_moved', 0 FROM moved
  UNION ALL SELECT event_uid, 'credential_first_use', 0 FROM first_uses
  UNION ALL SELECT event_uid, 'after_revocation', 0 FROM late
  UNION ALL SELECT event_uid, 'indicator', 0 FROM sighted WHERE valid AND caution IS NULL
)
SELECT event_uid, bool_or(fact = 'network_new') AS network_new, bool_or(fact = 'client_new') AS client_new, bool_or(fact = 'first_act') AS first_act,
  CASE WHEN bool_or(fact = 'very_first') THEN NULL ELSE max(days) END AS dormant_days, bool_or(fact = 'session_moved') AS session_moved,
  bool_or(fact = 'credential_first_use') AS credential_first_use, bool_or(fact = 'after_revocation') AS after_revocation,
  bool_or(fact = 'indicator') AS indicator
FROM facts GROUP BY event_uid
