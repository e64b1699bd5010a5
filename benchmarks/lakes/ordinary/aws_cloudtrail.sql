-- An integration's user assumes its role with a lasting key; the role's key lives an hour. People come through sign-on.
SELECT 'record' AS carrier, 'aws' AS system, date_trunc('second', time) AS time, 1500 AS record_length, class_uid, activity_id,
  CASE WHEN r3 % 100 < 96 THEN 1 ELSE 2 END AS status_id, code AS event_code, lower(to_hex(r)) || '-4000-8000-' || number AS vendor_uid,
  CASE WHEN assumes THEN login ELSE role || '/' || login END AS principal,
  CASE WHEN assumes THEN 'arn:aws:iam::111122223333:user/' || login ELSE 'arn:aws:sts::111122223333:assumed-role/' || role || '/' || login END AS actor_uid,
  CASE WHEN assumes THEN login ELSE role END AS actor_name, CASE WHEN assumes THEN 'IAMUser' ELSE 'AssumedRole' END AS actor_type,
  '111122223333' AS actor_account_uid, CASE WHEN assumes THEN key_of('AKIA', who, 0) ELSE minted END AS credential_uid,
  CASE WHEN NOT assumes THEN minted END AS vendor_session_uid, CASE WHEN assumes AND r3 % 100 < 96 THEN minted END AS minted_credential_uid,
  ip AS src_ip, [ip] AS src_ips, 'aws-sdk-' || agent AS user_agent,
  CASE WHEN assumes THEN 'role' WHEN what < 15 THEN 'object' WHEN what < 17 THEN 'secret' END AS resource_kind,
  CASE WHEN assumes THEN 'arn:aws:iam::111122223333:role/' || role WHEN what < 15 THEN 'corp-bucket-' || r2 % 90 || '/' || key WHEN what < 17 THEN 'prod/secret-' || r2 % 200 END AS resource_uid,
  CASE WHEN what < 15 AND NOT assumes THEN key END AS resource_name,
  CASE WHEN what < 15 AND NOT assumes THEN key END AS file_name,
  CASE WHEN assumes THEN 'connected' WHEN what < 15 THEN 'downloaded' WHEN what < 17 THEN 'viewed' END AS action, record_offset
FROM (
  SELECT *, CASE WHEN assumes THEN 3002 WHEN what < 15 THEN 6006 WHEN what < 17 THEN 6005 ELSE 6003 END AS class_uid,
    CASE WHEN assumes OR what BETWEEN 15 AND 16 THEN 1 ELSE 2 END AS activity_id, 'logs/' || day || '/' || lower(to_hex(r2)) || '.gz' AS key,
    CASE WHEN assumes THEN 'AssumeRole' WHEN what < 15 THEN 'GetObject' WHEN what < 17 THEN 'GetSecretValue'
      ELSE list_extract(['DescribeInstances', 'ListTagsForResource', 'GetBucketLocation', 'DescribeAlarms', 'ListUsers', 'GetCallerIdentity'], CAST(r2 % 6 + 1 AS BIGINT)) END AS code,
    CASE WHEN machine THEN 'runner-' || who ELSE 'awsreservedsso_dev_0a1b' END AS role, key_of('ASIA', who + CASE WHEN machine THEN 10000 ELSE 0 END, slot) AS minted
  FROM (SELECT *, machine AND r2 % 5 = 0 AS assumes, r % 100 AS what, CASE WHEN machine THEN CAST(epoch(time) AS BIGINT) // 3600 ELSE day END AS slot FROM happened))
