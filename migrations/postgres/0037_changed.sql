-- Since when each thing that is found is as it is, on PostgreSQL: when its history got the last line, or when it was
-- made, where it has none. So what changed last is found without looking at the others. It is no column of the
-- entries: whoever writes a line has the turn of the trail, and must not wait there for whoever holds an entry.
-- Triggers keep it with the trail, so that an older program beside this one keeps it, too.
-- Whoever writes waits until it is there. Entries come last: who writes a thing or a line enters it behind that.
lock table services, slos, slo_revisions, experiments, revisions, experiment_services, runs, findings, finding_services,
    fixes, fix_findings, decisions, decision_claims, gamedays, gameday_runs, events, search_entries
    in share row exclusive mode;

create table search_changed (
    entry bigint primary key,
    at bigint not null
);
create index search_changed_at on search_changed (at, entry);

-- A row that says the right thing is not touched, so that writing entries anew makes nobody wait who writes a line. It is
-- read in one statement with the trail: a line that comes between two would be taken back.
create function search_entry_dated() returns trigger language plpgsql set search_path from current as $$
begin
    if tg_op = 'DELETE' then
        delete from search_changed where entry = old.id;
        return null;
    end if;
    update search_changed c
    set at = t.dated
    from (select coalesce(
        (select recorded_at from events where kind = new.kind and object = new.object order by seq desc limit 1),
        new.created_at) as dated) t
    where c.entry = new.id and c.at <> t.dated;
    insert into search_changed (entry, at)
        select new.id, coalesce(
            (select recorded_at from events where kind = new.kind and object = new.object order by seq desc limit 1),
            new.created_at)
        on conflict (entry) do nothing;
    return null;
end
$$;
create trigger search_entries_dated after insert or delete or update of created_at on search_entries
    for each row execute function search_entry_dated();

create function search_line_dated() returns trigger language plpgsql set search_path from current as $$
declare
    said events%rowtype;
begin
    if tg_op = 'DELETE' then
        said := old;
    else
        said := new;
    end if;
    update search_changed c
    set at = coalesce(
        (select recorded_at from events where kind = said.kind and object = said.object order by seq desc limit 1),
        e.created_at)
    from search_entries e
    where e.kind = said.kind and e.object = said.object and c.entry = e.id;
    return null;
end
$$;
create trigger search_lines_dated after insert or delete on events
    for each row execute function search_line_dated();

-- The triggers came first: nobody writes a line between the two.
insert into search_changed (entry, at)
    select e.id, coalesce(
        (select recorded_at from events where kind = e.kind and object = e.object order by seq desc limit 1),
        e.created_at)
    from search_entries e;
