-- Of an event told more than once, the record in the first place stands for it and the others are duplicates.
WITH twice AS (
  SELECT member_uid, source, sum(duplicate) AS duplicate FROM (
    SELECT evidence_uid AS member_uid, source, count(*) AS duplicate FROM raw_events WHERE superseded = 'repeat' GROUP BY ALL
    UNION ALL SELECT evidence_uid, source, count(*) FROM left_out WHERE why = 'repeat' GROUP BY ALL)
  GROUP BY ALL
), refused_by AS (
  SELECT member_uid, source, count(*) AS rejected, count(CASE WHEN reason = 'recognised by no source' THEN 1 END) AS unrecognised
  FROM refused GROUP BY ALL
), each AS (
  SELECT coalesce(t.member_uid, r.member_uid) AS member_uid, coalesce(t.source, r.source) AS source,
    coalesce(t.stored, 0) AS kept, coalesce(r.rejected, 0) AS rejected, coalesce(r.unrecognised, 0) AS unrecognised
  FROM tallies AS t FULL OUTER JOIN refused_by AS r ON r.member_uid = t.member_uid AND r.source = t.source
)
SELECT m.label AS evidence, e.source, e.kept + e.rejected AS received, e.kept - coalesce(d.duplicate, 0) AS stored,
  coalesce(d.duplicate, 0) AS duplicate, e.rejected, e.unrecognised, e.member_uid AS evidence_uid
FROM each AS e JOIN members AS m ON m.uid = e.member_uid LEFT JOIN twice AS d ON d.member_uid = e.member_uid AND d.source = e.source
