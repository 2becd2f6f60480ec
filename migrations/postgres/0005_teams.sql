-- Teams on PostgreSQL: when they work and which services are theirs; and times in which nothing is broken on purpose.
create table teams (
    slug text primary key,
    name text not null,
    zone text not null,
    week text not null,
    holidays text not null,
    solo boolean not null,
    created_at bigint not null,
    version bigint not null
);
alter table services add column team text references teams (slug);
create index services_team on services (team);
create table freezes (
    id bigint primary key,
    team text references teams (slug),
    service text references services (slug),
    environment text references environments (slug),
    from_at bigint not null,
    until_at bigint,
    why text not null,
    person bigint not null references people (id),
    ended_at bigint,
    ended_by bigint references people (id),
    ended_why text,
    created_at bigint not null
);
create index freezes_ended on freezes (ended_at, until_at);
