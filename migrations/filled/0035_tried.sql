insert into revisions (experiment, number, state, author, reason, plan, fingerprint, created_at, version)
    values (1, 2, 'replaced', 1, null, '{"identity":{"services":["zookeeper"]}}', 'f2', 1793613600000000, 1);
