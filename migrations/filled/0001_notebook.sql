-- Rows as the first schema held them; every later migration must carry them over.
insert into counters (kind, last) values ('experiment', 1), ('run', 1), ('finding', 1), ('fix', 1), ('decision', 1), ('import', 1);
insert into settings (name, value) values ('solo', 'off');
insert into people (id, email, name, role, can_revert, zone, theme, password_hash, disabled_at, created_at, version)
    values (1, 'ana@example.org', 'Ana', 'admin', true, 'Europe/Berlin', 'system', null, null, 1793613600000000, 1),
           (2, 'ben@example.org', 'Ben', 'contributor', false, 'UTC', 'dark', null, 1793613700000000, 1793613600000000, 3);
insert into links (key, purpose, email, role, person, made_by, created_at, expires_at, used_at)
    values ('k1', 'invite', 'carla@example.org', 'viewer', null, 1, 1793613600000000, 1793700000000000, null);
insert into login_sessions (key, person, data, agent, created_at, seen_at, expires_at)
    values ('s1', 1, '{}', 'a browser', 1793613600000000, 1793613600000000, 1793650000000000);
insert into login_failures (account, at) values ('a1', 1793613600000000);
insert into tokens (id, person, name, key, ending, scope, created_at, expires_at, used_at, revoked_at)
    values (1, 1, 'nightly', 't1', 'x7Yz', 'ingest', 1793613600000000, null, null, null);
insert into once_keys (key, thing, at) values ('o1', 'RUN-1', 1793613600000000);
insert into events (at, recorded_at, person, via, kind, object, act, body)
    values (1793613600000000, 1793613600000001, 1, 'form', 'run', 'RUN-1', 'fault_started', '{"what":"fault_started"}'),
           (1793613600000000, 1793613600000002, null, 'system', 'run', 'RUN-1', 'missed', '{"what":"missed"}');
insert into environments (slug, name, class, created_at, version) values ('production', 'Production', 'production', 1793613600000000, 1);
insert into services (slug, name, owner, description, stateful, single_point, created_at, version)
    values ('zookeeper', 'ZooKeeper', 'data platform', null, true, false, 1793613600000000, 1),
           ('kafka', 'Kafka', null, null, true, false, 1793613600000000, 1);
insert into service_dependencies (service, needs) values ('kafka', 'zookeeper');
insert into targets (service, environment, name, role) values ('zookeeper', 'production', 'zk-1', 'leader');
insert into changes (id, kind, summary, reference, environment, at, recorded_at, person)
    values (1, 'configuration_push', 'base role', null, 'production', 1793613600000000, 1793613600000000, 1);
insert into change_services (change, service) values (1, 'zookeeper');
insert into experiments (id, title, stage, owner, revision, approved, created_at, updated_at, version)
    values (1, 'Restart one ZooKeeper', 'ready', 1, 1, 1, 1793613600000000, 1793613600000000, 2);
insert into revisions (experiment, number, state, author, reason, plan, fingerprint, created_at, version)
    values (1, 1, 'approved', 1, null, '{}', 'f1', 1793613600000000, 1);
insert into experiment_services (experiment, service) values (1, 'zookeeper');
insert into runs (id, experiment, revision, environment, execution, planned_at, zone, started_at, ended_at, closed_at, created_at, version)
    values (1, 1, 1, 'production', 'finished', null, 'UTC', 1793613600000000, 1793614600000000, null, 1793613600000000, 4);
insert into findings (id, title, kind, severity, experiment, origin, environment, body, created_at, version)
    values (1, 'alerts stop', 'weakness', 'high', 1, 1, 'production', '{}', 1793613600000000, 1);
insert into finding_services (finding, service) values (1, 'zookeeper');
insert into fixes (id, title, body, created_at, version) values (1, 'quicker re-election', '{}', 1793613600000000, 1);
insert into fix_findings (fix, finding) values (1, 1);
insert into decisions (id, kind, title, body, run, supersedes, until_at, review_at, created_at, version)
    values (1, 'fix_and_rerun', 'Fix and rerun', '{}', 1, null, null, null, 1793613600000000, 1);
insert into decision_claims (decision, experiment, snapshot) values (1, 1, 'untested; no evidence');
insert into imports (id, tool, key, run, experiment, proposal, document, person, received_at)
    values (1, 'chaostoolkit', 'c1', 1, 1, '{}', '{}', 1, 1793613600000000);
