SELECT session_uid, min(source) AS source, any_value(system) AS system, any_value(principal) AS principal, any_value(net) AS net,
  any_value(label) AS label, any_value(client) AS client, any_value(vendor_session_uid) AS vendor_session_uid,
  min(time) AS first_at, max(time) AS last_at, min(CASE WHEN status_id = 1 THEN time END) AS first_success_at,
  count(*) AS events, count(CASE WHEN status_id = 1 THEN 1 END) AS successes,
  min_by(event_uid, struct_pack(t := time, e := event_uid)) AS first_event_uid
FROM acts GROUP BY session_uid
