insert into events (at, recorded_at, person, via, kind, object, act, body)
    values (1793613720000000, 1793613720000001, 1, 'form', 'run', 'RUN-1', 'observed',
        '{"what":"observed","number":2,"kind":"fact","text":"故障：数据丢失","pinned":false}');
