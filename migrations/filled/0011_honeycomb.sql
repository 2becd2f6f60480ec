insert into honeycomb_sources (slo, text, is_on, since, version) values (1, '{}', true, 1793613600000000, 1);
insert into honeycomb_polls (slo, claimed_until, asked_at, succeeded_at, failed_at, failure, failures, next_at)
    values (1, null, 1793613600000000, null, 1793613600000000, 'answers with 503', 1, 1793613900000000);
insert into honeycomb_observations (slo, number, kind, text, delivery, person, observed_at, seen_at)
    values (1, 1, 'burn_alert', '{}', 'delivery d-1', 1, 1793613600000000, 1793613600000000);
