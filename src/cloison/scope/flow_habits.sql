-- A destination is known by its name and by its address; who may only have answered did not speak to it.
WITH spoken AS (
  SELECT src_ip, coalesce(resource_uid, dst_host, dst_ip) AS dst, dst_ip, min(time) AS first_at FROM events
  WHERE class_uid IN (4001, 4002, 4003) AND action IS DISTINCT FROM 'exchanged' AND src_ip IS NOT NULL
    AND (dst_ip IS NOT NULL OR dst_host IS NOT NULL) GROUP BY ALL
)
SELECT src_ip, dst, min(first_at) AS first_at FROM (
  SELECT src_ip, dst, first_at FROM spoken UNION ALL SELECT src_ip, dst_ip, first_at FROM spoken WHERE dst_ip IS NOT NULL)
GROUP BY ALL
