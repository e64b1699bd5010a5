WITH records AS (
  SELECT e.event_uid, e.time, e.source, e.system, e.rotation_effect AS effect, e.rotation_credential_uid AS credential_uid,
    e.rotation_principal AS principal, r.proves, r.kinds, r.says, s.state
  FROM events AS e JOIN rotation_rules AS r ON r.rule = e.rotation_rule LEFT JOIN rotation_states AS s ON s.rule = e.rotation_rule
  WHERE e.rotation_rule IS NOT NULL
), told AS (
  -- by the credential's own id; an id that is only a name needs its owner too
  SELECT x.exposed_uid, r.* FROM exposed AS x JOIN records AS r ON r.credential_uid = x.credential_uid
  WHERE r.time >= coalesce(x.exposed_at, r.time) AND (NOT x.named OR r.principal IS NULL OR x.principal IS NULL OR r.principal = x.principal)
  UNION ALL
  -- by the owner's name: an account, or everything of that kind that the owner has
  SELECT x.exposed_uid, r.* FROM exposed AS x JOIN records AS r ON r.principal = x.principal AND r.system = x.system
  WHERE r.credential_uid IS NULL AND r.time >= coalesce(x.exposed_at, r.time) AND CASE WHEN x.is_account
    THEN list_contains(r.kinds, 'service_account') OR list_contains(r.kinds, 'password') ELSE list_contains(r.kinds, x.kind) END
), enabled AS (
  SELECT exposed_uid, max(time) AS last_at FROM told WHERE effect = 'enabled' GROUP BY exposed_uid
)
-- what was disabled is alive when it is enabled again; a new secret and a deletion are not undone by that
SELECT t.exposed_uid, t.event_uid, t.time, t.source, t.system, t.effect, t.says, t.kinds, coalesce(t.state, 'none') AS state,
  t.proves AND t.effect IN ('revoked', 'disabled', 'changed') AND (t.effect <> 'disabled' OR n.last_at IS NULL OR t.time > n.last_at) AS ends
FROM told AS t LEFT JOIN enabled AS n ON n.exposed_uid = t.exposed_uid
