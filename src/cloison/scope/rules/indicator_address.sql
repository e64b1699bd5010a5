-- An address that indicators name, from its first valid sighting after the exposure on; an own network carries nothing.
SELECT 'address' AS kind, '' AS system, s.observed AS uid, min(s.time) AS since, 2 AS standing,
  'indicator' AS cause_kind, min_by(s.indicator_value, struct_pack(t := s.time, e := s.event_uid, v := s.indicator_value)) AS cause_uid,
  min_by(s.event_uid, struct_pack(t := s.time, e := s.event_uid)) AS event_uid
FROM sighted AS s LEFT JOIN addresses AS a ON a.ip = s.observed CROSS JOIN opening AS o
WHERE s.field = 'src_endpoint.ip' AND s.valid AND s.caution IS NULL AND s.time >= coalesce(o.exposed_from, s.time) AND a.label IS NULL
GROUP BY s.observed
