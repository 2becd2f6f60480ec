-- What Alertmanager told on PostgreSQL: alerts, each time one fired, and the stretches in which it was heard of.
-- An alert without a known environment has an empty one.
create table alerts (
    id bigint primary key,
    environment text not null,
    service text references services (slug),
    fingerprint text not null,
    name text not null,
    body text not null,
    starts_at bigint not null,
    ended_at bigint,
    received_at bigint not null,
    unique (environment, fingerprint, starts_at)
);
create index alerts_open on alerts (environment, (coalesce(ended_at, 9223372036854775807)));
create table alert_hearings (
    environment text not null,
    since_at bigint not null,
    until_at bigint not null,
    primary key (environment, since_at)
);
