SELECT source, system, evidence_uid, epoch_us(time) // 300000000 AS slot, min(time) AS first_at, max(time) AS last_at, count(*) AS events
FROM events GROUP BY source, system, evidence_uid, epoch_us(time) // 300000000
