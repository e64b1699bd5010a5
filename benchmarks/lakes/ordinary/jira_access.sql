SELECT 'tomcat' AS carrier, 'jira' AS system, date_trunc('second', time) AS time, 250 + length(url) AS record_length,
  class_uid, activity_id, CASE WHEN code < 300 OR code = 304 THEN 1 ELSE 2 END AS status_id, login AS principal, ip AS src_ip, [ip] AS src_ips,
  session AS vendor_session_uid, agent AS user_agent, method AS http_method, code AS http_status, url, resource_kind, resource_uid, action, record_offset
FROM (
  SELECT *, CASE WHEN r3 % 100 < 96 THEN 200 WHEN r3 % 100 < 97 THEN 304 WHEN r3 % 100 < 98 THEN 404 WHEN r3 % 100 < 99 THEN 403 ELSE 500 END AS code,
    CASE WHEN what < 50 THEN 6001 ELSE 4002 END AS class_uid,
    CASE WHEN what < 35 THEN 2 WHEN what < 40 THEN 5 WHEN what < 50 THEN 3 WHEN what < 95 THEN 3 ELSE 6 END AS activity_id,
    CASE WHEN what < 40 THEN 'GET' WHEN what < 50 THEN 'PUT' WHEN what < 95 THEN 'GET' ELSE 'POST' END AS method,
    CASE WHEN what < 30 THEN '/browse/' || ticket || CASE WHEN r2 % 3 = 0 THEN '?focusedCommentId=' || r2 % 9000000 ELSE '' END
      WHEN what < 35 THEN '/rest/api/2/issue/' || ticket || '?fields=summary,comment&_=' || (1740960000000 + r2 % 3456000000)
      WHEN what < 40 THEN '/rest/api/2/search?jql=' || replace(words, ' ', '+') || '&startAt=' || r2 % 20 * 50
      WHEN what < 50 THEN '/rest/api/2/issue/' || ticket || '/comment/' || r2 % 9000000
      WHEN what < 80 THEN '/s/' || lower(to_hex(r2)) || '-CDN/-1r2s3t/' || r2 % 900 || '/_/download/batch/common/' || r2 % 50 || '.js'
      ELSE '/rest/gadget/1.0/issueTable/filter?filterId=' || r2 % 40000 || '&_=' || (1740960000000 + r2 % 3456000000) END AS url,
    CASE WHEN what < 35 OR what BETWEEN 40 AND 49 THEN 'ticket' WHEN what < 40 THEN 'search' END AS resource_kind,
    CASE WHEN what < 35 OR what BETWEEN 40 AND 49 THEN ticket WHEN what < 40 THEN words END AS resource_uid,
    CASE WHEN what < 35 THEN 'viewed' WHEN what < 40 THEN 'searched' WHEN what < 50 THEN 'modified' END AS action
  FROM (SELECT *, r % 100 AS what,
    list_extract(['OPS', 'PAY', 'WEB', 'NET', 'SUP', 'HR', 'LAB', 'MKT'], CAST(r2 % 8 + 1 AS BIGINT)) || '-' || (1000 + r2 % 257000) AS ticket,
    'assignee = ' || login_of(CAST(r2 % 5000 AS INTEGER)) AS words FROM happened))
