SELECT event_uid, CAST(NULL AS VARCHAR) AS principal_kind, CAST(NULL AS BOOLEAN) AS network_new, CAST(NULL AS BOOLEAN) AS client_new,
  CAST(NULL AS BIGINT) AS dormant_days, CAST(NULL AS BOOLEAN) AS first_act, CAST(NULL AS BOOLEAN) AS credential_exposed,
  CAST(NULL AS BOOLEAN) AS credential_first_use, CAST(NULL AS BOOLEAN) AS after_revocation, CAST(NULL AS VARCHAR) AS target_kind,
  CAST(NULL AS BOOLEAN) AS own_network, CAST(NULL AS BOOLEAN) AS indicator, CAST(NULL AS BOOLEAN) AS session_moved
FROM events WHERE FALSE
