-- What a thing is found by on SQLite: observations, decisions and game days also by the services, the environment and
-- the fault of what they are about, findings by the fault that showed them, fixes by the environment of their findings.
-- And what people say in passing: deviations, why a run was aborted, cancelled or amended, who saw what, captions, why
-- a fix was taken back, what an SLO promises. Of a run, what was said last stands first.
-- An older program beside this one keeps that, too.
drop view search_texts;
drop view search_parts;
drop view search_said;

-- What people say of a thing later on, as far as it is found by that. Of what takes place of something signed, both
-- the reason and the witness are said; a witness without a name says nothing.
create view search_said as
select
    kind, object, seq,
    coalesce(json_extract(body, '$.amends') || ' ', '') || coalesce(json_extract(body, '$.analysis'),
        json_extract(body, '$.text'), json_extract(body, '$.reason'), json_extract(body, '$.saving'),
        json_extract(body, '$.reference'), json_extract(body, '$.says'), json_extract(body, '$.why'),
        nullif(json_extract(body, '$.source'), 'witness'), json_extract(body, '$.evidence'), '') as text
from events
where ((kind = 'slo' and act in ('retired'))
    or (kind = 'experiment' and act in ('changes_asked', 'retired', 'reopened'))
    or (kind = 'run' and act in ('signed', 'amended', 'overruled', 'overruling_revoked', 'validity_ruled', 'deviated',
        'deviation_ruled', 'abort_pressed', 'abort_reason_given', 'revert_failed', 'cancelled', 'moved_to',
        'gate_answered', 'poll_answered', 'attached', 'effect_recorded', 'check_answered', 'check_amended',
        'signal_amended', 'fix_answered', 'lacks_fix'))
    or (kind = 'finding' and act in ('cause_suspected', 'cause_confirmed', 'risk_accepted', 'dismissed', 'undone',
        'seen_again'))
    or (kind = 'fix' and act in ('deployed', 'rolled_back', 'withdrawn', 'ticket_closed'))
    or (kind = 'decision' and act in ('saving_realised', 'stopped'))
    or (kind = 'gameday' and act in ('cancelled')))
    and json_valid(body) and (act <> 'effect_recorded' or json_extract(body, '$.evidence') is not null);

-- What each revision of a plan says, and the plans that game days and decisions are about: a run has the one that it
-- was begun with, a claim the present one of its experiment.
create view search_plans as
select experiment, number, case when json_valid(plan) then plan else '{}' end as json from revisions;

create view search_day_plans as
select g.gameday, u.environment, r.json
from gameday_runs g
join runs u on u.id = g.run
join search_plans r on r.experiment = u.experiment and r.number = u.revision;

create view search_claimed_plans as
select c.decision, json_extract(r.json, '$.identity.environment') as environment, r.json
from decision_claims c
join experiments e on e.id = c.experiment
join search_plans r on r.experiment = e.id and r.number = e.revision;

-- The parts of each thing, before they are put together: services, environments, what else it belongs to, and texts.
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
    coalesce((select case when json_valid(r.text) then coalesce(json_extract(r.text, '$.promise'), '') || ' '
            || coalesce(json_extract(r.text, '$.indicator.measure'), '') end
        from slo_revisions r where r.slo = slos.id and r.number = coalesce(slos.approved, slos.revision)), '') || ' ' ||
    coalesce((select group_concat(text, ' ') from (
        select text from search_said
        where kind = 'slo' and object = case when slos.id >= 900000000 then 'DEMO-SLO-' || (slos.id - 900000000) else 'SLO-' || slos.id end
        order by seq)), ''),
    service, environment, '', created_at
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
        || coalesce(json_extract(r.json, '$.context.revert.procedure'), '') || ' ' ||
    coalesce((select group_concat(text, ' ') from (
        select text from search_said
        where kind = 'experiment' and object = case when e.id >= 900000000 then 'DEMO-EXP-' || (e.id - 900000000) else 'EXP-' || e.id end
        order by seq)), ''),
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
        order by seq desc)), ''),
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
    'observation', v.seq, v.object || '#' || coalesce(json_extract(v.body, '$.number'), v.seq), '',
    coalesce(json_extract(v.body, '$.text'), ''),
    coalesce((select group_concat(value, ',') from json_each(r.json, '$.identity.services')), ''),
    coalesce(u.environment, ''),
    ' run=' || v.object || ' by=' || coalesce(v.person, 'none') || ' fault=' || coalesce(json_extract(r.json, '$.identity.fault.kind'), 'none'), v.at
from events v
left join runs u on u.id = case when substr(v.object, 1, 5) = 'DEMO-'
    then 900000000 + cast(substr(v.object, instr(substr(v.object, 6), '-') + 6) as integer)
    else cast(substr(v.object, instr(v.object, '-') + 1) as integer) end
left join search_plans r on r.experiment = u.experiment and r.number = u.revision
where v.kind = 'run' and v.act = 'observed' and json_valid(v.body)
union all
select
    'observation', v.seq, v.object || '#' || coalesce(json_extract(v.body, '$.number'), v.seq), '',
    coalesce(json_extract(v.body, '$.text'), ''),
    coalesce((select group_concat(value, ',') from json_each(r.json, '$.identity.services')), ''),
    coalesce(json_extract(r.json, '$.identity.environment'), ''),
    ' experiment=' || v.object || ' by=' || coalesce(v.person, 'none') || ' fault=' || coalesce(json_extract(r.json, '$.identity.fault.kind'), 'none'), v.at
from events v
left join experiments e on e.id = case when substr(v.object, 1, 5) = 'DEMO-'
    then 900000000 + cast(substr(v.object, instr(substr(v.object, 6), '-') + 6) as integer)
    else cast(substr(v.object, instr(v.object, '-') + 1) as integer) end
left join search_plans r on r.experiment = e.id and r.number = e.revision
where v.kind = 'experiment' and v.act = 'observed' and json_valid(v.body)
union all
select
    'observation', v.seq, v.object || '#' || coalesce(json_extract(v.body, '$.number'), v.seq), '',
    coalesce(json_extract(v.body, '$.text'), ''),
    coalesce((select group_concat(service, ',') from (
        select distinct s.value as service from search_day_plans p, json_each(p.json, '$.identity.services') s
        where p.gameday = v.gameday order by service)), ''),
    coalesce((select group_concat(environment, ',') from (
        select distinct environment from search_day_plans p
        where p.gameday = v.gameday and environment <> '' order by environment)), ''),
    ' by=' || coalesce(v.person, 'none') || coalesce((select group_concat(mark, '') from (
            select distinct ' fault=' || json_extract(p.json, '$.identity.fault.kind') as mark from search_day_plans p
            where p.gameday = v.gameday order by mark)), ' fault=none'),
    v.at
from (
    select seq, object, body, person, at, case when substr(object, 1, 5) = 'DEMO-'
        then 900000000 + cast(substr(object, instr(substr(object, 6), '-') + 6) as integer)
        else cast(substr(object, instr(object, '-') + 1) as integer) end as gameday
    from events where kind = 'gameday' and act = 'noted' and json_valid(body)
) v
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
    ' severity=' || f.severity || ' kind=' || f.kind || ' fault=' || coalesce(json_extract(r.json, '$.identity.fault.kind'), 'none')
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
left join runs u on u.id = f.origin
left join experiments e on e.id = f.experiment
left join search_plans r on r.experiment = coalesce(u.experiment, e.id) and r.number = coalesce(u.revision, e.revision)
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
    coalesce((select group_concat(environment, ',') from (
        select distinct environment from findings
        where id in (select finding from fix_findings where fix = x.id) order by environment)), ''),
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
    case when d.run is null then coalesce((select group_concat(service, ',') from (
        select distinct s.value as service from search_claimed_plans p, json_each(p.json, '$.identity.services') s
        where p.decision = d.id order by service)), '')
    else coalesce((select group_concat(value, ',') from json_each(r.json, '$.identity.services')), '') end,
    case when d.run is null then coalesce((select group_concat(environment, ',') from (
        select distinct environment from search_claimed_plans p
        where p.decision = d.id and environment <> '' order by environment)), '')
    else coalesce(u.environment, '') end,
    case when d.run is null then coalesce((select group_concat(mark, '') from (
            select distinct ' fault=' || json_extract(p.json, '$.identity.fault.kind') as mark from search_claimed_plans p
            where p.decision = d.id order by mark)), ' fault=none')
    else ' fault=' || coalesce(json_extract(r.json, '$.identity.fault.kind'), 'none') end
        || ' kind=' || d.kind || ' decision=' || case when d.id >= 900000000 then 'DEMO-DEC-' || (d.id - 900000000) else 'DEC-' || d.id end
        || coalesce(' decision=' || case when d.supersedes >= 900000000
            then 'DEMO-DEC-' || (d.supersedes - 900000000) else 'DEC-' || d.supersedes end, '')
        || coalesce(' run=' || case when d.run >= 900000000
        then 'DEMO-RUN-' || (d.run - 900000000) else 'RUN-' || d.run end, '')
        || coalesce((select group_concat(mark, '') from (
            select ' experiment=' || case when experiment >= 900000000 then 'DEMO-EXP-' || (experiment - 900000000) else 'EXP-' || experiment end as mark
            from decision_claims where decision = d.id order by experiment)), ''),
    d.created_at
from decisions d
left join runs u on u.id = d.run
left join search_plans r on r.experiment = u.experiment and r.number = u.revision
union all
select
    'gameday', g.id, case when g.id >= 900000000 then 'DEMO-GD-' || (g.id - 900000000) else 'GD-' || g.id end, g.title,
    case when json_valid(g.body) then coalesce(
        (select group_concat(json_extract(value, '$.what'), ' ') from json_each(g.body, '$.agenda')), '') else '' end || ' ' ||
    coalesce((select group_concat(text, ' ') from (
        select text from search_said
        where kind = 'gameday' and object = case when g.id >= 900000000 then 'DEMO-GD-' || (g.id - 900000000) else 'GD-' || g.id end
        order by seq)), ''),
    coalesce((select group_concat(service, ',') from (
        select distinct s.value as service from search_day_plans p, json_each(p.json, '$.identity.services') s
        where p.gameday = g.id order by service)), ''),
    coalesce((select group_concat(environment, ',') from (
        select distinct environment from search_day_plans p
        where p.gameday = g.id and environment <> '' order by environment)), ''),
    coalesce((select group_concat(mark, '') from (
            select distinct ' fault=' || json_extract(p.json, '$.identity.fault.kind') as mark from search_day_plans p
            where p.gameday = g.id order by mark)), ' fault=none')
        || case when json_valid(g.body) then coalesce(
        (select group_concat(' team=' || value, '') from json_each(g.body, '$.teams')), '') else '' end
        || coalesce((select group_concat(mark, '') from (
            select ' run=' || case when run >= 900000000 then 'DEMO-RUN-' || (run - 900000000) else 'RUN-' || run end as mark
            from gameday_runs where gameday = g.id order by run)), ''),
    g.created_at
from gamedays g;

create view search_texts as
select
    kind, number, object, replace(title, char(57344), ' ') as title,
    replace(trim(body || ' ' || object || ' ' || replace(services, ',', ' ') || ' ' || replace(environment, ',', ' ')), char(57344), ' ') as body,
    replace(replace(replace(replace(
        '=every=thing type=' || kind
            || ' service=' || case when services = '' then 'none' else replace(services, ',', ' service=') end
            || ' env=' || case when environment = '' then 'none' else replace(environment, ',', ' env=') end
            || lower(belongs)
            || strftime(' on=%Y on=%Y-%m on=%Y-%m-%d', created_at / 1000000, 'unixepoch'),
        ' ', ' ='), '=', char(57344)), '-', char(57344)), '_', char(57344)) as marks,
    created_at
from search_parts;

-- The entry of an observation is written anew where it is touched: nothing else has a row of its own for that.
create trigger search_entries_touched after update of number on search_entries begin
    insert into search_entries (kind, number, object, title, body, marks, created_at)
        select kind, number, object, title, body, marks, created_at from search_texts
        where kind = new.kind and number = new.number and object = new.object
        on conflict (kind, object) do update set title = excluded.title, body = excluded.body, marks = excluded.marks
            where title <> excluded.title or body <> excluded.body or marks <> excluded.marks;
end;

-- What is about a run is about the plan of its revision.
create trigger search_runs_about after update of revision, environment on runs begin
    update search_entries set number = number
    where kind = 'observation' and object >= case when new.id >= 900000000 then 'DEMO-RUN-' || (new.id - 900000000) else 'RUN-' || new.id end || '#'
        and object < case when new.id >= 900000000 then 'DEMO-RUN-' || (new.id - 900000000) else 'RUN-' || new.id end || '$';
    update findings set title = title where origin = new.id;
    update decisions set title = title where run = new.id;
    update gamedays set title = title where id in (select gameday from gameday_runs where run = new.id);
    update search_entries set number = number where kind = 'observation' and object in (
        select v.object || '#' || coalesce(json_extract(v.body, '$.number'), v.seq)
        from gameday_runs g
        join events v on v.kind = 'gameday' and v.act = 'noted' and json_valid(v.body)
            and v.object = case when g.gameday >= 900000000 then 'DEMO-GD-' || (g.gameday - 900000000) else 'GD-' || g.gameday end
        where g.run = new.id);
end;
create trigger search_gameday_notes_new after insert on gameday_runs begin
    update search_entries set number = number
    where kind = 'observation' and object >= case when new.gameday >= 900000000 then 'DEMO-GD-' || (new.gameday - 900000000) else 'GD-' || new.gameday end || '#'
        and object < case when new.gameday >= 900000000 then 'DEMO-GD-' || (new.gameday - 900000000) else 'GD-' || new.gameday end || '$';
end;
create trigger search_gameday_notes_old after delete on gameday_runs begin
    update search_entries set number = number
    where kind = 'observation' and object >= case when old.gameday >= 900000000 then 'DEMO-GD-' || (old.gameday - 900000000) else 'GD-' || old.gameday end || '#'
        and object < case when old.gameday >= 900000000 then 'DEMO-GD-' || (old.gameday - 900000000) else 'GD-' || old.gameday end || '$';
end;

-- What is about an experiment and no run of it is about its present plan.
create trigger search_experiments_about after update of revision on experiments when new.revision <> old.revision begin
    update search_entries set number = number
    where kind = 'observation' and object >= case when new.id >= 900000000 then 'DEMO-EXP-' || (new.id - 900000000) else 'EXP-' || new.id end || '#'
        and object < case when new.id >= 900000000 then 'DEMO-EXP-' || (new.id - 900000000) else 'EXP-' || new.id end || '$';
    update findings set title = title where experiment = new.id and origin is null;
    update decisions set title = title
    where run is null and id in (select decision from decision_claims where experiment = new.id);
end;
create trigger search_revisions_about_new after insert on revisions begin
    update search_entries set number = number
    where kind = 'observation' and object >= case when new.experiment >= 900000000 then 'DEMO-EXP-' || (new.experiment - 900000000) else 'EXP-' || new.experiment end || '#'
        and object < case when new.experiment >= 900000000 then 'DEMO-EXP-' || (new.experiment - 900000000) else 'EXP-' || new.experiment end || '$';
    update findings set title = title where experiment = new.experiment and origin is null;
    update decisions set title = title
    where run is null and id in (select decision from decision_claims where experiment = new.experiment);
end;
create trigger search_revisions_about_other after update of plan on revisions begin
    update search_entries set number = number
    where kind = 'observation' and object >= case when new.experiment >= 900000000 then 'DEMO-EXP-' || (new.experiment - 900000000) else 'EXP-' || new.experiment end || '#'
        and object < case when new.experiment >= 900000000 then 'DEMO-EXP-' || (new.experiment - 900000000) else 'EXP-' || new.experiment end || '$';
    update findings set title = title where experiment = new.experiment and origin is null;
    update decisions set title = title
    where run is null and id in (select decision from decision_claims where experiment = new.experiment);
end;

-- A fix is for the environments of its findings.
create trigger search_findings_environment after update of environment on findings begin
    update fixes set title = title where id in (select fix from fix_findings where finding = new.id);
end;

-- What is said of a thing writes its entry anew. The number stands behind the last hyphen of its id.
drop trigger search_said_later;
create trigger search_said_later after insert on events
when ((new.kind = 'slo' and new.act in ('retired'))
    or (new.kind = 'experiment' and new.act in ('changes_asked', 'retired', 'reopened'))
    or (new.kind = 'run' and new.act in ('signed', 'amended', 'overruled', 'overruling_revoked', 'validity_ruled',
        'deviated', 'deviation_ruled', 'abort_pressed', 'abort_reason_given', 'revert_failed', 'cancelled',
        'moved_to', 'gate_answered', 'poll_answered', 'attached', 'effect_recorded', 'check_answered',
        'check_amended', 'signal_amended', 'fix_answered', 'lacks_fix'))
    or (new.kind = 'finding' and new.act in ('cause_suspected', 'cause_confirmed', 'risk_accepted', 'dismissed',
        'undone', 'seen_again'))
    or (new.kind = 'fix' and new.act in ('deployed', 'rolled_back', 'withdrawn', 'ticket_closed'))
    or (new.kind = 'decision' and new.act in ('saving_realised', 'stopped'))
    or (new.kind = 'gameday' and new.act in ('cancelled')))
    and (new.act <> 'effect_recorded'
        or json_extract(case when json_valid(new.body) then new.body else '{}' end, '$.evidence') is not null) begin
    insert into search_entries (kind, number, object, title, body, marks, created_at)
        select kind, number, object, title, body, marks, created_at from search_texts
        where kind = new.kind and number = case when substr(new.object, 1, 5) = 'DEMO-'
            then 900000000 + cast(substr(new.object, instr(substr(new.object, 6), '-') + 6) as integer)
            else cast(substr(new.object, instr(new.object, '-') + 1) as integer) end
        on conflict (kind, object) do update set title = excluded.title, body = excluded.body, marks = excluded.marks
            where title <> excluded.title or body <> excluded.body or marks <> excluded.marks;
end;

-- What an SLO promises is its approved text, or while nobody approved one, the newest.
drop trigger search_slos_other;
create trigger search_slos_other after update of title, service, environment, revision, approved on slos begin
    insert into search_entries (kind, number, object, title, body, marks, created_at)
        select kind, number, object, title, body, marks, created_at from search_texts
        where kind = 'slo' and number = new.id
        on conflict (kind, object) do update set title = excluded.title, body = excluded.body, marks = excluded.marks
            where title <> excluded.title or body <> excluded.body or marks <> excluded.marks;
end;
create trigger search_slo_revisions_new after insert on slo_revisions begin
    insert into search_entries (kind, number, object, title, body, marks, created_at)
        select kind, number, object, title, body, marks, created_at from search_texts
        where kind = 'slo' and number = new.slo
        on conflict (kind, object) do update set title = excluded.title, body = excluded.body, marks = excluded.marks
            where title <> excluded.title or body <> excluded.body or marks <> excluded.marks;
end;
create trigger search_slo_revisions_other after update of text on slo_revisions begin
    insert into search_entries (kind, number, object, title, body, marks, created_at)
        select kind, number, object, title, body, marks, created_at from search_texts
        where kind = 'slo' and number = new.slo
        on conflict (kind, object) do update set title = excluded.title, body = excluded.body, marks = excluded.marks
            where title <> excluded.title or body <> excluded.body or marks <> excluded.marks;
end;

-- What was entered before keeps its place and is written anew where it says something else now.
insert into search_entries (kind, number, object, title, body, marks, created_at)
    select kind, number, object, title, body, marks, created_at from search_texts where true
    on conflict (kind, object) do update set title = excluded.title, body = excluded.body, marks = excluded.marks
        where title <> excluded.title or body <> excluded.body or marks <> excluded.marks;
