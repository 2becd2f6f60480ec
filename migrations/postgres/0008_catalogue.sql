-- The service catalogue on PostgreSQL: tiers, links, owners that were checked, catalogue files of others, and Chef.
alter table services add column tier text check (tier in ('1', '2', '3', '4'));
alter table services add column links text not null default '[]';
alter table services add column checked_at bigint;
alter table services add column checked_by bigint references people (id);

create table service_sources (
    service text primary key references services (slug),
    tool text not null,
    entity text not null unique,
    link text,
    lifecycle text,
    person bigint references people (id),
    synced_at bigint not null
);

create table chef_mappings (
    kind text not null check (kind in ('node', 'policy', 'cookbook')),
    name text not null,
    service text not null references services (slug),
    environment text not null references environments (slug),
    person bigint references people (id),
    created_at bigint not null,
    primary key (kind, name, service)
);

-- Chef runs that changed something or failed. Those that changed nothing leave no row.
create table chef_converges (
    run text primary key,
    node text not null,
    status text not null check (status in ('success', 'failure')),
    started_at bigint not null,
    ended_at bigint not null,
    body text not null,
    mapped boolean not null,
    person bigint references people (id),
    received_at bigint not null
);
create index chef_converges_ended on chef_converges (ended_at);
create index chef_converges_node on chef_converges (node);

create table chef_changes (
    run text not null references chef_converges (run),
    change bigint not null references changes (id),
    primary key (run, change)
);
create index chef_changes_change on chef_changes (change);
