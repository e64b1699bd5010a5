SELECT p.session_uid, min(t.source) AS source, any_value(t.system) AS system, any_value(t.principal) AS principal, any_value(t.net) AS net,
  any_value(t.label) AS label, any_value(t.client) AS client, any_value(t.vendor_session_uid) AS vendor_session_uid,
  min(p.first_at) AS first_at, max(p.last_at) AS last_at, min(p.first_success_at) AS first_success_at,
  sum(p.events) AS events, sum(p.successes) AS successes,
  min_by(p.first_event_uid, struct_pack(t := p.first_at, e := p.first_event_uid)) AS first_event_uid
FROM pieces AS p JOIN threads AS t ON t.thread = p.thread GROUP BY p.session_uid
