-- Who has a run's page open, by server on SQLite. A hint with an end: nothing refers to it, and nothing rests on it.
create table watchers (
    node text not null,
    run text not null,
    person bigint not null,
    until bigint not null,
    primary key (node, run, person)
);
create index watchers_run on watchers (run, until);
