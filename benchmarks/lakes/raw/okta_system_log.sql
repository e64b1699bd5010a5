-- The vendor's own nested shape, of the events that the lake would hold.
SELECT {'id': actor_uid, 'type': actor_type, 'alternateId': principal, 'displayName': actor_name, 'detailEntry': NULL::VARCHAR} AS actor,
  {'userAgent': {'rawUserAgent': user_agent, 'os': 'Unknown', 'browser': 'CHROME'}, 'zone': 'null', 'device': 'Computer', 'id': NULL::VARCHAR,
    'ipAddress': src_ip, 'geographicalContext': {'city': 'Harbour', 'state': 'North', 'country': 'Nowhere', 'postalCode': '00000',
      'geolocation': {'lat': 50.0, 'lon': 4.0}}} AS client,
  NULL::VARCHAR AS device,
  {'authenticationProvider': NULL::VARCHAR, 'credentialProvider': NULL::VARCHAR, 'credentialType': NULL::VARCHAR, 'issuer': NULL::VARCHAR,
    'interface': NULL::VARCHAR, 'authenticationStep': 0, 'externalSessionId': coalesce(vendor_session_uid, 'unknown')} AS "authenticationContext",
  message AS "displayMessage", event_code AS "eventType",
  {'result': CASE status_id WHEN 1 THEN 'SUCCESS' ELSE 'FAILURE' END, 'reason': NULL::VARCHAR} AS outcome,
  strftime(time, '%Y-%m-%dT%H:%M:%S.%gZ') AS published,
  {'asNumber': 64500, 'asOrg': 'example', 'isp': 'example', 'domain': '.', 'isProxy': FALSE} AS "securityContext", 'INFO' AS severity,
  {'debugData': {'requestId': 'req' || vendor_uid, 'dtHash': md5(vendor_uid), 'requestUri': url, 'threatSuspected': 'false', 'url': url || '?'}} AS "debugContext",
  NULL::VARCHAR AS "legacyEventType", {'type': 'WEB', 'id': 'req' || vendor_uid, 'detail': {'requestApiTokenId': NULL::VARCHAR}} AS transaction,
  vendor_uid AS uuid, '0' AS version,
  {'ipChain': list_transform(src_ips, lambda one: {'ip': one, 'geographicalContext': NULL::VARCHAR, 'version': 'V4', 'source': NULL::VARCHAR})} AS request,
  CASE WHEN target_app IS NOT NULL THEN [{'id': resource_uid, 'type': 'AppInstance', 'alternateId': target_app, 'displayName': target_app,
    'detailEntry': NULL::VARCHAR}] END AS target
FROM told ORDER BY time
