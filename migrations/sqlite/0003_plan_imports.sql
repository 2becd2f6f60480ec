-- Experiments of other tools on SQLite: their documents, after redaction, and what they became.
create table plan_imports (
    id integer primary key,
    tool text not null,
    key text not null unique,
    experiment bigint not null references experiments (id),
    title text not null,
    document text not null,
    taken_out text not null,
    person bigint references people (id),
    received_at bigint not null
);
