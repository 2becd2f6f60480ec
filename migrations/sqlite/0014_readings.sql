-- What the queries of a plan were answered while a run went on, on SQLite, and whose turn it is to ask. A reading has a
-- value, or says why it has none.
create table probe_readings (
    run bigint not null references runs (id),
    probe bigint not null,
    at bigint not null,
    value text,
    why text,
    primary key (run, at, probe),
    check ((value is null) <> (why is null))
);
create table probe_turns (
    run bigint primary key references runs (id),
    claimed_until bigint,
    next_at bigint
);
create index runs_execution on runs (execution, id);
