insert into slo_sources (slo, text, is_on, since, version) values (1, '{}', true, 1793613600000000, 1);
insert into slo_pulls (slo, claimed_until, asked_to, succeeded_at, failed_at, failure, failures, remark, next_at)
    values (1, null, 1793613600000000, null, 1793613600000000, 'answers with 503', 1, null, 1793613660000000);
