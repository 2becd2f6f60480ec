insert into slos (id, title, service, environment, revision, approved, retired_at, created_at, version)
    values (1, 'Sessions answer', 'zookeeper', 'production', 1, null, null, 1793613600000000, 1);
insert into slo_revisions (slo, number, text, author, created_at) values (1, 1, '{}', 1, 1793613600000000);
insert into slo_measurements (slo, number, start_at, end_at, said, good, bad, source, person, reason, recorded_at)
    values (1, 1, 1793610000000000, 1793613600000000, 'events', 99, 1, 'manual', 1, null, 1793613600000000);
