-- Sources of measurements on PostgreSQL: what is asked, and how asking goes. No credential is ever kept here.
create table slo_sources (
    slo bigint primary key references slos (id),
    text text not null,
    is_on boolean not null,
    since bigint not null,
    version bigint not null
);
create table slo_pulls (
    slo bigint primary key references slos (id),
    claimed_until bigint,
    asked_to bigint,
    succeeded_at bigint,
    failed_at bigint,
    failure text,
    failures bigint not null,
    remark text,
    next_at bigint
);
