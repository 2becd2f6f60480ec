insert into watchers (node, run, person, until) values ('0123456789abcdef', 'RUN-1', 1, 1793613645000000);
