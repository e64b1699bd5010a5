SELECT src_ip, dst, min(time) AS first_at FROM flows GROUP BY ALL
