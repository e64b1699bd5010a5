-- Here the machines are servers, each of which speaks to three others; people's devices go anywhere.
SELECT 'logpush' AS carrier, 'cloudflare_gateway' AS system, date_trunc('second', time) AS time, 700 AS record_length, 4001 AS class_uid, 6 AS activity_id,
  CASE WHEN r3 % 100 < 99 THEN 1 ELSE 2 END AS status_id, CASE WHEN r3 % 100 < 99 THEN 'allowedOnNoRuleMatch' ELSE 'blockedRule' END AS event_code,
  lower(to_hex(r)) || lpad(lower(to_hex(number)), 16, '0') AS vendor_uid,
  CASE WHEN NOT machine THEN login || '@corp.example' END AS principal, CASE WHEN NOT machine THEN login || '@corp.example' END AS actor_email,
  CASE WHEN machine THEN server_ip(who) ELSE ip END AS src_ip, CASE WHEN machine THEN [server_ip(who)] ELSE [ip] END AS src_ips,
  CASE WHEN machine THEN 'server-' || who ELSE 'laptop-' || who END AS src_host,
  '2001:db8:d' || lower(to_hex(site % 4096)) || '::' || lower(to_hex(1 + site)) AS dst_ip, 443 AS dst_port, host AS dst_host, 'host' AS resource_kind, host AS resource_uid,
  'connected' AS action, record_offset
FROM (SELECT *, CASE WHEN machine THEN 's' || site || '.service.example' ELSE 'h' || site || '.cdn' || site % 40 || '.example' END AS host
  FROM (SELECT *, CASE WHEN machine THEN who * 3 + r2 % 3 ELSE CAST(floor(20000 * pow((r2 % 100000) / 100000.0, 3)) AS BIGINT) END AS site FROM happened))
