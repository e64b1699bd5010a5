-- An exposed credential or account used, after it was exposed, from where and with what its owner never came before.
WITH told AS (
  SELECT x.session_uid, x.exposed_at, x.sure, x.exposed_uid, d.system, d.principal, d.label, d.first_at, d.client,
    d.first_event_uid, d.successes, greatest(d.first_at, x.exposed_at) AS since,
    EXISTS (SELECT 1 FROM habits AS h WHERE h.system = d.system AND h.principal = d.principal AND h.what = 'net'
      AND h.value = d.net AND h.first_at < x.exposed_at) AS known_net,
    EXISTS (SELECT 1 FROM habits AS h WHERE h.system = d.system AND h.principal = d.principal AND h.what = 'near'
      AND h.value = regexp_replace(d.net, '[.][0-9]+$', '') AND h.first_at < x.exposed_at) AS known_near,
    EXISTS (SELECT 1 FROM habits AS h WHERE h.system = d.system AND h.principal = d.principal AND h.what = 'label'
      AND h.value = d.label AND h.first_at < x.exposed_at) AS known_label,
    EXISTS (SELECT 1 FROM habits AS h WHERE h.system = d.system AND h.principal = d.principal AND h.what = 'client'
      AND h.value = d.client AND h.first_at < x.exposed_at) AS known_client,
    EXISTS (SELECT 1 FROM habits AS h WHERE h.system = d.system AND h.principal = d.principal AND h.what = 'any'
      AND h.first_at < x.exposed_at) AS has_history,
    EXISTS (SELECT 1 FROM spans AS s WHERE s.system = d.system
      AND epoch_us(s.first_at) < epoch_us(x.exposed_at) - 86400000000) AS covered_before
  FROM exposed_sessions AS x JOIN drawn AS d ON d.session_uid = x.session_uid
  WHERE d.last_at >= x.exposed_at
), judged AS (
  SELECT *, CASE
    WHEN (known_net OR known_label) AND known_client THEN 0
    WHEN known_near AND known_client AND label IS NULL THEN 0
    WHEN known_net OR known_label OR label IS NOT NULL OR successes = 0 OR NOT sure THEN 1
    WHEN has_history AND (known_near OR known_client) THEN 1
    WHEN has_history OR covered_before THEN 2
    ELSE 1 END AS standing
  FROM told
)
SELECT 'session' AS kind, system, session_uid AS uid, since, max(standing) AS standing, 'exposed' AS cause_kind,
  min(exposed_uid) AS cause_uid, any_value(first_event_uid) AS event_uid
FROM judged WHERE standing > 0 GROUP BY session_uid, system, since
