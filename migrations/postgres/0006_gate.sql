-- The gate's policy on PostgreSQL: a row for each version. A version never changes; it is approved once.
create table gate_policies (
    id bigint primary key,
    reserve text not null,
    at_once_max bigint,
    steady_state_minutes bigint not null,
    rehearsal_days bigint not null,
    revisit_on text not null,
    author bigint references people (id),
    written_at bigint not null,
    approved_by bigint references people (id),
    approved_at bigint
);
