-- Images that show how runs were, on PostgreSQL: in base64, so that they travel as the documents of other tools do.
-- A run keeps the same image once.
create table evidence (
    id bigint primary key,
    run bigint not null references runs (id),
    sha256 text not null,
    kind text not null check (kind in ('png', 'jpeg', 'gif', 'webp')),
    bytes bigint not null,
    content text not null,
    person bigint references people (id),
    created_at bigint not null,
    unique (run, sha256)
);
