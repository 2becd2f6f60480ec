-- Which findings say that they are the same as another one, or hang together with it, on SQLite: asked from the other end.
create index events_ties on events (body) where kind = 'finding' and act in ('marked_duplicate', 'linked');

-- What somebody put aside of what was seen before: it is theirs, and shown to them no more.
create table seen_aside (
    person bigint not null,
    object text not null,
    primary key (person, object)
);

-- Views that stand in the navigation are asked for on every page.
create index saved_views_pinned on saved_views (owner, name) where pinned and dropped_at is null;
