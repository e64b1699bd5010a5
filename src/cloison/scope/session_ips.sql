SELECT session_uid, src_ip AS ip, min(time) AS first_at, max(time) AS last_at,
  min_by(event_uid, struct_pack(t := time, e := event_uid)) AS first_event_uid
FROM acts WHERE src_ip IS NOT NULL GROUP BY ALL
