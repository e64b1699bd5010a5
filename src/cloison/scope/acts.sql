SELECT d.event_uid, p.session_uid, d.time, d.source, d.system, t.principal, t.net, t.label, t.client, d.src_ip, t.vendor_session_uid,
  d.credential_uid, d.minted_credential_uid, d.class_uid, d.activity_id, d.status_id, d.resource_kind, d.resource_uid, d.action,
  d.target_principal, d.target_group, d.target_app, d.target_credential_uid, d.event_code
FROM near_deeds AS d JOIN reached AS p ON p.thread = d.thread AND d.time BETWEEN p.first_at AND p.last_at
  JOIN threads AS t ON t.thread = d.thread
