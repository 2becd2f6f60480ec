-- Since when each thing that is found is as it is, on SQLite: when its history got the last line, or when it was made,
-- where it has none. So what changed last is found without looking at the others. It is no column of the entries: each
-- line of a trail would write a whole one anew. Triggers keep it with the trail, so that an older program beside this
-- one keeps it, too.
create table search_changed (
    entry integer primary key,
    at bigint not null
);
create index search_changed_at on search_changed (at, entry);

create trigger search_entries_dated after insert on search_entries begin
    insert into search_changed (entry, at)
        values (new.id, coalesce(
            (select recorded_at from events where kind = new.kind and object = new.object order by seq desc limit 1),
            new.created_at))
        on conflict (entry) do update set at = excluded.at;
end;
create trigger search_entries_redated after update of created_at on search_entries begin
    insert into search_changed (entry, at)
        values (new.id, coalesce(
            (select recorded_at from events where kind = new.kind and object = new.object order by seq desc limit 1),
            new.created_at))
        on conflict (entry) do update set at = excluded.at where at <> excluded.at;
end;
create trigger search_entries_undated after delete on search_entries begin
    delete from search_changed where entry = old.id;
end;

create trigger search_lines_dated after insert on events begin
    update search_changed
    set at = (select recorded_at from events where kind = new.kind and object = new.object order by seq desc limit 1)
    where entry = (select id from search_entries where kind = new.kind and object = new.object);
end;
create trigger search_lines_undated after delete on events begin
    update search_changed
    set at = coalesce(
        (select recorded_at from events where kind = old.kind and object = old.object order by seq desc limit 1),
        (select created_at from search_entries where kind = old.kind and object = old.object))
    where entry = (select id from search_entries where kind = old.kind and object = old.object);
end;

-- The triggers came first: nobody writes a line between the two.
insert into search_changed (entry, at)
    select e.id, coalesce(
        (select recorded_at from events where kind = e.kind and object = e.object order by seq desc limit 1),
        e.created_at)
    from search_entries e;
