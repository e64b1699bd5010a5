WITH told AS (
  SELECT e.source, e.system, e.time, e.event_uid, lower(coalesce(w.words, e.resource_uid)) AS words
  FROM events AS e JOIN level_words AS w ON w.source = e.source AND w.event_code = e.event_code
  WHERE e.status_id <> 2
), split AS (
  SELECT *, replace(trim(split_part(words, ':', 1)), '_', ' ') AS area, trim(split_part(words, ':', 2)) AS level FROM told
)
SELECT s.source, s.system, s.time, s.area, s.level, r.rank, s.event_uid
FROM split AS s JOIN level_ranks AS r ON r.source = s.source AND r.level = s.level
