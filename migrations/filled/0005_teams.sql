insert into teams (slug, name, zone, week, holidays, solo, created_at, version)
    values ('data-platform', 'Data platform', 'Europe/Berlin', '{"monday":["09:00–17:00"]}', '{"2026-12-25":"Christmas Day"}', false, 1793613600000000, 1);
update services set team = 'data-platform' where slug = 'zookeeper';
insert into freezes (id, team, service, environment, from_at, until_at, why, person, ended_at, ended_by, ended_why, created_at)
    values (1, null, null, 'production', 1793610000000000, null, 'end of the year', 1, null, null, null, 1793613600000000);
