SELECT e.event_uid, e.time, e.src_ip, e.dst_ip, coalesce(e.resource_uid, e.dst_host, e.dst_ip) AS dst, e.status_id,
  e.event_uid IN (SELECT event_uid FROM sighted WHERE starts_with(field, 'dst_endpoint.') AND valid) AS known_indicator
FROM near_events AS e JOIN reached AS h ON h.ip = e.src_ip
WHERE e.class_uid IN (4001, 4002, 4003) AND e.action IS DISTINCT FROM 'exchanged' AND (e.dst_ip IS NOT NULL OR e.dst_host IS NOT NULL)
