update slo_pulls set steps = 30 where slo = 1;
insert into slo_hours (slo, start_at, body) values (1, 1793610000000000, '0 3600000000 e 99 1 manual 1 3600000000 1');
insert into slo_packings (slo, packed_to) values (1, 1793613600000000);
