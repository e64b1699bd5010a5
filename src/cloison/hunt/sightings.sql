-- Every observable is spelled canonically at ingest, so that here it is compared and never computed.
WITH places AS (
  SELECT event_uid, 'src_endpoint.ip' AS field, 'address' AS family, unnest(src_ips) AS value FROM events
  UNION ALL SELECT event_uid, 'dst_endpoint.ip', 'address', dst_ip FROM events WHERE dst_ip IS NOT NULL
  UNION ALL SELECT event_uid, 'dst_endpoint.hostname', 'host', lower(dst_host) FROM events WHERE dst_host IS NOT NULL
  UNION ALL SELECT event_uid, 'src_endpoint.hostname', 'host', lower(src_host) FROM events WHERE src_host IS NOT NULL
  UNION ALL SELECT event_uid, 'http_request.url', 'host',
      unnest(regexp_extract_all(lower(coalesce(TRY(url_decode(url)), url)), '://([a-z0-9_.-]+[.][a-z0-9-]+)', 1))
    FROM events WHERE contains(url, '://') OR contains(lower(url), '%3a%2f%2f')
  UNION ALL SELECT event_uid, 'actor.user.name', 'account', principal FROM events WHERE principal IS NOT NULL
  UNION ALL SELECT event_uid, 'actor.user.email_addr', 'account', lower(actor_email) FROM events
    WHERE actor_email IS NOT NULL AND actor_email IS DISTINCT FROM principal
  UNION ALL SELECT event_uid, 'user.name', 'account', target_principal FROM events WHERE target_principal IS NOT NULL
  UNION ALL SELECT event_uid, 'actor.session.credential_uid', 'credential', credential_uid FROM events
    WHERE credential_uid IS NOT NULL
  UNION ALL SELECT event_uid, 'entity.uid', 'credential', target_credential_uid FROM events
    WHERE target_credential_uid IS NOT NULL
  UNION ALL SELECT event_uid, 'file.hashes', 'hash', lower(file_hash) FROM events WHERE file_hash IS NOT NULL
  UNION ALL SELECT event_uid, 'file.name', 'file_name', lower(file_name) FROM events WHERE file_name IS NOT NULL
  UNION ALL SELECT event_uid, 'http_request.user_agent', 'user_agent', user_agent FROM events WHERE user_agent IS NOT NULL
), families AS (
  SELECT i.*, CASE WHEN kind IN ('ip', 'cidr', 'range') THEN 'address' WHEN kind IN ('domain', 'url') THEN 'host'
    WHEN kind IN ('md5', 'sha1', 'sha256', 'sha512') THEN 'hash' WHEN kind = 'email' THEN 'account'
    ELSE kind END AS family
  FROM indicators AS i
), hosts AS (
  SELECT DISTINCT value FROM places WHERE family = 'host'
), suffixes AS (
  -- a host matches an indicator that names it or a parent domain
  SELECT value, unnest(list_transform(range(1, len(string_split(value, '.')) + 1),
    lambda n: array_to_string(list_slice(string_split(value, '.'), n, len(string_split(value, '.'))), '.'))) AS parent
  FROM hosts
), matched AS (
  SELECT p.event_uid, p.field, p.value AS observed, f.kind, f.value AS indicator_value, f.valid_from, f.valid_until
  FROM places AS p JOIN families AS f ON f.family = p.family AND f.value = p.value AND f.kind NOT IN ('cidr', 'range', 'url')
  UNION ALL
  SELECT p.event_uid, p.field, p.value AS observed, f.kind, f.value, f.valid_from, f.valid_until
  FROM families AS f JOIN addresses AS a ON a.key BETWEEN f.low AND f.high
    JOIN places AS p ON p.family = 'address' AND p.value = a.ip
  WHERE f.kind IN ('cidr', 'range')
  UNION ALL
  SELECT p.event_uid, p.field, p.value AS observed, f.kind, f.value, f.valid_from, f.valid_until
  FROM families AS f JOIN suffixes AS s ON s.parent = f.value JOIN places AS p ON p.family = 'host' AND p.value = s.value
  WHERE f.kind = 'domain' AND s.parent <> s.value
)
SELECT DISTINCT m.kind AS indicator_kind, m.indicator_value, e.time, e.source, e.system, m.field, e.principal, e.event_uid,
  b.label AS evidence, e.record_offset AS "offset", e.record_length AS length, e.evidence_uid, m.observed,
  (m.valid_from IS NULL OR e.time >= m.valid_from) AND (m.valid_until IS NULL OR e.time <= m.valid_until) AS valid
FROM matched AS m JOIN events AS e ON e.event_uid = m.event_uid LEFT JOIN members AS b ON b.uid = e.evidence_uid
