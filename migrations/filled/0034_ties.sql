insert into events (at, recorded_at, person, via, kind, object, act, body)
    values (1793613720000000, 1793613720000001, 1, 'form', 'finding', 'FND-1', 'linked', '{"what":"linked","kind":"related","to":"FND-1"}');
insert into seen_aside (person, object) values (1, 'FND-1');
