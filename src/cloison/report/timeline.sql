WITH held AS (
  SELECT a.*, s.standing FROM sessions AS s JOIN acts AS a ON a.session_uid = s.session_uid AND a.time >= s.since
  WHERE s.standing IN ('proven', 'suspected')
), opened AS (
  SELECT s.since AS time, s.system, s.principal, s.standing, s.event_uid,
    CASE WHEN s.successes > 0 THEN 'session opened' ELSE 'access tried and refused' END || ' from ' || s.network
      || ' (' || s.events || CASE WHEN s.events = 1 THEN ' event' ELSE ' events' END || ' until ' || strftime(s.last_at, '%m-%d %H:%M:%S') || ')' AS what,
    CASE WHEN s.successes > 0 THEN 'opened' ELSE 'refused' END AS act, s.network AS subject, NULL AS object, NULL AS kind,
    s.events AS times, s.last_at AS until
  FROM sessions AS s WHERE s.standing IN ('proven', 'suspected')
), reading AS (
  SELECT h.session_uid, h.system, h.standing, min(h.time) AS time, any_value(h.principal) AS principal, h.action, h.resource_kind,
    count(DISTINCT h.resource_uid) AS objects, min_by(h.event_uid, struct_pack(t := h.time, e := h.event_uid)) AS event_uid,
    min_by(h.resource_uid, struct_pack(t := h.time, e := h.event_uid)) AS first_uid
  FROM held AS h WHERE h.status_id = 1 AND h.action IN ('viewed', 'archived', 'cloned', 'downloaded') AND h.resource_uid IS NOT NULL
  GROUP BY h.session_uid, h.system, h.standing, h.action, h.resource_kind
), searched AS (
  SELECT min(time) AS time, system, principal, standing, 'searched for "' || resource_uid || '"' AS what,
    min_by(event_uid, struct_pack(t := time, e := event_uid)) AS event_uid,
    'searched' AS act, NULL AS subject, resource_uid AS object, NULL AS kind, NULL AS times, NULL AS until
  FROM held WHERE action = 'searched' AND resource_uid IS NOT NULL GROUP BY system, principal, standing, resource_uid
), changed AS (
  SELECT min(time) AS time, system, principal, standing,
    CASE WHEN class_uid = 3001 AND activity_id = 1 THEN coalesce('account ' || target_principal || ' created', 'account creation requested')
      WHEN class_uid = 3001 THEN 'account ' || coalesce(target_principal, '?') || ' changed (' || coalesce(event_code, '') || ')'
      WHEN class_uid = 3006 AND activity_id = 3 THEN coalesce(target_principal, '?') || ' added to group ' || coalesce(target_group, '?')
      WHEN class_uid IN (3005, 3006) THEN 'privileges or groups changed (' || coalesce(event_code, '') || ')'
      WHEN class_uid = 3004 THEN 'token, key or policy changed (' || coalesce(event_code, '') || ')'
      ELSE coalesce('app ' || target_app, 'an app, by upload,') || CASE activity_id WHEN 1 THEN ' installed' WHEN 2 THEN ' removed'
        WHEN 6 THEN ' enabled' WHEN 7 THEN ' disabled' ELSE ' changed' END END
      || CASE WHEN status_id = 2 THEN ' (refused)' ELSE '' END AS what,
    min_by(event_uid, struct_pack(t := time, e := event_uid)) AS event_uid,
    CASE WHEN class_uid = 3001 AND activity_id = 1 THEN 'account_created' WHEN class_uid = 3001 THEN 'account_changed'
      WHEN class_uid = 3006 AND activity_id = 3 THEN 'group_joined' WHEN class_uid IN (3005, 3006) THEN 'privileges_changed'
      WHEN class_uid = 3004 THEN 'entity_changed'
      ELSE CASE activity_id WHEN 1 THEN 'app_installed' WHEN 2 THEN 'app_removed' WHEN 6 THEN 'app_enabled' WHEN 7 THEN 'app_disabled'
        ELSE 'app_changed' END END || CASE WHEN status_id = 2 THEN '_refused' ELSE '' END AS act,
    CASE WHEN class_uid = 3001 OR (class_uid = 3006 AND activity_id = 3) THEN target_principal WHEN class_uid = 6002 THEN target_app END AS subject,
    CASE WHEN class_uid = 3006 AND activity_id = 3 THEN target_group WHEN class_uid = 6002 OR (class_uid = 3001 AND activity_id = 1) THEN NULL
      ELSE event_code END AS object,
    NULL AS kind, NULL AS times, NULL AS until
  FROM held WHERE class_uid IN (3001, 3004, 3005, 3006, 6002) GROUP BY ALL
), answered AS (
  -- what others did about it: whatever closed something compromised
  SELECT c.until AS time, c.system, k.principal, 'expected' AS standing, c.closed_by AS event_uid,
    c.kind || ' ' || c.uid || ' closed' AS what, 'closed' AS act, c.uid AS subject, NULL AS object, c.kind, NULL AS times, NULL AS until
  FROM compromised AS c JOIN closings AS k ON k.event_uid = c.closed_by AND k.kind = c.kind AND k.uid = c.uid WHERE c.closed_by IS NOT NULL
), hosts AS (
  SELECT t.first_at AS time, t.system, t.principals AS principal, t.standing, t.event_uid,
    'host ' || t.principals || CASE t.outcome WHEN 'denied' THEN ' was refused by ' ELSE ' spoke to ' END || t.resource_uid
      || ' (' || t.events || ' connections until ' || strftime(t.last_at, '%m-%d %H:%M:%S') || ')' AS what,
    CASE t.outcome WHEN 'denied' THEN 'host_refused' ELSE 'host_spoke' END AS act, t.principals AS subject, t.resource_uid AS object,
    NULL AS kind, t.events AS times, t.last_at AS until
  FROM touched AS t WHERE t.system = 'network'
), sighted AS (
  SELECT min(s.time) AS time, s.system, NULL AS principal, 'proven' AS standing,
    min_by(s.event_uid, struct_pack(t := s.time, e := s.event_uid)) AS event_uid,
    'indicator ' || s.indicator_value || ' first seen here, as ' || s.field || ' (' || count(*) || ' sightings)' AS what,
    'sighted' AS act, s.indicator_value AS subject, s.field AS object, NULL AS kind, count(*) AS times, NULL AS until
  FROM sightings AS s GROUP BY s.system, s.indicator_value, s.field
), beats AS (
  SELECT time, event_uid, lag(time) OVER (ORDER BY time, event_uid) AS before_at FROM held WHERE standing = 'proven'
), visits AS (
  -- a visit is a run of acts in all systems without an hour's silence; one of a single act is a brief test of access
  SELECT min(time) AS first_at, max(time) AS last_at, count(*) AS acts, min_by(event_uid, struct_pack(t := time, e := event_uid)) AS event_uid
  FROM (SELECT *, sum(CASE WHEN before_at IS NULL OR epoch_us(time) - epoch_us(before_at) > 3600000000 THEN 1 ELSE 0 END)
    OVER (ORDER BY time, event_uid ROWS UNBOUNDED PRECEDING) AS visit FROM beats)
  GROUP BY visit
), busy AS (
  SELECT *, lag(last_at) OVER (ORDER BY first_at) AS before_at FROM visits WHERE acts > 1
), paused AS (
  SELECT b.before_at AS time, NULL AS system, NULL AS principal, 'proven' AS standing, b.event_uid,
    'pause until ' || strftime(b.first_at, '%Y-%m-%d %H:%M:%S') || ' (' || (epoch_us(b.first_at) - epoch_us(b.before_at)) // 3600000000
      || ' hours), save ' || count(t.first_at) || ' single acts that test access' AS what,
    'paused' AS act, NULL AS subject, NULL AS object, NULL AS kind, count(t.first_at) AS times, b.first_at AS until
  FROM busy AS b LEFT JOIN visits AS t ON t.acts = 1 AND t.first_at > b.before_at AND t.first_at < b.first_at
  WHERE epoch_us(b.first_at) - epoch_us(b.before_at) >= 86400000000
  GROUP BY b.before_at, b.first_at, b.event_uid
)
SELECT time, system, principal, what, standing, event_uid, act, subject, object, kind, times, until FROM opened
UNION ALL SELECT time, system, principal, action || ' ' || objects || ' '
  || CASE WHEN objects > 1 AND ends_with(resource_kind, 'y') THEN regexp_replace(resource_kind, 'y$', 'ie') ELSE resource_kind END
  || CASE WHEN objects = 1 THEN ' (' ELSE 's, first ' END || first_uid || CASE WHEN objects = 1 THEN ')' ELSE '' END, standing, event_uid,
  action AS act, NULL AS subject, first_uid AS object, resource_kind AS kind, objects AS times, NULL AS until FROM reading
UNION ALL SELECT time, system, principal, what, standing, event_uid, act, subject, object, kind, times, until FROM searched
UNION ALL SELECT time, system, principal, what, standing, event_uid, act, subject, object, kind, times, until FROM changed
UNION ALL SELECT time, system, principal, what, standing, event_uid, act, subject, object, kind, times, until FROM answered
UNION ALL SELECT time, system, principal, what, standing, event_uid, act, subject, object, kind, times, until FROM hosts
UNION ALL SELECT time, system, principal, what, standing, event_uid, act, subject, object, kind, times, until FROM sighted
UNION ALL SELECT time, system, principal, what, standing, event_uid, act, subject, object, kind, times, until FROM paused
