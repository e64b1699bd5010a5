WITH proofs AS (
  SELECT e.event_uid, e.time, e.system, e.rotation_effect AS effect, e.rotation_credential_uid AS credential_uid,
    e.rotation_principal AS principal, r.proves, r.kinds, r.says
  FROM events AS e JOIN rotation_rules AS r ON r.rule = e.rotation_rule
  WHERE e.rotation_rule IS NOT NULL
), said AS (
  -- by the credential's own id; or, for an account, by its name; an id that is only a name needs its owner too
  SELECT x.exposed_uid, p.* FROM exposed AS x JOIN proofs AS p ON p.credential_uid = x.credential_uid
  WHERE p.time >= coalesce(x.exposed_at, p.time) AND (NOT x.named OR p.principal IS NULL OR x.principal IS NULL OR p.principal = x.principal)
  UNION
  SELECT x.exposed_uid, p.* FROM exposed AS x JOIN proofs AS p ON p.principal = x.principal AND p.system = x.system
  WHERE x.is_account AND p.credential_uid IS NULL AND p.time >= coalesce(x.exposed_at, p.time)
    AND (list_contains(p.kinds, 'service_account') OR list_contains(p.kinds, 'password'))
), used AS (
  SELECT x.exposed_uid, a.time, a.event_uid, a.session_uid FROM exposed AS x JOIN acts AS a ON a.credential_uid = x.credential_uid
  WHERE a.status_id = 1 AND NOT x.named
  UNION
  SELECT x.exposed_uid, a.time, a.event_uid, a.session_uid FROM exposed AS x JOIN acts AS a ON a.principal = x.principal AND a.system = x.system
  WHERE x.is_account AND a.status_id = 1
), life AS (
  SELECT exposed_uid,
    max(CASE WHEN proves AND effect IN ('revoked', 'disabled', 'changed') THEN time END) AS last_proof_at,
    max(CASE WHEN effect = 'enabled' THEN time END) AS enabled_at,
    max(CASE WHEN NOT proves THEN time END) AS claimed_at,
    max_by(effect, struct_pack(t := time, e := event_uid)) FILTER (WHERE NOT proves) AS claimed
  FROM said GROUP BY exposed_uid
), first_proof AS (
  -- the proof that counts is the first one after the last time it was enabled again
  SELECT s.exposed_uid, min(s.time) AS revoked_at, min_by(s.event_uid, struct_pack(t := s.time, e := s.event_uid)) AS revoked_by,
    min_by(s.says, struct_pack(t := s.time, e := s.event_uid)) AS says, min_by(s.effect, struct_pack(t := s.time, e := s.event_uid)) AS effect
  FROM said AS s JOIN life AS l ON l.exposed_uid = s.exposed_uid
  WHERE s.proves AND s.effect IN ('revoked', 'disabled', 'changed') AND s.time > coalesce(l.enabled_at, s.time - INTERVAL 1 SECOND)
  GROUP BY s.exposed_uid
), uses AS (
  SELECT u.exposed_uid, max(u.time) AS last_use_at, max_by(u.event_uid, struct_pack(t := u.time, e := u.event_uid)) AS last_use,
    count(CASE WHEN u.time >= coalesce(x.exposed_at, u.time) THEN 1 END) AS uses_after_exposure,
    count(CASE WHEN p.effect IS NOT NULL AND u.time > p.revoked_at THEN 1 END) AS uses_after_proof,
    count(CASE WHEN c.standing = 2 AND u.time >= c.since AND u.time > p.revoked_at THEN 1 END) AS misuses_after_proof,
    bool_or(c.standing = 2 AND u.time >= c.since) AS misused
  FROM used AS u JOIN exposed AS x ON x.exposed_uid = u.exposed_uid LEFT JOIN first_proof AS p ON p.exposed_uid = u.exposed_uid
    LEFT JOIN compromise AS c ON c.kind = 'session' AND c.uid = u.session_uid
  GROUP BY u.exposed_uid
), covered AS (
  SELECT system, min(first_at) AS first_at, max(last_at) AS last_at, string_agg(source, ', ' ORDER BY source) AS sources FROM coverage GROUP BY system
), judged AS (
  SELECT x.*, p.revoked_at, p.revoked_by, p.says, p.effect, u.last_use_at, u.last_use, l.claimed, l.claimed_at, l.enabled_at,
    coalesce(u.uses_after_exposure, 0) AS uses_after_exposure, coalesce(u.uses_after_proof, 0) AS uses_after_proof,
    coalesce(u.misused, FALSE) AS misused, v.first_at AS covered_from, v.last_at AS covered_to, v.sources,
    CASE
      WHEN p.revoked_at IS NOT NULL AND p.effect <> 'changed' AND coalesce(u.uses_after_proof, 0) > 0 THEN 'refuted'
      WHEN p.revoked_at IS NOT NULL AND coalesce(u.misuses_after_proof, 0) > 0 THEN 'refuted'
      WHEN p.revoked_at IS NOT NULL THEN 'proven'
      WHEN coalesce(u.uses_after_exposure, 0) > 0 THEN 'refuted'
      ELSE 'unknown' END AS verdict
  FROM exposed AS x LEFT JOIN first_proof AS p ON p.exposed_uid = x.exposed_uid LEFT JOIN uses AS u ON u.exposed_uid = x.exposed_uid
    LEFT JOIN life AS l ON l.exposed_uid = x.exposed_uid LEFT JOIN covered AS v ON v.system = x.system
)
SELECT credential_uid, system, kind, principal, exposed_at, verdict,
  CASE verdict
    WHEN 'proven' THEN says || ' at ' || strftime(revoked_at, '%Y-%m-%dT%H:%M:%SZ') || CASE
      WHEN effect = 'changed' AND uses_after_proof > 0 THEN '; the account worked on afterwards with its new secret'
      WHEN sources IS NULL THEN '; no log of system ' || coalesce(system, '?') || ' is in the case to show a success after it'
      ELSE '; no success after it in ' || sources || ' up to ' || strftime(covered_to, '%Y-%m-%dT%H:%M:%SZ') END
    WHEN 'refuted' THEN CASE WHEN revoked_at IS NOT NULL
      THEN uses_after_proof || ' successes after ' || says || ' at ' || strftime(revoked_at, '%Y-%m-%dT%H:%M:%SZ')
      ELSE 'no record of its end; ' || uses_after_exposure || ' successes after its exposure, the last at '
        || strftime(last_use_at, '%Y-%m-%dT%H:%M:%SZ') END
    ELSE CASE WHEN sources IS NULL THEN 'no log of system ' || coalesce(system, '?') || ' is in the case: its audit log from the exposure on would settle it'
      WHEN enabled_at IS NOT NULL THEN 'it was enabled again at ' || strftime(enabled_at, '%Y-%m-%dT%H:%M:%SZ') || ' and no end is recorded since'
      WHEN claimed IS NOT NULL THEN 'only "' || claimed || '" at ' || strftime(claimed_at, '%Y-%m-%dT%H:%M:%SZ') || ' is recorded, which does not end it'
      ELSE 'no record of its end and none of its use in ' || sources || ' from ' || strftime(covered_from, '%Y-%m-%dT%H:%M:%SZ')
        || ' to ' || strftime(covered_to, '%Y-%m-%dT%H:%M:%SZ') || '; the issuer''s record of its end would settle it' END
  END AS why,
  revoked_at, last_use_at, uses_after_exposure, misused, revoked_by, last_use, exposed_uid, more
FROM judged
