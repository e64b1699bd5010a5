-- Whose password was changed while a session of theirs was open that worked on: a session begins with its first event and ends
-- with its last success, whatever happened between.
WITH changed AS MATERIALIZED (
  SELECT DISTINCT system, rotation_principal AS principal, time AS changed_at FROM read_parquet($parts) WHERE rotation_effect = 'changed'
), lasted AS (
  SELECT system, principal, min(time) AS began_at, max(time) FILTER (WHERE status_id = 1) AS worked_until
  FROM read_parquet($parts) SEMI JOIN changed USING (system, principal) WHERE vendor_session_uid IS NOT NULL
  GROUP BY system, principal, vendor_session_uid
)
SELECT DISTINCT system, principal FROM changed JOIN lasted USING (system, principal)
WHERE began_at BETWEEN $exposed_at AND changed_at AND worked_until > changed_at
