-- What the ledger, the log or the name says goes before what the rhythm shows: an intruder with a browser makes no person of a service account.
WITH named AS (
  SELECT system, principal FROM days UNION SELECT system, target_principal FROM events WHERE target_principal IS NOT NULL
), worked AS (
  SELECT system, principal, min(first_at) AS first_at, bool_or(lower(actor_type) IN ('service', 'service_token', 'serviceaccount', 'service account', 'serviceprincipal', 'service principal', 'servicecredential', 'awsservice', 'system', 'systemprincipal', 'publicclientapp', 'app', 'application', 
      'integration', 'bot', 'machine', 'github_app', 'github app server-to-server token')) AS told, bit_count(bit_or(hours)) AS hours, count(DISTINCT day) AS days,
    sum(events) AS events, sum(CASE WHEN contains(lower(user_agent), 'mozilla/') THEN events ELSE 0 END) AS browsed,
    sum(CASE WHEN user_agent IS NOT NULL AND NOT contains(lower(user_agent), 'mozilla/') AND NOT contains(lower(user_agent), 'git/') THEN events ELSE 0 END) AS programmed
  FROM days WHERE succeeded = 1 GROUP BY system, principal
), ledger AS (
  SELECT DISTINCT system, principal FROM exposed WHERE machine AND principal IS NOT NULL
), judged AS (
  SELECT n.system, n.principal, w.first_at, CASE
    WHEN l.principal IS NOT NULL THEN 'ledger'
    WHEN w.told THEN 'log'
    WHEN regexp_matches(split_part(n.principal, '@', 1), '(?:^|[^a-z])(?:svcs?|services?|serviceaccount|svcacct|srv|bots?|robot|daemon|automations?|integrations?|cicd|ci|jenkins|terraform|ansible|cron|scim|deploy|deployer|deployment|backups?|sync|monitoring|scanner|no-?reply|runner|github-actions)(?:$|[^a-z])')
      OR ends_with(n.principal, '.gserviceaccount.com') OR starts_with(n.principal, 'system:serviceaccount:') OR ends_with(n.principal, '[bot]') THEN 'name'
    WHEN w.programmed >= 10 * w.browsed AND w.programmed >= 20 AND w.hours >= 20 AND w.days >= 5 THEN 'rhythm'
    WHEN w.browsed > 0 THEN 'browser' END AS why
  FROM named AS n LEFT JOIN worked AS w ON w.system = n.system AND w.principal = n.principal
    LEFT JOIN ledger AS l ON l.system = n.system AND l.principal = n.principal
)
SELECT system, principal, CASE WHEN why IS NULL THEN 'unknown' WHEN why = 'browser' THEN 'person' ELSE 'service' END AS kind, why, first_at FROM judged
