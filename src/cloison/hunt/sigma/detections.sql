-- The first so many detections of each rule; `rules_run` counts all.
WITH kept AS (
  SELECT d.*, row_number() OVER (PARTITION BY d.rule_number ORDER BY d.time, d.event_uid, d.shared, d.first_event_uid) AS place
  FROM detected AS d
), told AS (
  SELECT k.*, r.rule_uid, r.title, r.level, r.tags
  FROM kept AS k JOIN rule_list AS r ON r.number = k.rule_number
  WHERE r.told AND k.place <= (SELECT rule_detections FROM limits)
)
SELECT t.time, t.rule_uid, t.title, t.level, t.tags, e.source, e.system, e.principal, e.src_ip, e.action, e.resource_uid,
  t.event_uid, t.shared, t.events, t.first_at, t.last_at, t.first_event_uid
FROM told AS t JOIN events AS e ON e.event_uid = t.event_uid
