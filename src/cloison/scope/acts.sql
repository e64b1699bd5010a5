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
), placed AS (
  SELECT *, hash(system, principal, vendor_session_uid, net, client) AS thread FROM keyed
), fresh AS (
  SELECT p.*, lag(p.time) OVER w IS NULL OR (p.vendor_session_uid = ''
      AND epoch_us(p.time) - epoch_us(lag(p.time) OVER w) > l.session_gap_minutes * 60000000) AS opens
  FROM placed AS p CROSS JOIN limits AS l
  WINDOW w AS (PARTITION BY p.thread ORDER BY p.time, p.event_uid)
), opened AS (
  SELECT *, max(CASE WHEN opens THEN time END) OVER (PARTITION BY thread ORDER BY time, event_uid
    ROWS UNBOUNDED PRECEDING) AS opened_at
  FROM fresh
)
SELECT event_uid, 's' || substr(md5(concat_ws(chr(31), system, principal, vendor_session_uid, net, client,
    epoch_us(opened_at))), 1, 20) AS session_uid,
  time, source, system, principal, net, label, client, src_ip, vendor_session_uid, credential_uid, minted_credential_uid,
  class_uid, activity_id, status_id, resource_kind, resource_uid, action, target_principal, target_group, target_app,
  target_credential_uid, event_code
FROM opened
