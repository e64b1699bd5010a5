-- An exposed credential or account used from where and with what its owner never came: see `misuse`.
SELECT 'session' AS kind, system, session_uid AS uid, since, standing, 'exposed' AS cause_kind, exposed_uid AS cause_uid, event_uid
FROM misuse
