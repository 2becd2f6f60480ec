insert into gamedays (id, title, zone, from_at, until_at, body, cancelled_at, changed_at, created_at, version)
    values (1, 'Quorum day', 'Europe/Berlin', 1794301200000000, 1794312000000000,
        '{"teams":["data-platform"],"agenda":[{"at":1794301200000000,"what":"Briefing"}],"people":[{"part":"owner","person":1}]}',
        null, 1793613600000000, 1793613600000000, 1);
insert into gameday_runs (gameday, run) values (1, 1);
