SELECT session_uid, src_ip AS ip, min(first_at) AS first_at, max(last_at) AS last_at,
  min_by(first_event_uid, struct_pack(t := first_at, e := first_event_uid)) AS first_event_uid
FROM pieces WHERE src_ip IS NOT NULL GROUP BY session_uid, src_ip
