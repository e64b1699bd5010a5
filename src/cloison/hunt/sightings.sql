SELECT s.indicator_kind, s.indicator_value, s.time, s.source, s.system, s.field, s.principal, s.event_uid, m.label AS evidence,
  s."offset", s.length, s.evidence_uid, s.observed, s.valid, s.caution
FROM sighted AS s LEFT JOIN members AS m ON m.uid = s.evidence_uid
