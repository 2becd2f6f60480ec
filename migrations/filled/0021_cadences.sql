insert into cadences (id, experiment, rule, since_at, until_at, person)
    values (1, 1, '{"every":{"unit":"weeks","number":1,"days":["tuesday"]},"at":"10:00","zone":"Europe/Berlin","from":"2026-11-01","until":null}', 1793613600000000, null, 1);
insert into cadence_slots (experiment, date, due_at, at, body, run, version, changed_at)
    values (1, '2026-11-10', 1794301200000000, 1794301200000000, '{"told":"skipped","why":"release day"}', null, 1, 1793613600000000);
insert into subscriptions (id, person, kind, slug, key, created_at, revoked_at)
    values (1, 1, 'service', 'zookeeper', '0ad7b8b0c6a5f3de', 1793613600000000, null);
