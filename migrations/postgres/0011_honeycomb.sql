-- What Honeycomb says beside an SLO on PostgreSQL: where it is asked, how asking goes, and what came in. None of it is
-- counted, and no credential is ever kept here.
create table honeycomb_sources (
    slo bigint primary key references slos (id),
    text text not null,
    is_on boolean not null,
    since bigint not null,
    version bigint not null
);
create table honeycomb_polls (
    slo bigint primary key references slos (id),
    claimed_until bigint,
    asked_at bigint,
    succeeded_at bigint,
    failed_at bigint,
    failure text,
    failures bigint not null,
    next_at bigint
);
create table honeycomb_observations (
    slo bigint not null references slos (id),
    number bigint not null,
    kind text not null check (kind in ('budget', 'burn_alert')),
    text text not null,
    delivery text,
    person bigint references people (id),
    observed_at bigint not null,
    seen_at bigint not null,
    primary key (slo, number)
);
create index honeycomb_observations_delivery on honeycomb_observations (slo, delivery);
create index honeycomb_observations_kind on honeycomb_observations (slo, kind, number);
