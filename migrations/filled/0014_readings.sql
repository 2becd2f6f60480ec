insert into probe_readings (run, probe, at, value, why) values (1, 1, 1793613600000000, '0.02', null);
insert into probe_readings (run, probe, at, value, why)
    values (1, 1, 1793613615000000, null, 'Prometheus answers with NaN');
insert into probe_turns (run, claimed_until, next_at) values (1, null, 1793613630000000);
