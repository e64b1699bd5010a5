-- A host of ours that spoke, or tried to speak, to what an indicator names. One that may only have answered did not.
-- What a web server was asked says nothing of who asked: of requests over HTTP only those count that a log of egress
-- holds, or that came from one of our own networks.
SELECT 'host' AS kind, '' AS system, s.src_ip AS uid, min(s.time) AS since, 2 AS standing, 'indicator' AS cause_kind,
  min_by(s.indicator_value, struct_pack(t := s.time, e := s.event_uid, v := s.indicator_value)) AS cause_uid,
  min_by(s.event_uid, struct_pack(t := s.time, e := s.event_uid)) AS event_uid
FROM sighted AS s CROSS JOIN opening AS o
WHERE s.class_uid IN (4001, 4002, 4003) AND s.field IN ('dst_endpoint.ip', 'dst_endpoint.hostname', 'http_request.url') AND s.valid
  AND s.caution IS NULL AND s.src_ip IS NOT NULL AND s.action IS DISTINCT FROM 'exchanged'
  AND (s.class_uid <> 4002 OR s.source IN (SELECT source FROM shown_access WHERE access = 'egress')
    OR s.src_ip IN (SELECT ip FROM addresses WHERE label IS NOT NULL)) AND s.time >= coalesce(o.exposed_from, s.time)
GROUP BY s.src_ip
