SELECT 'principal' AS kind, system, target_principal AS uid, time, event_uid, principal FROM events
WHERE class_uid = 3001 AND activity_id IN (5, 6) AND status_id <> 2 AND target_principal IS NOT NULL
UNION ALL SELECT 'app', system, target_app, time, event_uid, principal FROM events
WHERE class_uid = 6002 AND activity_id IN (2, 7) AND status_id <> 2 AND target_app IS NOT NULL
UNION ALL SELECT 'credential', system, rotation_credential_uid, time, event_uid, principal FROM events
WHERE rotation_effect IN ('revoked', 'disabled', 'changed') AND rotation_credential_uid IS NOT NULL
