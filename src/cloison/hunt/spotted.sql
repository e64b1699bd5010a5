-- Every observable is spelled canonically at ingest, so that here it is compared and never computed: each kind of
-- indicator becomes the very values that the lake holds, and the events with those values are fetched.
WITH families AS (
  SELECT kind, value, low, high, CASE WHEN kind IN ('ip', 'cidr', 'range') THEN 'address'
    WHEN kind IN ('md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512') THEN 'hash' WHEN kind = 'email' THEN 'account'
    ELSE kind END AS family
  FROM indicators
), places AS (
  SELECT f.kind, f.value AS indicator_value, a.ip AS observed FROM families AS f JOIN addresses AS a ON a.ip = f.value WHERE f.kind = 'ip'
  UNION ALL
  SELECT f.kind, f.value, a.ip FROM families AS f JOIN addresses AS a ON a.key BETWEEN f.low AND f.high WHERE f.kind IN ('cidr', 'range')
), listed AS MATERIALIZED (
  SELECT l.src_ips, p.* FROM address_lists AS l JOIN places AS p ON p.observed = l.ip
), whole_urls AS (
  SELECT DISTINCT url FROM events WHERE contains(url, '://') OR contains(url, '%3a%2f%2f') OR contains(url, '%3A%2F%2F')
    OR contains(url, '%3A%2f%2F') OR contains(url, '%3a%2F%2f')
), linked AS (
  SELECT url, unnest(regexp_extract_all(lower(coalesce(TRY(url_decode(url)), url)), '://([a-z0-9_.-]+[.][a-z0-9-]+)', 1)) AS host
  FROM whole_urls
), spelled AS MATERIALIZED (
  -- what a column holds, as it holds it: events are then fetched by the very value, which passes over what cannot hold it
  SELECT DISTINCT 'dst_host' AS held_in, dst_host AS held, lower(dst_host) AS observed FROM events WHERE dst_host IS NOT NULL
  UNION ALL SELECT DISTINCT 'src_host', src_host, lower(src_host) FROM events WHERE src_host IS NOT NULL
), hosts AS (
  SELECT observed AS host FROM spelled
  UNION SELECT host FROM linked
), suffixes AS (
  -- a host matches an indicator that names it or a parent domain
  SELECT host, unnest(list_transform(range(1, len(string_split(host, '.')) + 1),
    lambda n: array_to_string(list_slice(string_split(host, '.'), n, len(string_split(host, '.'))), '.'))) AS parent
  FROM hosts
), named AS (
  SELECT f.kind, f.value AS indicator_value, s.host AS observed FROM families AS f JOIN suffixes AS s ON s.parent = f.value WHERE f.kind = 'domain'
), aimed AS (
  -- a URL is its host and what is asked of it: few logs hold the scheme, and a proxy's port is its own
  SELECT kind, value AS indicator_value, regexp_replace(value, '^[a-z][a-z0-9+.-]*://', '') AS place FROM families WHERE kind = 'url'
), parted AS (
  SELECT place, kind, indicator_value, split_part(place, '/', 1) AS host, substr(place, len(split_part(place, '/', 1)) + 1) AS path FROM aimed
), cut AS (
  SELECT url, lower(regexp_extract(url, '^[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#@]*@)?([^/?#]+)', 1)) AS host,
    regexp_extract(url, '^[A-Za-z][A-Za-z0-9+.-]*://[^/?#]+([^#]*)', 1) AS path
  FROM whole_urls WHERE regexp_matches(url, '^[A-Za-z][A-Za-z0-9+.-]*://')
), asked AS (
  SELECT url, regexp_replace(host, CASE WHEN starts_with(lower(url), 'https:') THEN ':443$' ELSE ':80$' END, '')
    || CASE WHEN starts_with(path, '/') THEN path ELSE '/' || path END AS place
  FROM cut
), pointed AS MATERIALIZED (
  SELECT u.url, w.* FROM linked AS u JOIN named AS w ON w.observed = u.host
), called AS MATERIALIZED (
  SELECT u.url, w.kind, w.indicator_value FROM asked AS u JOIN aimed AS w ON w.place = u.place
), said AS (
  SELECT kind, value AS indicator_value, value AS observed, family FROM families
  WHERE family IN ('account', 'credential', 'hash', 'file_name', 'user_agent')
), hosted AS (
  SELECT s.held_in, s.held, n.kind, n.indicator_value, n.observed FROM spelled AS s JOIN named AS n ON n.observed = s.observed
), written AS MATERIALIZED (
  SELECT 'actor_email' AS held_in, e.actor_email AS held, w.* EXCLUDE (family) FROM events AS e JOIN said AS w
    ON w.observed = lower(e.actor_email) AND w.family = 'account'
  UNION SELECT 'file_hash', e.file_hash, w.* EXCLUDE (family) FROM events AS e JOIN said AS w
    ON w.observed = lower(e.file_hash) AND w.family = 'hash'
  UNION SELECT 'file_name', e.file_name, w.* EXCLUDE (family) FROM events AS e JOIN said AS w
    ON w.observed = lower(e.file_name) AND w.family = 'file_name'
  UNION SELECT 'file_name', e.file_name, w.* EXCLUDE (family) FROM events AS e JOIN said AS w
    ON w.observed = regexp_extract(lower(e.file_name), '[^/\\]+$') AND w.family = 'file_name'
), found AS (
  -- lists of several addresses apart from those of one: the first are few, and their length alone passes over all others
  SELECT e.event_uid, 'src_endpoint.ip' AS field, w.* FROM events AS e JOIN places AS w ON w.observed = e.src_ip WHERE len(e.src_ips) > 0
  UNION ALL SELECT e.event_uid, 'src_endpoint.ip', w.* EXCLUDE (src_ips) FROM events AS e JOIN listed AS w ON w.src_ips = e.src_ips
    AND w.observed IS DISTINCT FROM e.src_ip WHERE len(e.src_ips) > 1 AND len(w.src_ips) > 1
  UNION ALL SELECT e.event_uid, 'src_endpoint.ip', w.* EXCLUDE (src_ips) FROM events AS e JOIN listed AS w ON w.src_ips = e.src_ips
    AND w.observed IS DISTINCT FROM e.src_ip WHERE len(e.src_ips) = 1 AND len(w.src_ips) = 1 AND e.src_ips[1] IS DISTINCT FROM e.src_ip
  UNION ALL SELECT e.event_uid, 'dst_endpoint.ip', w.* FROM events AS e JOIN places AS w ON w.observed = e.dst_ip
  UNION ALL SELECT e.event_uid, 'dst_endpoint.hostname', w.* EXCLUDE (held_in, held) FROM events AS e JOIN hosted AS w
    ON w.held = e.dst_host AND w.held_in = 'dst_host'
  UNION ALL SELECT e.event_uid, 'src_endpoint.hostname', w.* EXCLUDE (held_in, held) FROM events AS e JOIN hosted AS w
    ON w.held = e.src_host AND w.held_in = 'src_host'
  UNION ALL SELECT e.event_uid, 'http_request.url', w.* EXCLUDE (url) FROM events AS e JOIN pointed AS w ON w.url = e.url
  UNION ALL SELECT e.event_uid, 'http_request.url', w.kind, w.indicator_value, e.url FROM events AS e JOIN called AS w ON w.url = e.url
  UNION ALL SELECT e.event_uid, 'http_request.url', w.kind, w.indicator_value, e.url FROM events AS e JOIN parted AS w
    ON w.path = e.url AND w.host = lower(e.dst_host)
  UNION ALL SELECT e.event_uid, 'actor.user.name', w.* EXCLUDE (family) FROM events AS e JOIN said AS w
    ON w.observed = e.principal AND w.family = 'account'
  UNION ALL SELECT e.event_uid, 'actor.user.email_addr', w.* EXCLUDE (held_in, held) FROM events AS e JOIN written AS w
    ON w.held = e.actor_email AND w.held_in = 'actor_email' AND e.actor_email IS DISTINCT FROM e.principal
  UNION ALL SELECT e.event_uid, 'user.name', w.* EXCLUDE (family) FROM events AS e JOIN said AS w
    ON w.observed = e.target_principal AND w.family = 'account'
  UNION ALL SELECT e.event_uid, 'actor.session.credential_uid', w.* EXCLUDE (family) FROM events AS e JOIN said AS w
    ON w.observed = e.credential_uid AND w.family = 'credential'
  UNION ALL SELECT e.event_uid, 'entity.uid', w.* EXCLUDE (family) FROM events AS e JOIN said AS w
    ON w.observed = e.target_credential_uid AND w.family = 'credential'
  UNION ALL SELECT e.event_uid, 'entity.uid', w.* EXCLUDE (family) FROM events AS e JOIN said AS w
    ON w.observed = e.minted_credential_uid AND w.family = 'credential'
  UNION ALL SELECT e.event_uid, 'file.hashes', w.* EXCLUDE (held_in, held) FROM events AS e JOIN written AS w
    ON w.held = e.file_hash AND w.held_in = 'file_hash'
  UNION ALL SELECT e.event_uid, 'file.name', w.* EXCLUDE (held_in, held) FROM events AS e JOIN written AS w
    ON w.held = e.file_name AND w.held_in = 'file_name'
  UNION ALL SELECT e.event_uid, 'http_request.user_agent', w.* EXCLUDE (family) FROM events AS e JOIN said AS w
    ON w.observed = e.user_agent AND w.family = 'user_agent'
)
SELECT DISTINCT f.event_uid, f.field, f.kind AS indicator_kind, f.indicator_value, f.observed, i.valid_from, i.valid_until, i.caution
FROM found AS f JOIN indicators AS i ON i.kind = f.kind AND i.value = f.indicator_value
