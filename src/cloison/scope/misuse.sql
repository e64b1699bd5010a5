-- An exposed credential or account used, after it was exposed, from where and with what its owner never came before.
-- Proven needs a steady habit to be outside of: an owner who came on at least ten occasions (a session that
-- lasts for days is one occasion a day), from few places. A person who
-- roams, and a credential without history (save a machine's, in a log that reaches back a week), are suspected at most.
-- A known own network counts against it only where the habit is steady and neither place nor client is in it; a person
-- is at home where the same login name worked before, in whatever system.
WITH asked AS (
  SELECT x.session_uid, x.exposed_at, x.sure, x.exposed_uid, d.system, d.source, d.principal, d.net, d.label, d.client,
    regexp_replace(d.net, '[.][0-9]+$', '') AS near, d.first_event_uid, d.successes,
    greatest(d.first_at, x.exposed_at) AS since, e.machine
  FROM exposed_sessions AS x JOIN drawn AS d ON d.session_uid = x.session_uid AND d.last_at >= x.exposed_at
    JOIN exposed AS e ON e.exposed_uid = x.exposed_uid
), past AS (
  SELECT a.system, a.principal, a.exposed_at, 
    sum(least(b.events, 1 + date_diff('day', b.first_at, least(b.last_at, a.exposed_at)))) AS occasions,
    count(DISTINCT regexp_replace(b.net, '[.][0-9]+$', '')) AS places
  FROM (SELECT DISTINCT system, principal, exposed_at FROM asked) AS a
    JOIN drawn AS b ON b.system = a.system AND b.principal = a.principal AND b.successes > 0 AND b.first_at < a.exposed_at
  GROUP BY ALL
), reach AS (
  SELECT source, min(first_at) AS first_at FROM coverage GROUP BY source
), told AS (
  SELECT a.*, n.value IS NOT NULL AS known_net, r.value IS NOT NULL AS known_near, l.value IS NOT NULL AS known_label,
    c.value IS NOT NULL AS known_client, o.value IS NOT NULL AS known_person, p.occasions IS NOT NULL AS has_history,
    coalesce(p.occasions, 0) >= 10 AND p.places * 5 <= p.occasions AS steady,
    a.machine AND epoch_us(v.first_at) < epoch_us(a.exposed_at) - 604800000000 AS unused_before
  FROM asked AS a
    LEFT JOIN past AS p ON p.system = a.system AND p.principal = a.principal AND p.exposed_at = a.exposed_at
    LEFT JOIN reach AS v ON v.source = a.source
    LEFT JOIN habits AS n ON n.system = a.system AND n.principal = a.principal AND n.what = 'net' AND n.value = a.net
      AND n.first_at < a.exposed_at
    LEFT JOIN habits AS r ON r.system = a.system AND r.principal = a.principal AND r.what = 'near' AND r.value = a.near
      AND r.first_at < a.exposed_at
    LEFT JOIN habits AS l ON l.system = a.system AND l.principal = a.principal AND l.what = 'label' AND l.value = a.label
      AND l.first_at < a.exposed_at
    LEFT JOIN habits AS c ON c.system = a.system AND c.principal = a.principal AND c.what = 'client' AND c.value = a.client
      AND c.first_at < a.exposed_at
    LEFT JOIN habits AS o ON o.what = 'person' AND o.principal = split_part(a.principal, '@', 1) AND o.value = a.net
      AND o.first_at < a.exposed_at
), judged AS (
  SELECT *, CASE
    WHEN known_person AND NOT machine THEN 0
    WHEN known_client AND (known_net OR known_near OR known_label OR label IS NOT NULL) THEN 0
    WHEN label IS NOT NULL AND (known_label OR NOT (steady OR (machine AND has_history))) THEN 0
    WHEN known_net OR known_near OR known_client OR label IS NOT NULL OR successes = 0 OR NOT sure THEN 1
    WHEN steady OR (NOT has_history AND unused_before) THEN 2
    ELSE 1 END AS standing
  FROM told
)
SELECT session_uid, system, since, max(standing) AS standing, min(exposed_uid) AS exposed_uid,
  any_value(first_event_uid) AS event_uid
FROM judged WHERE standing > 0 GROUP BY session_uid, system, since
