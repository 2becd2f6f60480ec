insert into digests (person, week) values (1, '2026-11-02');
