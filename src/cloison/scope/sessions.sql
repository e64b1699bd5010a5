WITH habitual AS (
  SELECT d.session_uid, d.first_at < o.exposed_from AS before_exposure,
    EXISTS (SELECT 1 FROM habits AS h WHERE h.system = d.system AND h.principal = d.principal AND h.what = 'net'
      AND h.value = d.net AND h.first_at < coalesce(o.exposed_from, d.first_at)) AS known_net,
    EXISTS (SELECT 1 FROM habits AS h WHERE h.system = d.system AND h.principal = d.principal AND h.what = 'near'
      AND h.value = regexp_replace(d.net, '[.][0-9]+$', '') AND h.first_at < coalesce(o.exposed_from, d.first_at)) AS known_near,
    EXISTS (SELECT 1 FROM habits AS h WHERE h.system = d.system AND h.principal = d.principal AND h.what = 'client'
      AND h.value = d.client AND h.first_at < coalesce(o.exposed_from, d.first_at)) AS known_client
  FROM drawn AS d CROSS JOIN opening AS o
)
SELECT d.session_uid, d.system, d.principal, coalesce(d.label, d.net) AS network, d.client, d.first_at, d.last_at, d.events,
  CASE c.standing WHEN 2 THEN 'proven' WHEN 1 THEN 'suspected' WHEN 0 THEN 'unknown'
    ELSE CASE WHEN h.before_exposure OR d.label IS NOT NULL OR ((h.known_net OR h.known_near) AND h.known_client)
      THEN 'expected' ELSE 'unknown' END END AS standing,
  CASE WHEN c.uid IS NOT NULL THEN replace(r.says, '{cause}', c.cause_uid)
    WHEN h.before_exposure THEN 'it began before the exposure'
    WHEN h.known_net AND h.known_client THEN 'this principal came from this address with this client before the exposure'
    WHEN h.known_near AND h.known_client THEN 'this principal came from this neighbourhood with this client before the exposure'
    WHEN d.label IS NOT NULL THEN 'it came from a known own network and nothing ties it to the intrusion'
    ELSE 'new address or client for this principal; nothing ties it to the intrusion' END AS why,
  d.net AS address, d.successes, c.since, c.rule, c.cause_uid, coalesce(c.event_uid, d.first_event_uid) AS event_uid
FROM drawn AS d JOIN habitual AS h ON h.session_uid = d.session_uid
  LEFT JOIN compromise AS c ON c.kind = 'session' AND c.uid = d.session_uid
  LEFT JOIN spread_rules AS r ON r.name = c.rule
