-- One part: what happened, what was planted in its stretch of time, and what its export repeats of the one before it: the
-- last of its events, at places of their own.
WITH told AS ($told), own AS (
  SELECT * FROM no_events
  UNION ALL BY NAME
  SELECT md5(concat_ws('/', $source, record_offset)) AS event_uid, $source AS source, $evidence AS evidence_uid, * FROM told
  UNION ALL BY NAME
  SELECT * REPLACE ($evidence AS evidence_uid) FROM planted
  WHERE source = $source AND time >= TIMESTAMP '$from' AND time < TIMESTAMP '$until' + INTERVAL 1 HOUR
  UNION ALL BY NAME
  SELECT * REPLACE ($evidence AS evidence_uid, record_offset + 100 AS record_offset) FROM before
  WHERE time > (SELECT time FROM before ORDER BY time DESC LIMIT 1 OFFSET (SELECT count(*) // $every FROM before))
)
SELECT $columns FROM own
