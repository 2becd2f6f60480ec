-- Game days on SQLite: several runs in one block of a day, with what is said of it.
create table gamedays (
    id bigint primary key,
    title text not null,
    zone text not null,
    from_at bigint not null,
    until_at bigint not null check (until_at > from_at),
    body text not null,
    cancelled_at bigint,
    changed_at bigint not null,
    created_at bigint not null,
    version bigint not null
);
create index gamedays_from on gamedays (from_at);
create table gameday_runs (
    gameday bigint not null references gamedays (id),
    run bigint not null references runs (id),
    primary key (gameday, run)
);
create index gameday_runs_run on gameday_runs (run);
