-- A session in which the client showed an indicator, from the first such event after the exposure on. Where its principal
-- came from that very place before the exposure, or the place is an own network or a crowd's, that alone only suspects it.
WITH shown AS (
  SELECT p.session_uid, any_value(p.system) AS system, any_value(p.principal) AS principal, any_value(t.net) AS net, any_value(t.label) AS label,
    min(s.time) AS since, bool_or(s.field = 'http_request.user_agent') AS by_client,
    min_by(s.indicator_value, struct_pack(t := s.time, e := s.event_uid, v := s.indicator_value)) AS cause_uid,
    min_by(s.event_uid, struct_pack(t := s.time, e := s.event_uid)) AS event_uid
  FROM sighted AS s JOIN pieces AS p ON p.thread = s.thread AND s.time BETWEEN p.first_at AND p.last_at
    JOIN threads AS t ON t.thread = p.thread CROSS JOIN opening AS o
  WHERE s.field IN ('src_endpoint.ip', 'src_endpoint.hostname', 'http_request.user_agent') AND s.valid AND s.caution IS NULL
    AND s.time >= coalesce(o.exposed_from, s.time)
  GROUP BY p.session_uid
), crowds AS (
  SELECT DISTINCT net FROM homes WHERE crowded
)
SELECT 'session' AS kind, s.system, s.session_uid AS uid, s.since,
  CASE WHEN NOT s.by_client AND (s.label IS NOT NULL OR c.net IS NOT NULL OR h.net IS NOT NULL) THEN 1 ELSE 2 END AS standing,
  'indicator' AS cause_kind, s.cause_uid, s.event_uid
FROM shown AS s LEFT JOIN crowds AS c ON c.net = s.net
  LEFT JOIN homes AS h ON h.system = s.system AND h.principal = s.principal AND h.net = s.net
