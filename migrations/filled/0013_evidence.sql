insert into evidence (id, run, sha256, kind, bytes, content, person, created_at)
    values (1, 1, 'ab', 'png', 8, 'iVBORw0KGgo=', 1, 1793613600000000);
