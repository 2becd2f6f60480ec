-- What is searched on SQLite. The view says what each thing is found by; triggers keep the index equal to it in
-- the transaction that changes the thing, so that an older program beside this one keeps it, too.
-- Marks begin with char(57344), a letter to the index that stands in no word: nor do they begin like one.
create table search_entries (
    id integer primary key,
    kind text not null,
    number bigint not null,
    object text not null,
    title text not null,
    body text not null,
    marks text not null,
    created_at bigint not null,
    unique (kind, object)
);
create index search_entries_created on search_entries (created_at, id);

create virtual table search_words using fts5 (
    title, body, marks,
    content='search_entries', content_rowid='id', tokenize='unicode61 remove_diacritics 2', prefix='2 3'
);
create trigger search_entries_new after insert on search_entries begin
    insert into search_words (rowid, title, body, marks) values (new.id, new.title, new.body, new.marks);
end;
create trigger search_entries_old after delete on search_entries begin
    insert into search_words (search_words, rowid, title, body, marks)
        values ('delete', old.id, old.title, old.body, old.marks);
end;
create trigger search_entries_other after update of title, body, marks on search_entries begin
    insert into search_words (search_words, rowid, title, body, marks)
        values ('delete', old.id, old.title, old.body, old.marks);
    insert into search_words (rowid, title, body, marks) values (new.id, new.title, new.body, new.marks);
end;

-- What people say of a thing later on, as far as it is found by that.
create view search_said as
select
    kind, object, seq,
    coalesce(json_extract(body, '$.analysis'), json_extract(body, '$.text'), json_extract(body, '$.reason'),
        json_extract(body, '$.saving'), json_extract(body, '$.reference'), '') as text
from events
where ((kind = 'run' and act in ('signed', 'amended', 'overruled'))
        or (kind = 'finding' and act in ('cause_suspected', 'risk_accepted', 'dismissed', 'seen_again'))
        or (kind = 'fix' and act = 'deployed')
        or (kind = 'decision' and act in ('saving_realised', 'stopped')))
    and json_valid(body);

-- The parts of each thing, before they are put together: services, what else it belongs to, and texts.
create view search_parts as
select
    'service' as kind, 0 as number, slug as object, name as title,
    coalesce(description, '') || ' ' || coalesce(owner, '') as body,
    slug as services, '' as environment,
    ' team=' || coalesce(team, 'none') || case when owner is null then ' owner=none' else '' end as belongs, created_at
from services
union all
select
    'slo', id, case when id >= 900000000 then 'DEMO-SLO-' || (id - 900000000) else 'SLO-' || id end, title,
    '', service, environment, '', created_at
from slos
union all
select
    'experiment', e.id, case when e.id >= 900000000 then 'DEMO-EXP-' || (e.id - 900000000) else 'EXP-' || e.id end, e.title,
    coalesce(json_extract(r.json, '$.context.question'), '') || ' '
        || coalesce(json_extract(r.json, '$.context.hypothesis.fault'), '') || ' '
        || coalesce(json_extract(r.json, '$.context.hypothesis.behaviour'), '') || ' '
        || coalesce(json_extract(r.json, '$.context.hypothesis.safeguard'), '') || ' '
        || coalesce(json_extract(r.json, '$.context.notes'), '') || ' '
        || coalesce(json_extract(r.json, '$.identity.fault.kind'), '') || ' '
        || coalesce((select group_concat(json_extract(value, '$.op'), ' ') from json_each(r.json, '$.identity.method')), '') || ' '
        || coalesce((select group_concat(json_extract(value, '$.measure'), ' ') from json_each(r.json, '$.identity.checks')), '') || ' '
        || coalesce((select group_concat(json_extract(value, '$.signal'), ' ') from json_each(r.json, '$.identity.signals')), '') || ' '
        || coalesce((select group_concat(value, ' ') from json_each(r.json, '$.context.abort_conditions')), '') || ' '
        || coalesce(json_extract(r.json, '$.context.revert.procedure'), ''),
    coalesce((select group_concat(service, ',') from
        (select service from experiment_services where experiment = e.id order by service)), ''),
    coalesce(json_extract(r.json, '$.identity.environment'), ''),
    ' owner=' || coalesce(e.owner, 'none')
        || ' fault=' || coalesce(json_extract(r.json, '$.identity.fault.kind'), 'none')
        || ' experiment=' || case when e.id >= 900000000 then 'DEMO-EXP-' || (e.id - 900000000) else 'EXP-' || e.id end
        || coalesce((select group_concat(mark, '') from (
            select ' plan=' || case when e.id >= 900000000 then 'DEMO-EXP-' || (e.id - 900000000) else 'EXP-' || e.id end || '-' || number as mark
            from revisions where experiment = e.id order by number)), '')
        || coalesce((select group_concat(mark, '') from (
            select ' decision=' || case when decision >= 900000000 then 'DEMO-DEC-' || (decision - 900000000) else 'DEC-' || decision end as mark
            from decision_claims where experiment = e.id order by decision)), ''),
    e.created_at
from experiments e
left join (
    select experiment, number, case when json_valid(plan) then plan else '{}' end as json from revisions
) r on r.experiment = e.id and r.number = e.revision
union all
select
    'run', u.id, case when u.id >= 900000000 then 'DEMO-RUN-' || (u.id - 900000000) else 'RUN-' || u.id end,
    coalesce(json_extract(r.json, '$.context.title'), ''),
    coalesce((select group_concat(text, ' ') from (
        select text from search_said
        where kind = 'run' and object = case when u.id >= 900000000 then 'DEMO-RUN-' || (u.id - 900000000) else 'RUN-' || u.id end
        order by seq)), ''),
    coalesce((select group_concat(value, ',') from json_each(r.json, '$.identity.services')), ''),
    u.environment,
    ' fault=' || coalesce(json_extract(r.json, '$.identity.fault.kind'), 'none')
        || ' experiment='
        || case when u.experiment >= 900000000 then 'DEMO-EXP-' || (u.experiment - 900000000) else 'EXP-' || u.experiment end
        || ' plan='
        || case when u.experiment >= 900000000 then 'DEMO-EXP-' || (u.experiment - 900000000) else 'EXP-' || u.experiment end || '-' || u.revision
        || ' run=' || case when u.id >= 900000000 then 'DEMO-RUN-' || (u.id - 900000000) else 'RUN-' || u.id end
        || coalesce((select group_concat(mark, '') from (
            select ' decision=' || case when id >= 900000000 then 'DEMO-DEC-' || (id - 900000000) else 'DEC-' || id end as mark
            from decisions where run = u.id order by id)), '')
        || coalesce((select group_concat(mark, '') from (
            select ' finding=' || case when id >= 900000000 then 'DEMO-FND-' || (id - 900000000) else 'FND-' || id end as mark
            from findings where origin = u.id order by id)), ''),
    u.created_at
from runs u
left join (
    select experiment, number, case when json_valid(plan) then plan else '{}' end as json from revisions
) r on r.experiment = u.experiment and r.number = u.revision
union all
select
    'observation', seq, object || '#' || coalesce(json_extract(body, '$.number'), seq), '',
    coalesce(json_extract(body, '$.text'), ''), '', '',
    case kind when 'gameday' then '' else ' ' || kind || '=' || object end || ' by=' || coalesce(person, 'none'), at
from events
where ((kind in ('run', 'experiment') and act = 'observed') or (kind = 'gameday' and act = 'noted')) and json_valid(body)
union all
select
    'finding', f.id, case when f.id >= 900000000 then 'DEMO-FND-' || (f.id - 900000000) else 'FND-' || f.id end, f.title,
    case when json_valid(f.body) then coalesce(json_extract(f.body, '$.summary'), '') else '' end || ' ' ||
    coalesce((select group_concat(text, ' ') from (
        select text from search_said
        where kind = 'finding' and object = case when f.id >= 900000000 then 'DEMO-FND-' || (f.id - 900000000) else 'FND-' || f.id end
        order by seq)), ''),
    coalesce((select group_concat(service, ',') from
        (select service from finding_services where finding = f.id order by service)), ''),
    f.environment,
    ' severity=' || f.severity || ' kind=' || f.kind
        || coalesce(' experiment=' || case when f.experiment >= 900000000
            then 'DEMO-EXP-' || (f.experiment - 900000000) else 'EXP-' || f.experiment end, '')
        || coalesce(' run=' || case when f.origin >= 900000000
            then 'DEMO-RUN-' || (f.origin - 900000000) else 'RUN-' || f.origin end, '')
        || ' finding=' || case when f.id >= 900000000 then 'DEMO-FND-' || (f.id - 900000000) else 'FND-' || f.id end
        || coalesce((select group_concat(mark, '') from (
            select ' fix=' || case when fix >= 900000000 then 'DEMO-FIX-' || (fix - 900000000) else 'FIX-' || fix end as mark
            from fix_findings where finding = f.id order by fix)), ''),
    f.created_at
from findings f
union all
select
    'fix', x.id, case when x.id >= 900000000 then 'DEMO-FIX-' || (x.id - 900000000) else 'FIX-' || x.id end, x.title,
    case when json_valid(x.body) then coalesce(json_extract(x.body, '$.summary'), '') else '' end || ' ' ||
    coalesce((select group_concat(text, ' ') from (
        select text from search_said
        where kind = 'fix' and object = case when x.id >= 900000000 then 'DEMO-FIX-' || (x.id - 900000000) else 'FIX-' || x.id end
        order by seq)), ''),
    coalesce((select group_concat(service, ',') from (
        select distinct service from finding_services
        where finding in (select finding from fix_findings where fix = x.id) order by service)), ''),
    '',
    coalesce((select group_concat(mark, '') from (
        select ' finding=' || case when finding >= 900000000
            then 'DEMO-FND-' || (finding - 900000000) else 'FND-' || finding end as mark
        from fix_findings where fix = x.id order by finding)), '')
        || ' fix=' || case when x.id >= 900000000 then 'DEMO-FIX-' || (x.id - 900000000) else 'FIX-' || x.id end,
    x.created_at
from fixes x
union all
select
    'decision', d.id, case when d.id >= 900000000 then 'DEMO-DEC-' || (d.id - 900000000) else 'DEC-' || d.id end, d.title,
    case when json_valid(d.body) then coalesce(json_extract(d.body, '$.reason'), '') || ' '
        || coalesce(json_extract(d.body, '$.consequences'), '') || ' '
        || coalesce(json_extract(d.body, '$.saving'), '') || ' '
        || coalesce(json_extract(d.body, '$.passive'), '') else '' end || ' ' ||
    coalesce((select group_concat(text, ' ') from (
        select text from search_said
        where kind = 'decision' and object = case when d.id >= 900000000 then 'DEMO-DEC-' || (d.id - 900000000) else 'DEC-' || d.id end
        order by seq)), ''),
    '', '',
    ' kind=' || d.kind || ' decision=' || case when d.id >= 900000000 then 'DEMO-DEC-' || (d.id - 900000000) else 'DEC-' || d.id end
        || coalesce(' decision=' || case when d.supersedes >= 900000000
            then 'DEMO-DEC-' || (d.supersedes - 900000000) else 'DEC-' || d.supersedes end, '')
        || coalesce(' run=' || case when d.run >= 900000000
        then 'DEMO-RUN-' || (d.run - 900000000) else 'RUN-' || d.run end, '')
        || coalesce((select group_concat(mark, '') from (
            select ' experiment=' || case when experiment >= 900000000 then 'DEMO-EXP-' || (experiment - 900000000) else 'EXP-' || experiment end as mark
            from decision_claims where decision = d.id order by experiment)), ''),
    d.created_at
from decisions d
union all
select
    'gameday', g.id, case when g.id >= 900000000 then 'DEMO-GD-' || (g.id - 900000000) else 'GD-' || g.id end, g.title,
    case when json_valid(g.body) then coalesce(
        (select group_concat(json_extract(value, '$.what'), ' ') from json_each(g.body, '$.agenda')), '') else '' end,
    '', '',
    case when json_valid(g.body) then coalesce(
        (select group_concat(' team=' || value, '') from json_each(g.body, '$.teams')), '') else '' end
        || coalesce((select group_concat(mark, '') from (
            select ' run=' || case when run >= 900000000 then 'DEMO-RUN-' || (run - 900000000) else 'RUN-' || run end as mark
            from gameday_runs where gameday = g.id order by run)), ''),
    g.created_at
from gamedays g;

create view search_texts as
select
    kind, number, object, replace(title, char(57344), ' ') as title,
    replace(trim(body || ' ' || object || ' ' || replace(services, ',', ' ') || ' ' || environment), char(57344), ' ') as body,
    replace(replace(replace(replace(
        '=every=thing type=' || kind
            || ' service=' || case when services = '' then 'none' else replace(services, ',', ' service=') end
            || ' env=' || case when environment = '' then 'none' else environment end
            || lower(belongs)
            || strftime(' on=%Y on=%Y-%m on=%Y-%m-%d', created_at / 1000000, 'unixepoch'),
        ' ', ' ='), '=', char(57344)), '-', char(57344)), '_', char(57344)) as marks,
    created_at
from search_parts;

-- Each trigger writes the entry of one thing anew, and only where it says something else. What is said of several
-- is written by their own triggers: the view is sought in by one number, and otherwise read from end to end.
create trigger search_services_new after insert on services begin
    insert into search_entries (kind, number, object, title, body, marks, created_at)
        select kind, number, object, title, body, marks, created_at from search_texts
        where kind = 'service' and object = new.slug
        on conflict (kind, object) do update set title = excluded.title, body = excluded.body, marks = excluded.marks
            where title <> excluded.title or body <> excluded.body or marks <> excluded.marks;
end;
create trigger search_services_other after update of name, owner, description, team on services begin
    insert into search_entries (kind, number, object, title, body, marks, created_at)
        select kind, number, object, title, body, marks, created_at from search_texts
        where kind = 'service' and object = new.slug
        on conflict (kind, object) do update set title = excluded.title, body = excluded.body, marks = excluded.marks
            where title <> excluded.title or body <> excluded.body or marks <> excluded.marks;
end;
create trigger search_services_old after delete on services begin
    delete from search_entries where kind = 'service' and object = old.slug;
end;
create trigger search_slos_new after insert on slos begin
    insert into search_entries (kind, number, object, title, body, marks, created_at)
        select kind, number, object, title, body, marks, created_at from search_texts
        where kind = 'slo' and number = new.id
        on conflict (kind, object) do update set title = excluded.title, body = excluded.body, marks = excluded.marks
            where title <> excluded.title or body <> excluded.body or marks <> excluded.marks;
end;
create trigger search_slos_other after update of title, service, environment on slos begin
    insert into search_entries (kind, number, object, title, body, marks, created_at)
        select kind, number, object, title, body, marks, created_at from search_texts
        where kind = 'slo' and number = new.id
        on conflict (kind, object) do update set title = excluded.title, body = excluded.body, marks = excluded.marks
            where title <> excluded.title or body <> excluded.body or marks <> excluded.marks;
end;
create trigger search_slos_old after delete on slos begin
    delete from search_entries where kind = 'slo' and object = case when old.id >= 900000000 then 'DEMO-SLO-' || (old.id - 900000000) else 'SLO-' || old.id end;
end;
create trigger search_experiments_new after insert on experiments begin
    insert into search_entries (kind, number, object, title, body, marks, created_at)
        select kind, number, object, title, body, marks, created_at from search_texts
        where kind = 'experiment' and number = new.id
        on conflict (kind, object) do update set title = excluded.title, body = excluded.body, marks = excluded.marks
            where title <> excluded.title or body <> excluded.body or marks <> excluded.marks;
end;
create trigger search_experiments_other after update of title, owner, revision on experiments begin
    insert into search_entries (kind, number, object, title, body, marks, created_at)
        select kind, number, object, title, body, marks, created_at from search_texts
        where kind = 'experiment' and number = new.id
        on conflict (kind, object) do update set title = excluded.title, body = excluded.body, marks = excluded.marks
            where title <> excluded.title or body <> excluded.body or marks <> excluded.marks;
end;
create trigger search_experiments_old after delete on experiments begin
    delete from search_entries where kind = 'experiment' and object = case when old.id >= 900000000 then 'DEMO-EXP-' || (old.id - 900000000) else 'EXP-' || old.id end;
end;
create trigger search_runs_new after insert on runs begin
    insert into search_entries (kind, number, object, title, body, marks, created_at)
        select kind, number, object, title, body, marks, created_at from search_texts
        where kind = 'run' and number = new.id
        on conflict (kind, object) do update set title = excluded.title, body = excluded.body, marks = excluded.marks
            where title <> excluded.title or body <> excluded.body or marks <> excluded.marks;
end;
create trigger search_runs_other after update of revision, environment on runs begin
    insert into search_entries (kind, number, object, title, body, marks, created_at)
        select kind, number, object, title, body, marks, created_at from search_texts
        where kind = 'run' and number = new.id
        on conflict (kind, object) do update set title = excluded.title, body = excluded.body, marks = excluded.marks
            where title <> excluded.title or body <> excluded.body or marks <> excluded.marks;
end;
create trigger search_runs_old after delete on runs begin
    delete from search_entries where kind = 'run' and object = case when old.id >= 900000000 then 'DEMO-RUN-' || (old.id - 900000000) else 'RUN-' || old.id end;
end;
create trigger search_findings_new after insert on findings begin
    insert into search_entries (kind, number, object, title, body, marks, created_at)
        select kind, number, object, title, body, marks, created_at from search_texts
        where kind = 'finding' and number = new.id
        on conflict (kind, object) do update set title = excluded.title, body = excluded.body, marks = excluded.marks
            where title <> excluded.title or body <> excluded.body or marks <> excluded.marks;
end;
create trigger search_findings_other after update of title, kind, severity, experiment, origin, environment, body on findings begin
    insert into search_entries (kind, number, object, title, body, marks, created_at)
        select kind, number, object, title, body, marks, created_at from search_texts
        where kind = 'finding' and number = new.id
        on conflict (kind, object) do update set title = excluded.title, body = excluded.body, marks = excluded.marks
            where title <> excluded.title or body <> excluded.body or marks <> excluded.marks;
end;
create trigger search_findings_old after delete on findings begin
    delete from search_entries where kind = 'finding' and object = case when old.id >= 900000000 then 'DEMO-FND-' || (old.id - 900000000) else 'FND-' || old.id end;
end;
create trigger search_fixes_new after insert on fixes begin
    insert into search_entries (kind, number, object, title, body, marks, created_at)
        select kind, number, object, title, body, marks, created_at from search_texts
        where kind = 'fix' and number = new.id
        on conflict (kind, object) do update set title = excluded.title, body = excluded.body, marks = excluded.marks
            where title <> excluded.title or body <> excluded.body or marks <> excluded.marks;
end;
create trigger search_fixes_other after update of title, body on fixes begin
    insert into search_entries (kind, number, object, title, body, marks, created_at)
        select kind, number, object, title, body, marks, created_at from search_texts
        where kind = 'fix' and number = new.id
        on conflict (kind, object) do update set title = excluded.title, body = excluded.body, marks = excluded.marks
            where title <> excluded.title or body <> excluded.body or marks <> excluded.marks;
end;
create trigger search_fixes_old after delete on fixes begin
    delete from search_entries where kind = 'fix' and object = case when old.id >= 900000000 then 'DEMO-FIX-' || (old.id - 900000000) else 'FIX-' || old.id end;
end;
create trigger search_decisions_new after insert on decisions begin
    insert into search_entries (kind, number, object, title, body, marks, created_at)
        select kind, number, object, title, body, marks, created_at from search_texts
        where kind = 'decision' and number = new.id
        on conflict (kind, object) do update set title = excluded.title, body = excluded.body, marks = excluded.marks
            where title <> excluded.title or body <> excluded.body or marks <> excluded.marks;
end;
create trigger search_decisions_other after update of title, kind, run, supersedes, body on decisions begin
    insert into search_entries (kind, number, object, title, body, marks, created_at)
        select kind, number, object, title, body, marks, created_at from search_texts
        where kind = 'decision' and number = new.id
        on conflict (kind, object) do update set title = excluded.title, body = excluded.body, marks = excluded.marks
            where title <> excluded.title or body <> excluded.body or marks <> excluded.marks;
end;
create trigger search_decisions_old after delete on decisions begin
    delete from search_entries where kind = 'decision' and object = case when old.id >= 900000000 then 'DEMO-DEC-' || (old.id - 900000000) else 'DEC-' || old.id end;
end;
create trigger search_gamedays_new after insert on gamedays begin
    insert into search_entries (kind, number, object, title, body, marks, created_at)
        select kind, number, object, title, body, marks, created_at from search_texts
        where kind = 'gameday' and number = new.id
        on conflict (kind, object) do update set title = excluded.title, body = excluded.body, marks = excluded.marks
            where title <> excluded.title or body <> excluded.body or marks <> excluded.marks;
end;
create trigger search_gamedays_other after update of title, body on gamedays begin
    insert into search_entries (kind, number, object, title, body, marks, created_at)
        select kind, number, object, title, body, marks, created_at from search_texts
        where kind = 'gameday' and number = new.id
        on conflict (kind, object) do update set title = excluded.title, body = excluded.body, marks = excluded.marks
            where title <> excluded.title or body <> excluded.body or marks <> excluded.marks;
end;
create trigger search_gamedays_old after delete on gamedays begin
    delete from search_entries where kind = 'gameday' and object = case when old.id >= 900000000 then 'DEMO-GD-' || (old.id - 900000000) else 'GD-' || old.id end;
end;
create trigger search_gameday_runs_new after insert on gameday_runs begin
    insert into search_entries (kind, number, object, title, body, marks, created_at)
        select kind, number, object, title, body, marks, created_at from search_texts
        where kind = 'gameday' and number = new.gameday
        on conflict (kind, object) do update set title = excluded.title, body = excluded.body, marks = excluded.marks
            where title <> excluded.title or body <> excluded.body or marks <> excluded.marks;
end;
create trigger search_gameday_runs_old after delete on gameday_runs begin
    insert into search_entries (kind, number, object, title, body, marks, created_at)
        select kind, number, object, title, body, marks, created_at from search_texts
        where kind = 'gameday' and number = old.gameday
        on conflict (kind, object) do update set title = excluded.title, body = excluded.body, marks = excluded.marks
            where title <> excluded.title or body <> excluded.body or marks <> excluded.marks;
end;
create trigger search_experiment_services_new after insert on experiment_services begin
    insert into search_entries (kind, number, object, title, body, marks, created_at)
        select kind, number, object, title, body, marks, created_at from search_texts
        where kind = 'experiment' and number = new.experiment
        on conflict (kind, object) do update set title = excluded.title, body = excluded.body, marks = excluded.marks
            where title <> excluded.title or body <> excluded.body or marks <> excluded.marks;
end;
create trigger search_experiment_services_old after delete on experiment_services begin
    insert into search_entries (kind, number, object, title, body, marks, created_at)
        select kind, number, object, title, body, marks, created_at from search_texts
        where kind = 'experiment' and number = old.experiment
        on conflict (kind, object) do update set title = excluded.title, body = excluded.body, marks = excluded.marks
            where title <> excluded.title or body <> excluded.body or marks <> excluded.marks;
end;
create trigger search_finding_services_new after insert on finding_services begin
    insert into search_entries (kind, number, object, title, body, marks, created_at)
        select kind, number, object, title, body, marks, created_at from search_texts
        where kind = 'finding' and number = new.finding
        on conflict (kind, object) do update set title = excluded.title, body = excluded.body, marks = excluded.marks
            where title <> excluded.title or body <> excluded.body or marks <> excluded.marks;
    update fixes set title = title where id in (select fix from fix_findings where finding = new.finding);
end;
create trigger search_finding_services_old after delete on finding_services begin
    insert into search_entries (kind, number, object, title, body, marks, created_at)
        select kind, number, object, title, body, marks, created_at from search_texts
        where kind = 'finding' and number = old.finding
        on conflict (kind, object) do update set title = excluded.title, body = excluded.body, marks = excluded.marks
            where title <> excluded.title or body <> excluded.body or marks <> excluded.marks;
    update fixes set title = title where id in (select fix from fix_findings where finding = old.finding);
end;
create trigger search_fix_findings_new after insert on fix_findings begin
    insert into search_entries (kind, number, object, title, body, marks, created_at)
        select kind, number, object, title, body, marks, created_at from search_texts
        where kind = 'fix' and number = new.fix
        on conflict (kind, object) do update set title = excluded.title, body = excluded.body, marks = excluded.marks
            where title <> excluded.title or body <> excluded.body or marks <> excluded.marks;
end;
create trigger search_fix_findings_old after delete on fix_findings begin
    insert into search_entries (kind, number, object, title, body, marks, created_at)
        select kind, number, object, title, body, marks, created_at from search_texts
        where kind = 'fix' and number = old.fix
        on conflict (kind, object) do update set title = excluded.title, body = excluded.body, marks = excluded.marks
            where title <> excluded.title or body <> excluded.body or marks <> excluded.marks;
end;
create trigger search_decision_claims_new after insert on decision_claims begin
    insert into search_entries (kind, number, object, title, body, marks, created_at)
        select kind, number, object, title, body, marks, created_at from search_texts
        where kind = 'decision' and number = new.decision
        on conflict (kind, object) do update set title = excluded.title, body = excluded.body, marks = excluded.marks
            where title <> excluded.title or body <> excluded.body or marks <> excluded.marks;
end;
create trigger search_decision_claims_old after delete on decision_claims begin
    insert into search_entries (kind, number, object, title, body, marks, created_at)
        select kind, number, object, title, body, marks, created_at from search_texts
        where kind = 'decision' and number = old.decision
        on conflict (kind, object) do update set title = excluded.title, body = excluded.body, marks = excluded.marks
            where title <> excluded.title or body <> excluded.body or marks <> excluded.marks;
end;
create trigger search_revisions_new after insert on revisions begin
    insert into search_entries (kind, number, object, title, body, marks, created_at)
        select kind, number, object, title, body, marks, created_at from search_texts
        where kind = 'experiment' and number = new.experiment
        on conflict (kind, object) do update set title = excluded.title, body = excluded.body, marks = excluded.marks
            where title <> excluded.title or body <> excluded.body or marks <> excluded.marks;
end;
create trigger search_revisions_other after update of plan on revisions begin
    insert into search_entries (kind, number, object, title, body, marks, created_at)
        select kind, number, object, title, body, marks, created_at from search_texts
        where kind = 'experiment' and number = new.experiment
        on conflict (kind, object) do update set title = excluded.title, body = excluded.body, marks = excluded.marks
            where title <> excluded.title or body <> excluded.body or marks <> excluded.marks;
    update runs set revision = revision where experiment = new.experiment and revision = new.number;
end;
create trigger search_observed after insert on events
when ((new.kind in ('run', 'experiment') and new.act = 'observed') or (new.kind = 'gameday' and new.act = 'noted'))
    and json_valid(new.body) begin
    insert into search_entries (kind, number, object, title, body, marks, created_at)
        select kind, number, object, title, body, marks, created_at from search_texts
        where kind = 'observation' and number = new.seq
        on conflict (kind, object) do update set title = excluded.title, body = excluded.body, marks = excluded.marks
            where title <> excluded.title or body <> excluded.body or marks <> excluded.marks;
end;
create trigger search_unobserved after delete on events
when ((old.kind in ('run', 'experiment') and old.act = 'observed') or (old.kind = 'gameday' and old.act = 'noted'))
    and json_valid(old.body) begin
    delete from search_entries where kind = 'observation'
        and object = old.object || '#' || coalesce(json_extract(old.body, '$.number'), old.seq);
end;
-- Their ids end behind a prefix of three letters.
create trigger search_said_later after insert on events
when (new.kind = 'run' and new.act in ('signed', 'amended', 'overruled'))
    or (new.kind = 'finding' and new.act in ('cause_suspected', 'risk_accepted', 'dismissed', 'seen_again'))
    or (new.kind = 'fix' and new.act = 'deployed')
    or (new.kind = 'decision' and new.act in ('saving_realised', 'stopped')) begin
    insert into search_entries (kind, number, object, title, body, marks, created_at)
        select kind, number, object, title, body, marks, created_at from search_texts
        where kind = new.kind and number = case when substr(new.object, 1, 5) = 'DEMO-'
            then 900000000 + cast(substr(new.object, 10) as integer) else cast(substr(new.object, 5) as integer) end
        on conflict (kind, object) do update set title = excluded.title, body = excluded.body, marks = excluded.marks
            where title <> excluded.title or body <> excluded.body or marks <> excluded.marks;
end;

-- Links are found from both of their ends.
create trigger search_findings_run_new after insert on findings when new.origin is not null begin
    insert into search_entries (kind, number, object, title, body, marks, created_at)
        select kind, number, object, title, body, marks, created_at from search_texts
        where kind = 'run' and number = new.origin
        on conflict (kind, object) do update set title = excluded.title, body = excluded.body, marks = excluded.marks
            where title <> excluded.title or body <> excluded.body or marks <> excluded.marks;
end;
create trigger search_findings_run_other after update of origin on findings when new.origin is not old.origin begin
    insert into search_entries (kind, number, object, title, body, marks, created_at)
        select kind, number, object, title, body, marks, created_at from search_texts
        where kind = 'run' and number = old.origin
        on conflict (kind, object) do update set title = excluded.title, body = excluded.body, marks = excluded.marks
            where title <> excluded.title or body <> excluded.body or marks <> excluded.marks;
    insert into search_entries (kind, number, object, title, body, marks, created_at)
        select kind, number, object, title, body, marks, created_at from search_texts
        where kind = 'run' and number = new.origin
        on conflict (kind, object) do update set title = excluded.title, body = excluded.body, marks = excluded.marks
            where title <> excluded.title or body <> excluded.body or marks <> excluded.marks;
end;
create trigger search_findings_run_old after delete on findings when old.origin is not null begin
    insert into search_entries (kind, number, object, title, body, marks, created_at)
        select kind, number, object, title, body, marks, created_at from search_texts
        where kind = 'run' and number = old.origin
        on conflict (kind, object) do update set title = excluded.title, body = excluded.body, marks = excluded.marks
            where title <> excluded.title or body <> excluded.body or marks <> excluded.marks;
end;
create trigger search_decisions_run_new after insert on decisions when new.run is not null begin
    insert into search_entries (kind, number, object, title, body, marks, created_at)
        select kind, number, object, title, body, marks, created_at from search_texts
        where kind = 'run' and number = new.run
        on conflict (kind, object) do update set title = excluded.title, body = excluded.body, marks = excluded.marks
            where title <> excluded.title or body <> excluded.body or marks <> excluded.marks;
end;
create trigger search_decisions_run_other after update of run on decisions when new.run is not old.run begin
    insert into search_entries (kind, number, object, title, body, marks, created_at)
        select kind, number, object, title, body, marks, created_at from search_texts
        where kind = 'run' and number = old.run
        on conflict (kind, object) do update set title = excluded.title, body = excluded.body, marks = excluded.marks
            where title <> excluded.title or body <> excluded.body or marks <> excluded.marks;
    insert into search_entries (kind, number, object, title, body, marks, created_at)
        select kind, number, object, title, body, marks, created_at from search_texts
        where kind = 'run' and number = new.run
        on conflict (kind, object) do update set title = excluded.title, body = excluded.body, marks = excluded.marks
            where title <> excluded.title or body <> excluded.body or marks <> excluded.marks;
end;
create trigger search_decisions_run_old after delete on decisions when old.run is not null begin
    insert into search_entries (kind, number, object, title, body, marks, created_at)
        select kind, number, object, title, body, marks, created_at from search_texts
        where kind = 'run' and number = old.run
        on conflict (kind, object) do update set title = excluded.title, body = excluded.body, marks = excluded.marks
            where title <> excluded.title or body <> excluded.body or marks <> excluded.marks;
end;
create trigger search_fixed_new after insert on fix_findings begin
    insert into search_entries (kind, number, object, title, body, marks, created_at)
        select kind, number, object, title, body, marks, created_at from search_texts
        where kind = 'finding' and number = new.finding
        on conflict (kind, object) do update set title = excluded.title, body = excluded.body, marks = excluded.marks
            where title <> excluded.title or body <> excluded.body or marks <> excluded.marks;
end;
create trigger search_fixed_old after delete on fix_findings begin
    insert into search_entries (kind, number, object, title, body, marks, created_at)
        select kind, number, object, title, body, marks, created_at from search_texts
        where kind = 'finding' and number = old.finding
        on conflict (kind, object) do update set title = excluded.title, body = excluded.body, marks = excluded.marks
            where title <> excluded.title or body <> excluded.body or marks <> excluded.marks;
end;
create trigger search_claimed_new after insert on decision_claims begin
    insert into search_entries (kind, number, object, title, body, marks, created_at)
        select kind, number, object, title, body, marks, created_at from search_texts
        where kind = 'experiment' and number = new.experiment
        on conflict (kind, object) do update set title = excluded.title, body = excluded.body, marks = excluded.marks
            where title <> excluded.title or body <> excluded.body or marks <> excluded.marks;
end;
create trigger search_claimed_old after delete on decision_claims begin
    insert into search_entries (kind, number, object, title, body, marks, created_at)
        select kind, number, object, title, body, marks, created_at from search_texts
        where kind = 'experiment' and number = old.experiment
        on conflict (kind, object) do update set title = excluded.title, body = excluded.body, marks = excluded.marks
            where title <> excluded.title or body <> excluded.body or marks <> excluded.marks;
end;

-- What was written before there was an index, the oldest first: ranking looks at what came last.
insert into search_entries (kind, number, object, title, body, marks, created_at)
    select kind, number, object, title, body, marks, created_at from search_texts order by created_at, kind, object;

-- Queries under a name; a dropped one keeps its row for its lines in the trail.
create table saved_views (
    id integer primary key,
    name text not null,
    query text not null,
    owner bigint not null references people (id),
    team text references teams (slug),
    pinned boolean not null,
    home boolean not null,
    created_at bigint not null,
    dropped_at bigint
);
create index saved_views_owner on saved_views (owner, name);
create index saved_views_team on saved_views (team);
