-- A host of ours that spoke, or tried to speak, to what an indicator names.
SELECT 'host' AS kind, '' AS system, e.src_ip AS uid, min(s.time) AS since, 2 AS standing, 'indicator' AS cause_kind,
  min_by(s.indicator_value, struct_pack(t := s.time, e := e.event_uid, v := s.indicator_value)) AS cause_uid,
  min_by(e.event_uid, struct_pack(t := s.time, e := e.event_uid)) AS event_uid
FROM sightings AS s JOIN flows AS e ON e.event_uid = s.event_uid CROSS JOIN opening AS o
WHERE s.field IN ('dst_endpoint.ip', 'dst_endpoint.hostname', 'http_request.url') AND s.valid AND e.src_ip IS NOT NULL
  AND s.time >= coalesce(o.exposed_from, s.time)
GROUP BY e.src_ip
