insert into events (at, recorded_at, person, via, kind, object, act, body)
    values (1793613780000000, 1793613780000001, 1, 'form', 'experiment', 'EXP-1', 'observed', '{"number":1,"text":"Pagers beep at dawn"}'),
           (1793613780000000, 1793613780000002, 1, 'form', 'gameday', 'GD-1', 'noted', '{"what":"noted","text":"Nobody was paged"}');
