-- Two deeds of one thread in one slot are nearer to each other than the gap that ends a session.
SELECT d.thread, CASE WHEN coalesce(d.vendor_session_uid, '') = '' THEN epoch_us(d.time) // (l.session_gap_minutes * 60000000) ELSE 0 END AS slot,
  min(d.time) AS first_at, max(d.time) AS last_at, min(CASE WHEN d.status_id = 1 THEN d.time END) AS first_success_at,
  max(CASE WHEN d.status_id = 1 THEN d.time END) AS last_success_at, count(*) AS events,
  count(CASE WHEN d.status_id = 1 THEN 1 END) AS successes,
  min_by(d.event_uid, struct_pack(t := d.time, e := d.event_uid)) AS first_event_uid
FROM deeds AS d CROSS JOIN limits AS l GROUP BY ALL
