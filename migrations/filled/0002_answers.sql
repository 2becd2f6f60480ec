insert into once_keys (key, thing, at, fingerprint, answer)
    values ('o2', 'RUN-1', 1793613600000000, 'f2', '{"status":201,"location":"/api/v1/runs/RUN-1","etag":"\"1\"","kind":"application/json","body":"{\"id\":\"RUN-1\"}"}'),
           ('o3', 'RUN-1', 1793613600000000, 'f3', null);
