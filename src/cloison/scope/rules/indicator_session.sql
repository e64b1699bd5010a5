-- A session in which the client showed an indicator, from the first such event after the exposure on.
SELECT 'session' AS kind, any_value(a.system) AS system, a.session_uid AS uid, min(a.time) AS since, 2 AS standing,
  'indicator' AS cause_kind, min_by(s.indicator_value, struct_pack(t := a.time, e := a.event_uid, v := s.indicator_value)) AS cause_uid,
  min_by(a.event_uid, struct_pack(t := a.time, e := a.event_uid)) AS event_uid
FROM sightings AS s JOIN acts AS a ON a.event_uid = s.event_uid CROSS JOIN opening AS o
WHERE s.field IN ('src_endpoint.ip', 'src_endpoint.hostname', 'http_request.user_agent') AND s.valid
  AND s.time >= coalesce(o.exposed_from, s.time)
GROUP BY a.session_uid
