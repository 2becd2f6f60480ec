insert into events (at, recorded_at, person, via, kind, object, act, body)
    values (1793613660000000, 1793613660000001, 1, 'form', 'run', 'RUN-1', 'observed',
        '{"what":"observed","number":1,"kind":"fact","text":"Alerts fell silent","pinned":false}');
insert into saved_views (id, name, query, owner, team, pinned, home, created_at, dropped_at)
    values (1, 'Open findings', 'type:finding is:open', 1, null, true, false, 1793613600000000, null);
