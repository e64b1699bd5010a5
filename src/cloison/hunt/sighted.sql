SELECT DISTINCT m.indicator_kind, m.indicator_value, e.time, e.source, e.system, m.field, e.principal, e.src_ip, e.class_uid, e.action,
  CASE WHEN e.class_uid NOT IN (4001, 4003) THEN thread_of(e.source, e.system, e.principal, e.vendor_session_uid, e.src_ip,
    e.src_host, e.user_agent, e.credential_uid) END AS thread,
  e.event_uid, e.evidence_uid, e.record_offset AS "offset", e.record_length AS length, m.observed,
  (m.valid_from IS NULL OR e.time >= m.valid_from) AND (m.valid_until IS NULL OR e.time <= m.valid_until) AS valid, m.caution
FROM spotted AS m JOIN events AS e ON e.event_uid = m.event_uid
