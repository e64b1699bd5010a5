WITH asked AS (
  SELECT d.*, d.first_at < o.exposed_from AS before_exposure, coalesce(o.exposed_from, d.first_at) AS learned_until,
    regexp_replace(d.net, '[.][0-9]+$', '') AS near
  FROM drawn AS d CROSS JOIN opening AS o
), habitual AS (
  SELECT d.*, n.value IS NOT NULL AS known_net, r.value IS NOT NULL AS known_near, k.value IS NOT NULL AS known_client
  FROM asked AS d
    LEFT JOIN habits AS n ON n.system = d.system AND n.principal = d.principal AND n.what = 'net' AND n.value = d.net
      AND n.first_at < d.learned_until
    LEFT JOIN habits AS r ON r.system = d.system AND r.principal = d.principal AND r.what = 'near' AND r.value = d.near
      AND r.first_at < d.learned_until
    LEFT JOIN habits AS k ON k.system = d.system AND k.principal = d.principal AND k.what = 'client' AND k.value = d.client
      AND k.first_at < d.learned_until
)
SELECT h.session_uid, h.system, h.principal, coalesce(h.label, h.net) AS network, h.client, h.first_at, h.last_at, h.events,
  CASE c.standing WHEN 2 THEN 'proven' WHEN 1 THEN 'suspected' WHEN 0 THEN 'unknown'
    ELSE CASE WHEN h.before_exposure OR h.label IS NOT NULL OR ((h.known_net OR h.known_near) AND h.known_client)
      THEN 'expected' ELSE 'unknown' END END AS standing,
  CASE WHEN c.uid IS NOT NULL THEN replace(r.says, '{cause}', c.cause_uid)
    WHEN h.before_exposure THEN 'it began before the exposure'
    WHEN h.known_net AND h.known_client THEN 'this principal came from this address with this client before the exposure'
    WHEN h.known_near AND h.known_client THEN 'this principal came from this neighbourhood with this client before the exposure'
    WHEN h.label IS NOT NULL THEN 'it came from a known own network and nothing ties it to the intrusion'
    ELSE 'new address or client for this principal; nothing ties it to the intrusion' END AS why,
  h.net AS address, h.successes, c.since, c.rule, c.cause_uid, coalesce(c.event_uid, h.first_event_uid) AS event_uid
FROM habitual AS h LEFT JOIN compromise AS c ON c.kind = 'session' AND c.uid = h.session_uid
  LEFT JOIN spread_rules AS r ON r.name = c.rule
