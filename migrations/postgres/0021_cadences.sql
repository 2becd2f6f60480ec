-- Recurring reruns on PostgreSQL: the recurrences of experiments, what was said of their slots, and secret addresses
-- of calendars. A slot about which nothing was said has no row.
create table cadences (
    id bigint primary key,
    experiment bigint not null references experiments (id),
    rule text not null,
    since_at bigint not null,
    until_at bigint,
    person bigint references people (id)
);
create index cadences_experiment on cadences (experiment, id);
create table cadence_slots (
    experiment bigint not null references experiments (id),
    date text not null,
    due_at bigint not null,
    at bigint not null,
    body text not null,
    run bigint references runs (id),
    version bigint not null,
    changed_at bigint not null,
    primary key (experiment, date)
);
create index cadence_slots_due on cadence_slots (due_at);
create index cadence_slots_at on cadence_slots (at);
create index cadence_slots_run on cadence_slots (run);
create index runs_planned on runs (planned_at);
create table subscriptions (
    id bigint primary key,
    person bigint not null references people (id),
    kind text not null check (kind in ('person', 'team', 'service')),
    slug text,
    key text not null unique,
    created_at bigint not null,
    revoked_at bigint
);
create index subscriptions_person on subscriptions (person);
