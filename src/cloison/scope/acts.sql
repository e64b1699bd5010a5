-- Network flows and name look-ups are not acts of a principal: hosts are judged by them apart.
WITH keyed AS (
  SELECT e.event_uid, e.time, e.source, e.system, coalesce(e.principal, '') AS principal,
    coalesce(a.net, e.src_host, '') AS net, a.label,
    lower(regexp_replace(coalesce(e.user_agent, ''), '[0-9]+([._][0-9]+)*', '#', 'g')) AS client,
    e.src_ip, coalesce(e.vendor_session_uid, '') AS vendor_session_uid, e.credential_uid, e.minted_credential_uid,
    e.class_uid, e.activity_id, e.status_id, e.resource_kind, e.resource_uid, e.action,
    e.target_principal, e.target_group, e.target_app, e.target_credential_uid, e.event_code
  FROM events AS e LEFT JOIN addresses AS a ON a.ip = e.src_ip
  WHERE e.class_uid NOT IN (4001, 4003) AND (e.principal IS NOT NULL OR e.src_ip IS NOT NULL)
), fresh AS (
  SELECT k.*, CASE WHEN k.vendor_session_uid = '' AND (lag(k.time) OVER w IS NULL
      OR epoch_us(k.time) - epoch_us(lag(k.time) OVER w) > l.session_gap_minutes * 60000000) THEN 1 ELSE 0 END AS opens
  FROM keyed AS k CROSS JOIN limits AS l
  WINDOW w AS (PARTITION BY k.system, k.principal, k.vendor_session_uid, k.net, k.client ORDER BY k.time, k.event_uid)
), numbered AS (
  SELECT *, sum(opens) OVER (PARTITION BY system, principal, vendor_session_uid, net, client
    ORDER BY time, event_uid ROWS UNBOUNDED PRECEDING) AS run
  FROM fresh
), opened AS (
  SELECT *, min(time) OVER (PARTITION BY system, principal, vendor_session_uid, net, client, run) AS opened_at
  FROM numbered
)
SELECT *, 's' || substr(md5(concat_ws(chr(31), system, principal, vendor_session_uid, net, client,
    epoch_us(opened_at))), 1, 20) AS session_uid
FROM opened
