-- Bitbucket writes a line when a request comes in and one when it is answered.
SELECT 'http' AS carrier, 'bitbucket' AS system, time, 300 + length(url) AS record_length, class_uid, activity_id,
  CASE WHEN phase = 'start' THEN 0 WHEN code < 300 THEN 1 ELSE 2 END AS status_id, CASE WHEN phase = 'end' THEN login END AS principal,
  ip AS src_ip, [ip] AS src_ips, CASE WHEN phase = 'end' THEN session END AS vendor_session_uid, agent AS user_agent,
  CASE WHEN what < 55 THEN 'GET' ELSE 'POST' END AS http_method, CASE WHEN phase = 'end' THEN code END AS http_status, url,
  CASE WHEN class_uid = 6001 THEN 'repository' END AS resource_kind, CASE WHEN class_uid = 6001 THEN repository END AS resource_uid,
  CASE WHEN class_uid = 6001 THEN CASE WHEN what < 55 THEN 'viewed' WHEN what < 75 THEN 'cloned' WHEN what < 90 THEN 'downloaded' ELSE 'modified' END END AS action,
  phase, 'bitbucket_access:' || pair AS pair_uid, TRUE AS time_assumed, record_offset
FROM (
  SELECT *, CASE WHEN r3 % 100 < 97 THEN 200 WHEN r3 % 100 < 98 THEN 404 ELSE 401 END AS code,
    CASE WHEN what < 15 OR phase = 'start' AND what >= 55 THEN 4002 ELSE 6001 END AS class_uid,
    CASE WHEN what < 15 THEN 3 WHEN what < 55 THEN 2 WHEN phase = 'start' THEN 6 WHEN what < 90 THEN 7 ELSE 3 END AS activity_id,
    CASE WHEN what < 15 THEN '/s/' || lower(to_hex(r2)) || '/_/download/' || r2 % 900 || '.js'
      WHEN what < 55 THEN '/rest/api/1.0/projects/' || project || '/repos/' || slug || '/commits?limit=' || r2 % 100 || '&start=' || r2 % 7000
      WHEN what < 90 THEN '/scm/' || lower(project) || '/' || slug || '.git/git-upload-pack'
      ELSE '/scm/' || lower(project) || '/' || slug || '.git/git-receive-pack' END AS url
  FROM (SELECT *, r % 100 AS what, project || '/' || slug AS repository FROM (
    SELECT *, CASE line WHEN 0 THEN 'start' ELSE 'end' END AS phase, '@' || lower(to_hex(request)) || 'x1' AS pair,
      'P' || r2 % 11904 % 60 AS project, 'repo-' || r2 % 11904 AS slug FROM happened)))
