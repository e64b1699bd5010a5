WITH horizon AS (
  SELECT coalesce((SELECT max(until) FROM asked_for), (SELECT max(last_at) FROM coverage)) AS as_of
), known AS (
  SELECT system, min(first_at) AS first_at, max(last_at) AS last_at, string_agg(source, ', ' ORDER BY source) AS sources FROM coverage GROUP BY system
), life AS (
  SELECT exposed_uid, max(CASE WHEN effect = 'enabled' THEN time END) AS enabled_at, max(CASE WHEN NOT ends THEN time END) AS claimed_at,
    max_by(effect, struct_pack(t := time, e := event_uid)) FILTER (WHERE NOT ends) AS claimed,
    max_by(state, struct_pack(t := time, e := event_uid)) FILTER (WHERE ends) AS state
  FROM said GROUP BY exposed_uid
), each_end AS (
  -- of several records of an end one that nothing speaks against is enough: the old secret stays dead whatever is done later
  SELECT u.*, n.time AS revoked_at, n.says, n.effect, c.by_logs, c.gap, c.logs,
    CASE WHEN n.event_uid IS NULL THEN CASE WHEN u.after_exposure > 0 THEN 'refuted' ELSE 'unknown' END
      WHEN u.minted_after_end > 0 OR u.misused_after_end > 0 OR (n.effect <> 'changed' AND u.after_end > 0) THEN 'refuted'
      WHEN coalesce(c.whole, FALSE) THEN 'proven' ELSE 'unknown' END AS verdict
  FROM uses AS u LEFT JOIN said AS n ON n.exposed_uid = u.exposed_uid AND n.event_uid = u.ended_by
    LEFT JOIN watched AS c ON c.exposed_uid = u.exposed_uid AND c.ended_by = u.ended_by
), best AS (
  SELECT *, row_number() OVER (PARTITION BY exposed_uid ORDER BY
    CASE verdict WHEN 'proven' THEN 0 WHEN 'unknown' THEN 1 ELSE 2 END, revoked_at, ended_by) AS place
  FROM each_end
), judged AS (
  SELECT x.*, b.last_use_at, b.last_use, b.after_exposure, b.after_end, b.minted_after_end, b.minted, b.last_minted_use, b.misused,
    b.misused_after_end, b.revoked_at, b.says, b.effect, b.by_logs, b.gap, b.logs, b.verdict, nullif(b.ended_by, '') AS revoked_by,
    h.as_of, k.sources, k.first_at, k.last_at, l.enabled_at, l.claimed, l.claimed_at,
    -- the moment stands behind what happened, before what else the log has to say of it
    regexp_replace(b.says, '^[^;]*', '\0 at ' || strftime(b.revoked_at, '%Y-%m-%dT%H:%M:%SZ')) AS ended,
    coalesce(l.state, CASE WHEN l.enabled_at IS NULL AND l.claimed = 'refreshed' THEN 'refreshed' END, 'none') AS state
  FROM exposed AS x CROSS JOIN horizon AS h JOIN best AS b ON b.exposed_uid = x.exposed_uid AND b.place = 1
    LEFT JOIN life AS l ON l.exposed_uid = x.exposed_uid LEFT JOIN known AS k ON k.system = x.system
)
SELECT credential_uid, system, kind, principal, exposed_at, verdict,
  CASE
    WHEN verdict = 'proven' THEN ended || CASE
      WHEN effect = 'changed' AND after_end > 0 THEN '; the account worked on afterwards with its new secret'
      ELSE '; no success after it in ' || by_logs || ' up to ' || strftime(as_of, '%Y-%m-%dT%H:%M:%SZ') END
      || CASE WHEN state = 'disabled' THEN '; disabled is not deleted: it can be enabled again' ELSE '' END
    WHEN verdict = 'refuted' AND revoked_at IS NULL THEN 'no record of its end; ' || after_exposure
      || ' successes after its exposure, the last at ' || strftime(last_use_at, '%Y-%m-%dT%H:%M:%SZ')
    WHEN verdict = 'refuted' THEN CASE WHEN minted_after_end > 0 AND misused_after_end = 0 AND (effect = 'changed' OR after_end = 0)
      THEN minted_after_end || ' successes by ' || minted || ', which it had opened, after ' ELSE after_end || ' successes after ' END
      || ended
    WHEN revoked_at IS NOT NULL THEN ended || CASE
      WHEN gap IS NOT NULL THEN ', but these hours are not covered: ' || gap
      WHEN logs IS NOT NULL THEN ', but no log that would show its use covers the hours since: ' || logs || ' from then to '
        || strftime(as_of, '%Y-%m-%dT%H:%M:%SZ') || ' would settle it'
      ELSE ', but no known log of system ' || coalesce(system, '?') || ' shows the use of such a credential' END
    WHEN sources IS NULL THEN 'no log of system ' || coalesce(system, '?') || ' is in the case: its audit log from the exposure on would settle it'
    WHEN enabled_at IS NOT NULL THEN 'it was enabled again at ' || strftime(enabled_at, '%Y-%m-%dT%H:%M:%SZ') || ' and no end is recorded since'
    WHEN claimed IS NOT NULL THEN 'only "' || claimed || '" at ' || strftime(claimed_at, '%Y-%m-%dT%H:%M:%SZ') || ' is recorded, which does not end it'
    ELSE 'no record of its end and none of its use in ' || sources || ' from ' || strftime(first_at, '%Y-%m-%dT%H:%M:%SZ')
      || ' to ' || strftime(last_at, '%Y-%m-%dT%H:%M:%SZ') || '; the issuer''s record of its end would settle it'
  END AS why,
  revoked_at, last_use_at, coalesce(after_exposure, 0) AS uses_after_exposure, coalesce(misused, FALSE) AS misused, revoked_by, last_use,
  exposed_uid, more, state, as_of, CASE WHEN verdict = 'proven' THEN by_logs END AS covered_by,
  CASE WHEN verdict = 'unknown' THEN gap END AS gap, minted AS outlived_by, last_minted_use AS outlived_use
FROM judged
