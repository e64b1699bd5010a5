SELECT m.label AS evidence, r."offset", r.length, r.reason, r.member_uid AS evidence_uid
FROM refused AS r JOIN members AS m ON m.uid = r.member_uid
