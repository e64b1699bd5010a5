SELECT 'log_event' AS carrier, 'okta' AS system, time, 2300 AS record_length,
  3002 AS class_uid, CASE WHEN machine THEN 3 ELSE 1 END AS activity_id, CASE WHEN r3 % 100 < 97 THEN 1 ELSE 2 END AS status_id,
  code AS event_code, CASE WHEN machine THEN 'OIDC access token is granted' WHEN step = 0 THEN 'User login to Okta' ELSE 'User single sign on to app' END AS message,
  substr(id, 1, 8) || '-' || substr(id, 9, 4) || '-11ef-8a11-' || lpad(CAST(number AS VARCHAR), 12, '0') AS vendor_uid,
  login || '@corp.example' AS principal, '00u' || lpad(to_hex(hash(login)), 16, '7') AS actor_uid, login AS actor_name, login || '@corp.example' AS actor_email,
  CASE WHEN machine THEN 'PublicClientApp' ELSE 'User' END AS actor_type, session AS vendor_session_uid,
  ip AS src_ip, CASE WHEN r2 % 4 = 0 THEN [ip, '192.0.2.' || (250 + r2 % 4)] ELSE [ip] END AS src_ips, agent AS user_agent,
  CASE WHEN machine THEN '/oauth2/v1/token' WHEN step = 0 THEN '/api/v1/authn' ELSE '/app/app' || app || '/exk' || app || '/sso/saml' END AS url,
  CASE WHEN NOT machine AND step > 0 THEN 'App ' || app END AS target_app, CASE WHEN NOT machine AND step > 0 THEN 'app' END AS resource_kind,
  CASE WHEN NOT machine AND step > 0 THEN '0oa' || lpad(CAST(app AS VARCHAR), 17, '0') END AS resource_uid,
  CASE WHEN NOT machine AND step > 0 THEN 'App ' || app END AS resource_name, CASE WHEN NOT machine AND step > 0 THEN 'connected' END AS action, record_offset
FROM (SELECT *, lower(lpad(to_hex(r), 16, '0')) AS id, r2 % 60 AS app,
  CASE WHEN machine THEN 'app.oauth2.token.grant.access_token' WHEN step = 0 THEN 'user.session.start' ELSE 'user.authentication.sso' END AS code FROM happened)
