-- What makes the habit of an exposed integration, and of the server that falls, known before the exposure at every size:
-- each integration of the ledger comes once a day in every system, and the server speaks to each of its three others.
WITH places AS (
  SELECT * FROM (VALUES ('jira_access', 'tomcat', 'jira'), ('confluence_access', 'container', 'confluence'), ('bitbucket_access', 'http', 'bitbucket'),
    ('jira_dc_audit', 'file', 'jira'), ('confluence_dc_audit', 'file', 'confluence'), ('bitbucket_dc_audit', 'file', 'bitbucket'),
    ('aws_cloudtrail', 'record', 'aws')) AS v(source, carrier, system)
), daily AS (
  SELECT *, CAST(w.range AS INTEGER) AS who, TIMESTAMP '$start' + to_days(CAST(d.range AS INTEGER)) + to_hours(3) + to_minutes(CAST(w.range AS INTEGER)) AS time
  FROM places, range($services) AS w, range($days) AS d
), spoken AS (
  SELECT *, 's' || n.range || '.service.example' AS host, '2001:db8:d' || n.range || '::' || (1 + n.range) AS address,
    TIMESTAMP '$start' + to_hours(4) + to_minutes(CAST(n.range AS INTEGER)) AS time
  FROM (VALUES ('cloudflare_gateway_network', 4001), ('cloudflare_gateway_dns', 4003)) AS v(source, class_uid), range(3) AS n
)
SELECT source, carrier, system, time, CASE WHEN system = 'aws' THEN 3002 WHEN carrier = 'file' THEN 6001 ELSE 4002 END AS class_uid,
  CASE WHEN system = 'aws' THEN 1 ELSE 3 END AS activity_id, 1 AS status_id, service_of(who) AS principal, service_ip(who) AS src_ip, [service_ip(who)] AS src_ips,
  CASE WHEN system = 'aws' THEN 'aws-sdk-' || service_agent(who) WHEN carrier <> 'file' THEN service_agent(who) END AS user_agent,
  CASE WHEN system = 'aws' THEN key_of('AKIA', who, 0) END AS credential_uid, CASE WHEN carrier = 'http' THEN 'end' END AS phase,
  NULL AS src_host, NULL AS dst_ip, NULL AS dst_port, NULL AS dst_host, NULL AS resource_kind, NULL AS resource_uid, NULL AS action
FROM daily
UNION ALL
SELECT source, 'logpush', 'cloudflare_gateway', time, class_uid, CASE class_uid WHEN 4001 THEN 6 ELSE 1 END, 1, NULL, server_ip(0), [server_ip(0)],
  NULL, NULL, NULL, 'server-0', CASE class_uid WHEN 4001 THEN address ELSE '198.51.100.253' END, 443, host, 'host', host, CASE class_uid WHEN 4001 THEN 'connected' END
FROM spoken
