-- SLOs on SQLite: their texts, and what was measured of them. Measurements are only ever added.
create table slos (
    id integer primary key,
    title text not null,
    service text not null references services (slug),
    environment text not null references environments (slug),
    revision bigint not null,
    approved bigint,
    retired_at bigint,
    created_at bigint not null,
    version bigint not null
);
create index slos_service on slos (service);
create table slo_revisions (
    slo bigint not null references slos (id),
    number bigint not null,
    text text not null,
    author bigint references people (id),
    created_at bigint not null,
    primary key (slo, number)
);
create table slo_measurements (
    slo bigint not null references slos (id),
    number bigint not null,
    start_at bigint not null,
    end_at bigint not null,
    said text not null,
    good bigint not null,
    bad bigint not null,
    source text not null,
    person bigint references people (id),
    reason text,
    recorded_at bigint not null,
    primary key (slo, number)
);
-- With the number, so that nobody walks all records of an SLO for the later ones of an interval.
create index slo_measurements_end on slo_measurements (slo, end_at, start_at, number);
