-- Uses are counted by the pieces of sessions, and by events only where the exposure or the end cuts one. What is named MATERIALIZED is read
-- from the events once and used several times; an engine that ignores the word answers the same.
WITH asked AS (
  SELECT concat_ws(chr(31), x.exposed_uid, n.event_uid) AS ask, x.exposed_uid, x.system, x.credential_uid, x.principal, x.is_account, x.named,
    coalesce(x.exposed_at, TIMESTAMP '1970-01-01') AS exposed_at, coalesce(n.event_uid, '') AS ended_by, n.time AS ended_at, n.effect
  FROM exposed AS x LEFT JOIN said AS n ON n.exposed_uid = x.exposed_uid AND n.ends
), used_pieces AS (
  SELECT x.ask, x.exposed_at, x.ended_at, p.thread, p.first_success_at AS first_at, p.last_success_at AS last_at, p.successes
  FROM asked AS x JOIN pieces AS p ON p.credential_uid = x.credential_uid
  WHERE p.successes > 0 AND NOT x.named AND NOT (x.is_account AND x.system = p.system AND x.principal = p.principal)
  UNION ALL
  SELECT x.ask, x.exposed_at, x.ended_at, p.thread, p.first_success_at, p.last_success_at, p.successes
  FROM asked AS x JOIN pieces AS p ON p.principal = x.principal AND p.system = x.system
  WHERE x.is_account AND p.successes > 0
), cut AS (
  -- only where the exposure or the end falls into a piece are its events counted one by one
  SELECT *, (first_at < exposed_at AND last_at >= exposed_at) OR (first_at <= ended_at AND last_at > ended_at) AS within FROM used_pieces
), last_piece AS (
  SELECT ask, max(last_at) AS last_at FROM cut GROUP BY ask
), windows AS (
  SELECT ask, exposed_at, ended_at, thread, first_at, last_at FROM cut WHERE within
), lasts AS (
  SELECT DISTINCT c.thread, c.last_at FROM cut AS c JOIN last_piece AS l ON l.ask = c.ask AND l.last_at = c.last_at
), asked_threads AS (
  SELECT thread, min(first_at) AS first_at, max(last_at) AS last_at FROM (
    SELECT thread, first_at, last_at FROM windows UNION ALL SELECT thread, last_at, last_at FROM lasts)
  GROUP BY thread
), near AS MATERIALIZED (
  SELECT d.thread, d.time, d.event_uid FROM deeds AS d JOIN asked_threads AS t ON t.thread = d.thread AND d.time BETWEEN t.first_at AND t.last_at
  WHERE d.status_id = 1
), told AS (
  SELECT ask, CASE WHEN first_at >= exposed_at THEN successes ELSE 0 END AS after_exposure,
    CASE WHEN first_at > ended_at THEN successes ELSE 0 END AS after_end
  FROM cut WHERE NOT within OR within IS NULL
  UNION ALL
  SELECT w.ask, CASE WHEN n.time >= w.exposed_at THEN 1 ELSE 0 END, CASE WHEN n.time > w.ended_at THEN 1 ELSE 0 END
  FROM windows AS w JOIN near AS n ON n.thread = w.thread AND n.time BETWEEN w.first_at AND w.last_at
), counted AS (
  SELECT ask, sum(after_exposure) AS after_exposure, sum(after_end) AS after_end FROM told GROUP BY ask
), ends AS (
  SELECT l.ask, l.last_at, max(n.event_uid) AS last_use
  FROM last_piece AS l JOIN cut AS c ON c.ask = l.ask AND c.last_at = l.last_at JOIN near AS n ON n.thread = c.thread AND n.time = l.last_at
  GROUP BY l.ask, l.last_at
), used AS (
  SELECT e.ask, e.last_at, e.last_use, c.after_exposure, c.after_end FROM ends AS e JOIN counted AS c ON c.ask = e.ask
), mints AS MATERIALIZED (
  SELECT DISTINCT credential_uid, principal, system, minted_credential_uid AS uid, time FROM events
  WHERE class_uid = 3002 AND status_id = 1 AND minted_credential_uid IS NOT NULL
), minted_once AS (
  SELECT x.ask, m.uid FROM asked AS x JOIN mints AS m ON m.credential_uid = x.credential_uid
  WHERE NOT x.named AND m.time >= x.exposed_at
  UNION
  SELECT x.ask, m.uid FROM asked AS x JOIN mints AS m ON m.principal = x.principal AND m.system = x.system
  WHERE x.is_account AND m.time >= x.exposed_at
  UNION
  -- a key that lives by itself counts only in the intruder's hands: the owner makes its successor with the old one
  SELECT x.ask, c.uid FROM asked AS x JOIN acts AS a ON a.credential_uid = x.credential_uid
    JOIN compromise AS c ON c.kind = 'credential' AND c.standing = 2 AND c.rule = 'session_minted'
      AND c.uid = coalesce(a.minted_credential_uid, a.target_credential_uid)
  WHERE NOT x.named AND a.status_id = 1 AND a.time >= x.exposed_at AND a.time >= c.since
), minted_twice AS (
  SELECT o.ask, m.uid FROM minted_once AS o JOIN mints AS m ON m.credential_uid = o.uid
), minted AS MATERIALIZED (
  SELECT ask, uid FROM minted_once UNION SELECT ask, uid FROM minted_twice
  UNION SELECT o.ask, m.uid FROM minted_twice AS o JOIN mints AS m ON m.credential_uid = o.uid
), opening_session AS (
  -- the vendor's session that came in as the account with the secret of that time, and outlived it
  SELECT x.ask, x.ended_at, p.system, p.principal, t.vendor_session_uid AS uid
  FROM asked AS x JOIN pieces AS p ON p.principal = x.principal AND p.system = x.system JOIN threads AS t ON t.thread = p.thread
  WHERE x.is_account AND x.effect = 'changed' AND t.vendor_session_uid <> ''
  GROUP BY x.ask, x.exposed_at, x.ended_at, p.system, p.principal, t.vendor_session_uid
  HAVING min(p.first_at) >= x.exposed_at AND min(p.first_at) <= x.ended_at AND max(p.last_success_at) > x.ended_at
), opened AS (
  SELECT o.ask, o.uid, max(e.time) AS last_at, max_by(e.event_uid, struct_pack(t := e.time, e := e.event_uid)) AS last_use, count(*) AS uses
  FROM events AS e JOIN opening_session AS o ON o.uid = e.vendor_session_uid AND o.system = e.system AND o.principal = e.principal
  WHERE e.status_id = 1 AND e.time > o.ended_at AND e.class_uid NOT IN (4001, 4003) GROUP BY o.ask, o.system, o.uid
), entered AS (
  -- the vendor's session that came in with the credential
  SELECT DISTINCT x.ask, x.credential_uid, x.ended_at, p.system, p.principal, t.vendor_session_uid AS uid
  FROM asked AS x JOIN pieces AS p ON p.credential_uid = x.credential_uid JOIN threads AS t ON t.thread = p.thread
  WHERE NOT x.named AND NOT x.is_account AND t.vendor_session_uid <> '' AND p.last_success_at >= x.exposed_at
    AND p.first_success_at <= x.ended_at
), lived AS (
  SELECT m.ask, m.uid, max(e.time) AS last_at, max_by(e.event_uid, struct_pack(t := e.time, e := e.event_uid)) AS last_use, count(*) AS uses
  FROM events AS e JOIN minted AS m ON m.uid = e.credential_uid JOIN asked AS x ON x.ask = m.ask
  WHERE m.uid <> coalesce(x.credential_uid, '') AND e.status_id = 1 AND e.time > x.ended_at AND e.class_uid NOT IN (4001, 4003) GROUP BY m.ask, m.uid
  UNION ALL
  SELECT n.ask, n.uid, max(e.time), max_by(e.event_uid, struct_pack(t := e.time, e := e.event_uid)), count(*)
  FROM events AS e JOIN entered AS n ON n.uid = e.vendor_session_uid AND n.system = e.system AND coalesce(n.principal, '') = coalesce(e.principal, '')
  WHERE e.status_id = 1 AND e.time > n.ended_at AND e.class_uid NOT IN (4001, 4003) AND coalesce(e.credential_uid, '') <> n.credential_uid
    AND NOT EXISTS (SELECT 1 FROM minted AS m WHERE m.ask = n.ask AND m.uid = e.credential_uid)
  GROUP BY n.ask, n.uid
  UNION ALL
  SELECT ask, uid, last_at, last_use, uses FROM opened
), outlived AS (
  SELECT ask, sum(uses) AS uses, max_by(uid, struct_pack(t := last_at, e := last_use)) AS uid, max(last_at) AS last_at,
    max_by(last_use, struct_pack(t := last_at, e := last_use)) AS last_use
  FROM lived GROUP BY ask
), bad AS (
  SELECT a.credential_uid, a.principal, a.system, a.time FROM acts AS a
    JOIN compromise AS c ON c.kind = 'session' AND c.standing = 2 AND c.uid = a.session_uid AND a.time >= c.since
  WHERE a.status_id = 1
), misused AS (
  SELECT ask, count(CASE WHEN time > ended_at THEN 1 END) AS after_end FROM (
    SELECT x.ask, x.ended_at, b.time FROM asked AS x JOIN bad AS b ON b.credential_uid = x.credential_uid WHERE NOT x.named
    UNION ALL
    SELECT x.ask, x.ended_at, b.time FROM asked AS x JOIN bad AS b ON b.principal = x.principal AND b.system = x.system WHERE x.is_account)
  GROUP BY ask
)
SELECT x.exposed_uid, x.ended_by, u.last_at AS last_use_at, u.last_use, coalesce(u.after_exposure, 0) AS after_exposure,
  coalesce(u.after_end, 0) AS after_end, coalesce(o.uses, 0) AS minted_after_end,
  o.uid AS minted, o.last_use AS last_minted_use,
  m.ask IS NOT NULL AS misused, coalesce(m.after_end, 0) AS misused_after_end
FROM asked AS x LEFT JOIN used AS u ON u.ask = x.ask LEFT JOIN outlived AS o ON o.ask = x.ask
  LEFT JOIN misused AS m ON m.ask = x.ask
