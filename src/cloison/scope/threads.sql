WITH named AS (
  SELECT thread, any_value(source) AS source, any_value(system) AS system, any_value(principal) AS principal,
    any_value(src_ip) AS src_ip, any_value(src_host) AS src_host, any_value(user_agent) AS user_agent,
    any_value(vendor_session_uid) AS vendor_session_uid, any_value(credential_uid) AS credential_uid
  FROM deeds GROUP BY thread
), placed AS (
  SELECT n.thread, n.source, n.system, coalesce(n.principal, '') AS principal, coalesce(a.net, n.src_host, '') AS net, a.label,
    client_of(n.user_agent) AS client, n.src_ip,
    coalesce(n.vendor_session_uid, '') AS vendor_session_uid, n.credential_uid
  FROM named AS n LEFT JOIN addresses AS a ON a.ip = n.src_ip
)
SELECT *, CAST(hash(system, principal, vendor_session_uid, net, client) >> 1 AS BIGINT) AS way FROM placed
