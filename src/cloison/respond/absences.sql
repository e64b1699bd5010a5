WITH frame AS (
  SELECT coalesce((SELECT max(exposed_from) FROM opening), (SELECT min(first_at) FROM coverage)) AS from_at,
    coalesce((SELECT max(until) FROM asked_for), (SELECT max(last_at) FROM coverage)) AS as_of
), theirs AS (
  SELECT a.event_uid, max(c.standing) AS standing FROM acts AS a
    JOIN compromise AS c ON c.kind = 'session' AND c.uid = a.session_uid AND a.time >= c.since WHERE c.standing > 0 GROUP BY a.event_uid
), places AS (
  SELECT kind, uid, max(standing) AS standing, min(since) AS since FROM compromise
  WHERE kind IN ('address', 'host') AND standing > 0 GROUP BY kind, uid
), names AS (
  SELECT system, uid, min(since) AS since FROM compromise WHERE kind = 'principal' AND standing > 0 GROUP BY system, uid
), named AS (
  SELECT e.source, e.system, e.event_uid, e.time, e.src_ip, e.principal, e.class_uid,
    CASE WHEN e.class_uid = 3002 THEN 'logins'
      WHEN e.class_uid = 3001 AND e.activity_id IN (3, 4, 10, 11) THEN 'credential_changes'
      WHEN e.class_uid IN (3001, 3005, 3006) THEN 'account_changes'
      WHEN e.class_uid = 3004 AND (e.resource_kind = 'token' OR e.target_credential_uid IS NOT NULL) THEN 'credential_changes'
      WHEN e.class_uid IN (1008, 3004) THEN 'configuration' WHEN e.class_uid = 6002 THEN 'app_changes'
      WHEN e.class_uid IN (4001, 4003) OR (e.class_uid = 4002 AND coalesce(e.action, 'connected') = 'connected' AND coalesce(e.dst_host, e.dst_ip) IS NOT NULL) THEN 'egress'
      WHEN e.action IN ('archived', 'cloned', 'downloaded') THEN 'exports'
      WHEN e.action IN ('viewed', 'searched') THEN 'reads' END AS access
  FROM events AS e CROSS JOIN frame AS f WHERE e.time >= f.from_at
), judged AS (
  SELECT n.source, n.system, n.access, n.event_uid, n.time, greatest(coalesce(t.standing, 0), coalesce(a.standing, 0), coalesce(h.standing, 0)) AS standing,
    p.uid IS NOT NULL AS by_principal
  FROM named AS n LEFT JOIN theirs AS t ON t.event_uid = n.event_uid
    LEFT JOIN places AS a ON a.kind = 'address' AND a.uid = n.src_ip AND n.time >= a.since
    LEFT JOIN places AS h ON h.kind = 'host' AND h.uid = n.src_ip AND n.time >= h.since AND n.access = 'egress'
    LEFT JOIN names AS p ON p.system = n.system AND p.uid = n.principal AND n.time >= p.since
  WHERE n.access IS NOT NULL
), counted AS (
  SELECT system, access, count(*) AS events, count(CASE WHEN standing = 2 THEN 1 END) AS seen, count(CASE WHEN standing = 1 THEN 1 END) AS suspected,
    count(CASE WHEN standing = 0 AND by_principal THEN 1 END) AS by_principals,
    min_by(event_uid, struct_pack(t := time, e := event_uid)) FILTER (WHERE standing = 2) AS event_uid
  FROM judged GROUP BY system, access
), asked AS (
  SELECT s.source, s.system, s.access, s.area, s.rank, s.default_rank, s.level FROM shown_access AS s
  WHERE s.system IN (SELECT system FROM coverage UNION SELECT system FROM exposed)
), logs AS (
  SELECT a.*, v.first_at, v.last_at, f.from_at, f.as_of, epoch_us(v.last_at) >= epoch_us(f.as_of) - q.usual_seconds * 1000000 AS reaches
  FROM asked AS a JOIN coverage AS v ON v.source = a.source AND v.system = a.system
    JOIN silences AS q ON q.source = v.source AND q.system = v.system CROSS JOIN frame AS f
), turned AS (
  -- the level at the exposure is the last one told before it, else the vendor's default; later ones hold from when they are told
  SELECT l.source, l.system, l.access, l.area, l.level, l.rank, l.from_at, coalesce(max_by(v.rank, struct_pack(t := v.time, e := v.event_uid))
    FILTER (WHERE v.time <= l.from_at), l.default_rank) AS at_first, min(CASE WHEN v.time > l.from_at THEN v.rank END) AS least_later
  FROM logs AS l LEFT JOIN levels AS v ON v.source = l.source AND v.system = l.system AND v.area = l.area
  WHERE l.rank IS NOT NULL GROUP BY l.source, l.system, l.access, l.area, l.level, l.rank, l.from_at, l.default_rank
), missing AS (
  SELECT source, system, access, from_at, least(first_at, as_of) AS to_at FROM logs WHERE first_at > from_at
  UNION ALL
  SELECT l.source, l.system, l.access, greatest(h.from_at, l.from_at), h.to_at
  FROM logs AS l JOIN holes AS h ON h.source = l.source AND h.system = l.system AND h.to_at > l.from_at
  UNION ALL
  SELECT source, system, access, greatest(last_at, from_at), as_of FROM logs WHERE NOT reaches
), wanting AS (
  SELECT source, system, access, list(source || ' ' || strftime(from_at, '%Y-%m-%dT%H:%MZ') || '/' || strftime(to_at, '%Y-%m-%dT%H:%MZ')
    ORDER BY from_at) AS told, sum(epoch_us(to_at) - epoch_us(from_at)) AS lost FROM missing GROUP BY source, system, access
), weighed AS (
  SELECT l.source, l.system, l.access, coalesce(w.told, []) || CASE WHEN t.at_first < t.rank OR t.least_later < t.rank
      THEN [l.source || ' writes it only from level ' || t.level || ' of ' || t.area || ' on, and was at ' || r.level] ELSE [] END AS gaps,
    CASE WHEN t.at_first < t.rank OR t.least_later < t.rank THEN 0
      ELSE greatest(epoch_us(l.as_of) - epoch_us(l.from_at) - coalesce(w.lost, 0), 0) // 3600000000 END AS hours
  FROM logs AS l LEFT JOIN wanting AS w ON w.source = l.source AND w.system = l.system AND w.access = l.access
    LEFT JOIN turned AS t ON t.source = l.source AND t.system = l.system AND t.access = l.access
    LEFT JOIN level_ranks AS r ON r.source = l.source AND r.rank = least(t.at_first, coalesce(t.least_later, t.at_first))
), covered AS (
  SELECT system, access, max(hours) AS hours,
    bool_or(len(gaps) = 0) AS whole, string_agg(CASE WHEN len(gaps) = 0 THEN source END, ', ' ORDER BY source) AS by_logs,
    flatten(list(gaps ORDER BY source)) AS gaps
  FROM weighed GROUP BY system, access
), would AS (
  SELECT system, access, string_agg(source, ' or ' ORDER BY source) AS sources FROM asked GROUP BY system, access
), told AS (
  SELECT w.system, w.access, w.sources, f.from_at, f.as_of, coalesce(n.seen, 0) AS seen, coalesce(n.suspected, 0) AS suspected,
    coalesce(n.events, 0) AS events, coalesce(n.by_principals, 0) AS by_principals, n.event_uid, c.hours, c.by_logs, coalesce(c.gaps, []) AS gaps,
    CASE WHEN n.seen > 0 THEN 'refuted' WHEN c.whole AND coalesce(n.suspected, 0) = 0 THEN 'proven' ELSE 'unknown' END AS verdict,
    c.system IS NULL AS unlogged, coalesce(c.whole, FALSE) AS whole
  FROM would AS w CROSS JOIN frame AS f LEFT JOIN counted AS n ON n.system = w.system AND n.access = w.access
    LEFT JOIN covered AS c ON c.system = w.system AND c.access = w.access
)
SELECT system, access, verdict, seen, events, seen || ' of ' || events || ' events' || CASE
    WHEN verdict = 'refuted' THEN ' are the intruder''s'
    WHEN unlogged THEN ': no log that shows it is in the case; ' || sources || ' would'
    WHEN NOT whole THEN ': the logs that show it have gaps'
    WHEN suspected > 0 THEN ', and ' || suspected || ' by suspected sessions that a person has to look at'
    ELSE ' in ' || by_logs || ' from ' || strftime(from_at, '%Y-%m-%dT%H:%MZ') || ' to ' || strftime(as_of, '%Y-%m-%dT%H:%MZ')
      || CASE WHEN by_principals > 0 THEN '; ' || by_principals || ' by compromised principals in sessions that nothing ties to the intrusion' ELSE '' END
  END AS why,
  from_at, as_of, coalesce(hours, 0) AS covered_hours, gaps, by_logs AS covered_by, suspected, by_principals, event_uid
FROM told
