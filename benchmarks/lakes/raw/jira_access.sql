SELECT src_ip || ' ' || (epoch_ms(time) // 60000 % 1440) || 'x' || record_offset // 400 || 'x1 ' || principal || ' [' || strftime(time, '%d/%b/%Y:%H:%M:%S')
  || ' +0000] "' || http_method || ' ' || url || ' HTTP/1.1" ' || http_status || ' ' || (500 + record_offset % 60000) || ' ' || (5 + record_offset % 900)
  || ' "https://jira.corp.example/secure/Dashboard.jspa" "' || user_agent || '" "' || coalesce(vendor_session_uid, '-') || '"' AS line
FROM told ORDER BY time
