-- One pass over all deeds: a row for each thread, day and kind of act, so that what follows reads those few.
SELECT d.thread, epoch_us(d.time) // 86400000000 AS day, d.class_uid, d.activity_id, coalesce(d.resource_kind, '') AS object,
  CASE WHEN d.status_id = 1 THEN 1 ELSE 0 END AS succeeded, any_value(d.source) AS source, any_value(d.system) AS system, any_value(d.principal) AS principal,
  any_value(d.src_ip) AS src_ip, any_value(d.user_agent) AS user_agent, any_value(d.vendor_session_uid) AS vendor_session_uid,
  min(d.time) AS first_at, max(d.time) AS last_at, count(*) AS events,
  bit_or(1 << CAST(hour(d.time) AS INTEGER)) AS hours,
  max(d.actor_type) AS actor_type,
  min_by(d.event_uid, struct_pack(t := d.time, e := d.event_uid)) AS first_event_uid
FROM deeds AS d WHERE d.principal IS NOT NULL GROUP BY d.thread, day, d.class_uid, d.activity_id, object, succeeded
