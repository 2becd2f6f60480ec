-- Who is told of what, on SQLite: the outbox that acts write into, what is in each inbox, and what goes out to other
-- servers with every try. Nothing here travels, and no secret is kept: signing secrets are made from the server's key.
create table outbox (
    seq bigint primary key
);

create table notices (
    id integer primary key autoincrement,
    person bigint not null,
    topic text not null,
    kind text not null,
    object text not null,
    says text not null,
    because text not null,
    at bigint not null,
    done_at bigint
);
create index notices_person on notices (person, id);
create index notices_open on notices (person) where done_at is null;
create table notice_choices (
    person bigint primary key,
    text text not null,
    version bigint not null
);
create table notice_mutes (
    person bigint not null,
    object text not null,
    primary key (person, object)
);

create table webhooks (
    id integer primary key autoincrement,
    text text not null,
    off_because text,
    created_at bigint not null,
    version bigint not null
);
create table webhook_secrets (
    webhook bigint not null references webhooks (id),
    number bigint not null,
    made_with text not null,
    made_at bigint not null,
    retired_at bigint,
    primary key (webhook, number)
);

-- One queue for each target: `webhook:3`, `mail:7`. The first that is neither delivered nor dropped is next.
create table deliveries (
    id integer primary key autoincrement,
    target text not null,
    message text not null,
    topic text not null,
    body text not null,
    at bigint not null,
    due_at bigint not null,
    delivered_at bigint,
    dropped_at bigint
);
create index deliveries_target on deliveries (target, id);
create index deliveries_waiting on deliveries (target, id) where delivered_at is null and dropped_at is null;
create table delivery_tries (
    delivery bigint not null references deliveries (id),
    number bigint not null,
    at bigint not null,
    says text not null,
    primary key (delivery, number)
);
create table delivery_turns (
    target text primary key,
    claimed_until bigint,
    failures bigint not null,
    next_at bigint
);
