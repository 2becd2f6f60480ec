insert into tellings (experiment, look_at, owes, told) values (1, 1796205645000000, true, '{"EXP-1":"current"}');
insert into telling_cursor (id, seq) values (1, 1);
