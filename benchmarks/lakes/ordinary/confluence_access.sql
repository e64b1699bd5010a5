SELECT 'container' AS carrier, 'confluence' AS system, date_trunc('second', time) AS time, 240 + length(url) AS record_length,
  class_uid, activity_id, CASE WHEN code < 300 THEN 1 ELSE 2 END AS status_id, login AS principal, ip AS src_ip, [ip] AS src_ips,
  session AS vendor_session_uid, agent AS user_agent, 'GET' AS http_method, code AS http_status, url, resource_kind, resource_uid, action, record_offset
FROM (
  SELECT *, CASE WHEN r3 % 100 < 97 THEN 200 WHEN r3 % 100 < 99 THEN 404 ELSE 403 END AS code,
    CASE WHEN what < 45 THEN 6001 ELSE 4002 END AS class_uid, CASE WHEN what < 40 THEN 2 WHEN what < 45 THEN 5 ELSE 3 END AS activity_id,
    CASE WHEN what < 30 THEN '/spaces/' || space || '/pages/' || page || '/' || lower(to_hex(r2 % 1000000))
      WHEN what < 40 THEN '/rest/api/content/' || page || '?expand=body.view&_=' || (1740960000000 + r2 % 3456000000)
      WHEN what < 45 THEN '/rest/api/search?cql=' || replace(words, ' ', '+') || '&limit=' || r2 % 50
      ELSE '/download/resources/' || r2 % 900 || '/' || lower(to_hex(r2)) || '.css' END AS url,
    CASE WHEN what < 40 THEN 'page' WHEN what < 45 THEN 'search' END AS resource_kind,
    CASE WHEN what < 40 THEN page WHEN what < 45 THEN words END AS resource_uid,
    CASE WHEN what < 40 THEN 'viewed' WHEN what < 45 THEN 'searched' END AS action
  FROM (SELECT *, r % 100 AS what, CAST(6553600 + r2 % 14099 AS VARCHAR) AS page, 'space' || r2 % 40 AS space,
    'text ~ ' || login_of(CAST(r2 % 5000 AS INTEGER)) AS words FROM happened))
