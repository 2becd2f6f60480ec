insert into events (at, recorded_at, person, via, kind, object, act, body)
    values (1793613780000000, 1793613780000001, 1, 'form', 'run', 'RUN-1', 'observed',
        '{"what":"observed","number":37,"kind":"fact","text":"the last line","pinned":false}');
