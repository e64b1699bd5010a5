-- The audit log of a product: who logged in, who changed what. An integration's work shows here too.
SELECT 'file' AS carrier, $system AS system, time, 900 AS record_length, class_uid, activity_id, 1 AS status_id,
  $system || '.auditing.' || code AS event_code, replace(code, '.', ' ') AS message, login AS principal, CAST(10000 + who AS VARCHAR) AS actor_uid,
  login AS actor_name, ip AS src_ip, [ip, '192.0.2.60'] AS src_ips, CASE WHEN code = 'user.logged.in' THEN login WHEN code = 'user.added.to.group' THEN other END AS target_principal,
  CASE WHEN code = 'user.added.to.group' THEN 'team-' || r2 % 80 END AS target_group,
  CASE WHEN code = 'user.added.to.group' THEN 'group' WHEN class_uid = 6001 THEN $object END AS resource_kind,
  CASE WHEN code = 'user.added.to.group' THEN 'team-' || r2 % 80 WHEN class_uid = 6001 THEN $object || '-' || r2 % 900000 END AS resource_uid,
  CASE WHEN code = 'user.added.to.group' OR class_uid = 6001 THEN 'modified' END AS action, record_offset
FROM (
  SELECT *, login_of(CAST(r2 % 5000 AS INTEGER)) AS other, CASE code WHEN 'user.logged.in' THEN 3002 WHEN 'user.added.to.group' THEN 3006 ELSE 6001 END AS class_uid,
    CASE code WHEN 'user.logged.in' THEN 1 ELSE 3 END AS activity_id
  FROM (SELECT *, CASE WHEN NOT machine AND who >= 4990 AND r % 10 = 0 THEN 'user.added.to.group' WHEN step = 0 AND NOT machine THEN 'user.logged.in'
    ELSE 'object.updated' END AS code FROM happened))
