-- Pulled measurements on PostgreSQL: how much of a source fits into an answer, and an index of what was done to
-- SLOs without the lines that programs write all day.
alter table slo_pulls add column steps bigint;
create index events_slo on events (kind, object, seq) where kind = 'slo' and act <> 'measured' and act <> 'honeycomb_budget';

-- The measurements of whole hours, each in one row beside the rows they were made of, and up to where
-- that was done. Whoever writes a row of an hour drops it by that.
create table slo_hours (
    slo bigint not null references slos (id),
    start_at bigint not null,
    body text not null,
    primary key (slo, start_at)
);
create table slo_packings (
    slo bigint primary key references slos (id),
    packed_to bigint not null
);
-- Restoring a dump leaves the session without a search path, so the function has its own.
create function slo_hours_forget() returns trigger language plpgsql set search_path from current as $$
begin
    delete from slo_hours
        where slo = new.slo and start_at < new.end_at and start_at > new.start_at - 3600000000;
    update slo_packings set packed_to = new.start_at where slo = new.slo and packed_to > new.start_at;
    return null;
end
$$;
create trigger slo_hours_forget after insert on slo_measurements
    for each row execute function slo_hours_forget();
