insert into runs (id, experiment, revision, environment, execution, planned_at, zone, started_at, ended_at, closed_at, created_at, version)
    values (2, 1, 1, 'production', 'planned', 1793700000000000, 'UTC', null, null, null, 1793613600000000, 1);
