-- Pulled measurements on PostgreSQL: how much of a source fits into an answer, and an index of what was done to
-- SLOs without the lines that programs write all day.
alter table slo_pulls add column steps bigint;
create index events_slo on events (kind, object, seq) where kind = 'slo' and act <> 'measured';
