WITH horizon AS (
  SELECT coalesce((SELECT max(until) FROM asked_for), (SELECT max(last_at) FROM coverage)) AS as_of
), asked AS (
  SELECT x.*, CASE WHEN x.is_account THEN 'service_account' WHEN x.kind = 'personal_access_token' THEN 'pat'
    WHEN x.kind = 'client_secret' THEN 'oauth_secret' WHEN x.kind = 'deploy_key' THEN 'ssh_key' ELSE x.kind END AS use_kind
  FROM exposed AS x
), shown AS (
  -- the logs that would show its use: by its id, or under its owner's name; a kind that no log knows is what its end says
  SELECT x.exposed_uid, u.source, max(u.outlives_minutes) AS outlives_minutes, any_value(x.exposed_at) AS exposed_at
  FROM asked AS x LEFT JOIN said AS n ON n.exposed_uid = x.exposed_uid AND n.ends
    JOIN shown_uses AS u ON u.system = x.system AND (CASE WHEN u.by_id THEN x.credential_uid ELSE x.principal END) IS NOT NULL
      AND (u.kind = x.use_kind OR (list_contains(n.kinds, u.kind) AND x.use_kind NOT IN (SELECT kind FROM use_kinds)))
  GROUP BY x.exposed_uid, u.source
), logs AS (
  -- every log of the case with its holes, and what is missing at its end
  SELECT v.source, v.system, v.first_at, v.last_at, h.as_of,
    epoch_us(v.last_at) >= epoch_us(h.as_of) - q.usual_seconds * 1000000 AS reaches
  FROM coverage AS v JOIN silences AS q ON q.source = v.source AND q.system = v.system CROSS JOIN horizon AS h
), needed AS (
  -- what it minted before its end may outlive it: so long before its end, but not before its exposure, the log must show it too
  SELECT s.exposed_uid, n.event_uid AS ended_by, l.source, l.system, greatest(n.time - to_minutes(s.outlives_minutes),
    coalesce(least(s.exposed_at, n.time), n.time)) AS from_at, l.first_at, l.last_at, l.as_of, l.reaches, 'shows' AS what
  FROM shown AS s JOIN logs AS l ON l.source = s.source JOIN said AS n ON n.exposed_uid = s.exposed_uid AND n.ends
  UNION ALL
  -- what is disabled can be enabled again, which stands in the log that told its end
  SELECT n.exposed_uid, n.event_uid, l.source, l.system, n.time, l.first_at, l.last_at, l.as_of, l.reaches, 'undone'
  FROM said AS n JOIN logs AS l ON l.source = n.source AND l.system = n.system WHERE n.ends AND n.effect = 'disabled'
), missing AS (
  SELECT exposed_uid, ended_by, source, system, what, from_at, least(first_at, as_of) AS to_at FROM needed WHERE first_at > from_at
  UNION ALL
  SELECT d.exposed_uid, d.ended_by, d.source, d.system, d.what, greatest(h.from_at, d.from_at), h.to_at
  FROM needed AS d JOIN holes AS h ON h.source = d.source AND h.system = d.system AND h.to_at > d.from_at
  WHERE h.kind = 'files' -- a log that falls quiet inside a file may do so because its loudest credential was revoked
  UNION ALL
  SELECT exposed_uid, ended_by, source, system, what, greatest(last_at, from_at), as_of FROM needed WHERE NOT reaches
), weighed AS (
  SELECT d.exposed_uid, d.ended_by, d.source, d.system, d.what, count(m.from_at) AS holes,
    list(strftime(m.from_at, '%Y-%m-%dT%H:%MZ') || '/' || strftime(m.to_at, '%Y-%m-%dT%H:%MZ') ORDER BY m.from_at) AS hours
  FROM needed AS d LEFT JOIN missing AS m ON m.exposed_uid = d.exposed_uid AND m.ended_by = d.ended_by
    AND m.source = d.source AND m.system = d.system AND m.what = d.what
  GROUP BY d.exposed_uid, d.ended_by, d.source, d.system, d.what
), covered AS (
  SELECT exposed_uid, ended_by, coalesce(bool_or(what = 'shows' AND holes = 0), FALSE)
      AND coalesce(bool_and(what = 'shows' OR holes = 0), TRUE) AS whole,
    string_agg(CASE WHEN what = 'shows' AND holes = 0 THEN source END, ', ' ORDER BY source) AS by_logs,
    string_agg(CASE WHEN holes > 0 THEN source || ' ' || array_to_string(hours[1:6], ', ')
      || CASE WHEN holes > 6 THEN ' and ' || (holes - 6) || ' more' ELSE '' END END, '; ' ORDER BY source, what) AS gap
  FROM weighed GROUP BY exposed_uid, ended_by
), would AS (
  SELECT s.exposed_uid, string_agg(s.source, ' or ' ORDER BY s.source) AS logs FROM shown AS s GROUP BY s.exposed_uid
)
SELECT x.exposed_uid, coalesce(n.event_uid, '') AS ended_by, coalesce(c.whole, FALSE) AS whole, c.by_logs, c.gap, w.logs
FROM exposed AS x LEFT JOIN said AS n ON n.exposed_uid = x.exposed_uid AND n.ends
  LEFT JOIN covered AS c ON c.exposed_uid = x.exposed_uid AND c.ended_by = n.event_uid LEFT JOIN would AS w ON w.exposed_uid = x.exposed_uid
