-- What a thing is found by on PostgreSQL: observations, decisions and game days also by the services, the environment and
-- the fault of what they are about, findings by the fault that showed them, fixes by the environment of their findings.
-- And what people say in passing: deviations, why a run was aborted, cancelled or amended, who saw what, captions, why
-- a fix was taken back, what an SLO promises. Of a run, what was said last stands first.
-- An older program beside this one keeps that, too.
-- Whoever writes waits until it is there: what they write is entered by one version or the other.
lock table services, slos, slo_revisions, experiments, revisions, experiment_services, runs, findings, finding_services,
    fixes, fix_findings, decisions, decision_claims, gamedays, gameday_runs, events in share row exclusive mode;

-- What people say of a thing later on, as far as it is found by that. Of what takes place of something signed, both
-- the reason and the witness are said; a witness without a name says nothing. Each line is read once.
create or replace view search_said as
select
    e.kind, e.object, e.seq,
    coalesce(j.json ->> 'amends' || ' ', '') || coalesce(j.json ->> 'analysis', j.json ->> 'text', j.json ->> 'reason',
        j.json ->> 'saving', j.json ->> 'reference', j.json ->> 'says', j.json ->> 'why',
        nullif(j.json ->> 'source', 'witness'), j.json ->> 'evidence', '') as text
from events e
cross join lateral (select search_json(e.body) as json offset 0) j
where ((e.kind = 'slo' and e.act in ('retired'))
    or (e.kind = 'experiment' and e.act in ('changes_asked', 'retired', 'reopened'))
    or (e.kind = 'run' and e.act in ('signed', 'amended', 'overruled', 'overruling_revoked', 'validity_ruled',
        'deviated', 'deviation_ruled', 'abort_pressed', 'abort_reason_given', 'revert_failed', 'cancelled',
        'moved_to', 'gate_answered', 'poll_answered', 'attached', 'effect_recorded', 'check_answered',
        'check_amended', 'signal_amended', 'fix_answered', 'lacks_fix'))
    or (e.kind = 'finding' and e.act in ('cause_suspected', 'cause_confirmed', 'risk_accepted', 'dismissed', 'undone',
        'seen_again'))
    or (e.kind = 'fix' and e.act in ('deployed', 'rolled_back', 'withdrawn', 'ticket_closed'))
    or (e.kind = 'decision' and e.act in ('saving_realised', 'stopped'))
    or (e.kind = 'gameday' and e.act in ('cancelled')))
    and (e.act <> 'effect_recorded' or j.json ->> 'evidence' is not null);

-- The number behind the last hyphen of an id.
create function search_number(said text) returns bigint language sql immutable as $$
    select cast(substring(said from '[0-9]+$') as bigint) + case when said like 'DEMO-%' then 900000000 else 0 end
$$;

-- What each revision of a plan says, and the plans that game days and decisions are about: a run has the one that it
-- was begun with, a claim the present one of its experiment.
create view search_plans as
select experiment, number, search_json(plan) as json from revisions;

create view search_day_plans as
select g.gameday, u.environment, r.experiment, r.number, r.json
from gameday_runs g
join runs u on u.id = g.run
join search_plans r on r.experiment = u.experiment and r.number = u.revision;

create view search_claimed_plans as
select c.decision, r.json #>> '{identity,environment}' as environment, r.experiment, r.number, r.json
from decision_claims c
join experiments e on e.id = c.experiment
join search_plans r on r.experiment = e.id and r.number = e.revision;

-- The parts of each thing, before they are put together: services, environments, what else it belongs to, and texts.
create or replace view search_parts as
select
    'service' as kind, cast(0 as bigint) as number, slug as object, name as title,
    coalesce(description, '') || ' ' || coalesce(owner, '') as body,
    slug as services, '' as environment,
    ' team=' || coalesce(team, 'none') || case when owner is null then ' owner=none' else '' end as belongs, created_at
from services
union all
select
    'slo', id, case when id >= 900000000 then 'DEMO-SLO-' || (id - 900000000) else 'SLO-' || id end, title,
    coalesce((select coalesce(search_json(r.text) ->> 'promise', '') || ' '
            || coalesce(search_json(r.text) #>> '{indicator,measure}', '')
        from slo_revisions r where r.slo = slos.id and r.number = coalesce(slos.approved, slos.revision)), '') || ' ' ||
    coalesce((select string_agg(text, ' ' order by seq) from search_said
        where kind = 'slo' and object = case when slos.id >= 900000000 then 'DEMO-SLO-' || (slos.id - 900000000) else 'SLO-' || slos.id end), ''),
    service, environment, '', created_at
from slos
union all
select
    'experiment', e.id, case when e.id >= 900000000 then 'DEMO-EXP-' || (e.id - 900000000) else 'EXP-' || e.id end, e.title,
    coalesce(r.json #>> '{context,question}', '') || ' '
        || coalesce(r.json #>> '{context,hypothesis,fault}', '') || ' '
        || coalesce(r.json #>> '{context,hypothesis,behaviour}', '') || ' '
        || coalesce(r.json #>> '{context,hypothesis,safeguard}', '') || ' '
        || coalesce(r.json #>> '{context,notes}', '') || ' '
        || coalesce(r.json #>> '{identity,fault,kind}', '') || ' '
        || coalesce((select string_agg(part ->> 'op', ' ' order by place)
            from jsonb_array_elements(search_list(r.json #> '{identity,method}')) with ordinality p(part, place)), '') || ' '
        || coalesce((select string_agg(part ->> 'measure', ' ' order by place)
            from jsonb_array_elements(search_list(r.json #> '{identity,checks}')) with ordinality p(part, place)), '') || ' '
        || coalesce((select string_agg(part ->> 'signal', ' ' order by place)
            from jsonb_array_elements(search_list(r.json #> '{identity,signals}')) with ordinality p(part, place)), '') || ' '
        || coalesce((select string_agg(part, ' ' order by place)
            from jsonb_array_elements_text(search_list(r.json #> '{context,abort_conditions}')) with ordinality p(part, place)), '') || ' '
        || coalesce(r.json #>> '{context,revert,procedure}', '') || ' ' ||
    coalesce((select string_agg(text, ' ' order by seq) from search_said
        where kind = 'experiment' and object = case when e.id >= 900000000 then 'DEMO-EXP-' || (e.id - 900000000) else 'EXP-' || e.id end), ''),
    coalesce((select string_agg(service, ',' order by service collate "C")
        from experiment_services where experiment = e.id), ''),
    coalesce(r.json #>> '{identity,environment}', ''),
    ' owner=' || coalesce(cast(e.owner as text), 'none')
        || ' fault=' || coalesce((r.json #>> '{identity,fault,kind}'), 'none')
        || ' experiment=' || case when e.id >= 900000000 then 'DEMO-EXP-' || (e.id - 900000000) else 'EXP-' || e.id end
        || coalesce((select string_agg(' plan=' || case when e.id >= 900000000 then 'DEMO-EXP-' || (e.id - 900000000) else 'EXP-' || e.id end || '-' || number, '' order by number)
            from revisions where experiment = e.id), '')
        || coalesce((select string_agg(' decision=' || case when decision >= 900000000 then 'DEMO-DEC-' || (decision - 900000000) else 'DEC-' || decision end, '' order by decision)
            from decision_claims where experiment = e.id), ''),
    e.created_at
from experiments e
left join (
    select experiment, number, search_json(plan) as json from revisions
) r on r.experiment = e.id and r.number = e.revision
union all
select
    'run', u.id, case when u.id >= 900000000 then 'DEMO-RUN-' || (u.id - 900000000) else 'RUN-' || u.id end,
    coalesce(r.json #>> '{context,title}', ''),
    coalesce((select string_agg(text, ' ' order by seq desc) from search_said
        where kind = 'run' and object = case when u.id >= 900000000 then 'DEMO-RUN-' || (u.id - 900000000) else 'RUN-' || u.id end), ''),
    coalesce((select string_agg(service, ',' order by place)
        from jsonb_array_elements_text(search_list(r.json #> '{identity,services}')) with ordinality s(service, place)), ''),
    u.environment,
    ' fault=' || coalesce((r.json #>> '{identity,fault,kind}'), 'none')
        || ' experiment='
        || case when u.experiment >= 900000000 then 'DEMO-EXP-' || (u.experiment - 900000000) else 'EXP-' || u.experiment end
        || ' plan='
        || case when u.experiment >= 900000000 then 'DEMO-EXP-' || (u.experiment - 900000000) else 'EXP-' || u.experiment end || '-' || u.revision
        || ' run=' || case when u.id >= 900000000 then 'DEMO-RUN-' || (u.id - 900000000) else 'RUN-' || u.id end
        || coalesce((select string_agg(' decision=' || case when id >= 900000000 then 'DEMO-DEC-' || (id - 900000000) else 'DEC-' || id end, '' order by id)
            from decisions where run = u.id), '')
        || coalesce((select string_agg(' finding=' || case when id >= 900000000 then 'DEMO-FND-' || (id - 900000000) else 'FND-' || id end, '' order by id)
            from findings where origin = u.id), ''),
    u.created_at
from runs u
left join (
    select experiment, number, search_json(plan) as json from revisions
) r on r.experiment = u.experiment and r.number = u.revision
union all
select
    'observation', v.seq, v.object || '#' || coalesce(search_json(v.body) ->> 'number', cast(v.seq as text)), '',
    coalesce(search_json(v.body) ->> 'text', ''),
    coalesce((select string_agg(service, ',' order by service collate "C")
        from revision_services where experiment = u.experiment and number = u.revision), ''),
    coalesce(u.environment, ''),
    ' run=' || v.object || ' by=' || coalesce(cast(v.person as text), 'none') || ' fault=' || coalesce(r.json #>> '{identity,fault,kind}', 'none'), v.at
from events v
left join runs u on u.id = search_number(v.object)
left join search_plans r on r.experiment = u.experiment and r.number = u.revision
where v.kind = 'run' and v.act = 'observed'
union all
select
    'observation', v.seq, v.object || '#' || coalesce(search_json(v.body) ->> 'number', cast(v.seq as text)), '',
    coalesce(search_json(v.body) ->> 'text', ''),
    coalesce((select string_agg(service, ',' order by service collate "C")
        from revision_services where experiment = e.id and number = e.revision), ''),
    coalesce(r.json #>> '{identity,environment}', ''),
    ' experiment=' || v.object || ' by=' || coalesce(cast(v.person as text), 'none') || ' fault=' || coalesce(r.json #>> '{identity,fault,kind}', 'none'), v.at
from events v
left join experiments e on e.id = search_number(v.object)
left join search_plans r on r.experiment = e.id and r.number = e.revision
where v.kind = 'experiment' and v.act = 'observed'
union all
select
    'observation', v.seq, v.object || '#' || coalesce(search_json(v.body) ->> 'number', cast(v.seq as text)), '',
    coalesce(search_json(v.body) ->> 'text', ''),
    coalesce((select string_agg(service, ',' order by service collate "C") from (
        select distinct s.service from search_day_plans p
        join revision_services s on s.experiment = p.experiment and s.number = p.number where p.gameday = search_number(v.object)) s), ''),
    coalesce((select string_agg(environment, ',' order by environment collate "C") from (
        select distinct environment from search_day_plans p where p.gameday = search_number(v.object) and environment <> '') s), ''),
    ' by=' || coalesce(cast(v.person as text), 'none') || coalesce((select string_agg(' fault=' || fault, '' order by fault collate "C") from (
            select distinct p.json #>> '{identity,fault,kind}' as fault from search_day_plans p where p.gameday = search_number(v.object)) s), ' fault=none'), v.at
from events v
where v.kind = 'gameday' and v.act = 'noted'
union all
select
    'finding', f.id, case when f.id >= 900000000 then 'DEMO-FND-' || (f.id - 900000000) else 'FND-' || f.id end, f.title,
    coalesce(search_json(f.body) ->> 'summary', '') || ' ' ||
    coalesce((select string_agg(text, ' ' order by seq) from search_said
        where kind = 'finding' and object = case when f.id >= 900000000 then 'DEMO-FND-' || (f.id - 900000000) else 'FND-' || f.id end), ''),
    coalesce((select string_agg(service, ',' order by service collate "C")
        from finding_services where finding = f.id), ''),
    f.environment,
    ' severity=' || f.severity || ' kind=' || f.kind || ' fault=' || coalesce(r.json #>> '{identity,fault,kind}', 'none')
        || coalesce(' experiment=' || case when f.experiment >= 900000000
            then 'DEMO-EXP-' || (f.experiment - 900000000) else 'EXP-' || f.experiment end, '')
        || coalesce(' run=' || case when f.origin >= 900000000
            then 'DEMO-RUN-' || (f.origin - 900000000) else 'RUN-' || f.origin end, '')
        || ' finding=' || case when f.id >= 900000000 then 'DEMO-FND-' || (f.id - 900000000) else 'FND-' || f.id end
        || coalesce((select string_agg(' fix=' || case when fix >= 900000000 then 'DEMO-FIX-' || (fix - 900000000) else 'FIX-' || fix end, '' order by fix)
            from fix_findings where finding = f.id), ''),
    f.created_at
from findings f
left join runs u on u.id = f.origin
left join experiments e on e.id = f.experiment
left join search_plans r on r.experiment = coalesce(u.experiment, e.id) and r.number = coalesce(u.revision, e.revision)
union all
select
    'fix', x.id, case when x.id >= 900000000 then 'DEMO-FIX-' || (x.id - 900000000) else 'FIX-' || x.id end, x.title,
    coalesce(search_json(x.body) ->> 'summary', '') || ' ' ||
    coalesce((select string_agg(text, ' ' order by seq) from search_said
        where kind = 'fix' and object = case when x.id >= 900000000 then 'DEMO-FIX-' || (x.id - 900000000) else 'FIX-' || x.id end), ''),
    coalesce((select string_agg(service, ',' order by service collate "C") from (
        select distinct service from finding_services
        where finding in (select finding from fix_findings where fix = x.id)) s), ''),
    coalesce((select string_agg(environment, ',' order by environment collate "C") from (
        select distinct environment from findings
        where id in (select finding from fix_findings where fix = x.id)) s), ''),
    coalesce((select string_agg(' finding=' || case when finding >= 900000000
            then 'DEMO-FND-' || (finding - 900000000) else 'FND-' || finding end, '' order by finding)
        from fix_findings where fix = x.id), '')
        || ' fix=' || case when x.id >= 900000000 then 'DEMO-FIX-' || (x.id - 900000000) else 'FIX-' || x.id end,
    x.created_at
from fixes x
union all
select
    'decision', d.id, case when d.id >= 900000000 then 'DEMO-DEC-' || (d.id - 900000000) else 'DEC-' || d.id end, d.title,
    coalesce(search_json(d.body) ->> 'reason', '') || ' '
        || coalesce(search_json(d.body) ->> 'consequences', '') || ' '
        || coalesce(search_json(d.body) ->> 'saving', '') || ' '
        || coalesce(search_json(d.body) ->> 'passive', '') || ' ' ||
    coalesce((select string_agg(text, ' ' order by seq) from search_said
        where kind = 'decision' and object = case when d.id >= 900000000 then 'DEMO-DEC-' || (d.id - 900000000) else 'DEC-' || d.id end), ''),
    case when d.run is null then coalesce((select string_agg(service, ',' order by service collate "C") from (
        select distinct s.service from search_claimed_plans p
        join revision_services s on s.experiment = p.experiment and s.number = p.number where p.decision = d.id) s), '')
    else coalesce((select string_agg(service, ',' order by service collate "C")
        from revision_services where experiment = u.experiment and number = u.revision), '') end,
    case when d.run is null then coalesce((select string_agg(environment, ',' order by environment collate "C") from (
        select distinct environment from search_claimed_plans p where p.decision = d.id and environment <> '') s), '')
    else coalesce(u.environment, '') end,
    case when d.run is null then coalesce((select string_agg(' fault=' || fault, '' order by fault collate "C") from (
            select distinct p.json #>> '{identity,fault,kind}' as fault from search_claimed_plans p where p.decision = d.id) s), ' fault=none')
    else ' fault=' || coalesce(r.json #>> '{identity,fault,kind}', 'none') end
        || ' kind=' || d.kind || ' decision=' || case when d.id >= 900000000 then 'DEMO-DEC-' || (d.id - 900000000) else 'DEC-' || d.id end
        || coalesce(' decision=' || case when d.supersedes >= 900000000
            then 'DEMO-DEC-' || (d.supersedes - 900000000) else 'DEC-' || d.supersedes end, '')
        || coalesce(' run=' || case when d.run >= 900000000
        then 'DEMO-RUN-' || (d.run - 900000000) else 'RUN-' || d.run end, '')
        || coalesce((select string_agg(' experiment=' || case when experiment >= 900000000 then 'DEMO-EXP-' || (experiment - 900000000) else 'EXP-' || experiment end, '' order by experiment)
            from decision_claims where decision = d.id), ''),
    d.created_at
from decisions d
left join runs u on u.id = d.run
left join search_plans r on r.experiment = u.experiment and r.number = u.revision
union all
select
    'gameday', g.id, case when g.id >= 900000000 then 'DEMO-GD-' || (g.id - 900000000) else 'GD-' || g.id end, g.title,
    coalesce((select string_agg(point ->> 'what', ' ' order by place)
        from jsonb_array_elements(search_list(search_json(g.body) -> 'agenda')) with ordinality a(point, place)), '') || ' ' ||
    coalesce((select string_agg(text, ' ' order by seq) from search_said
        where kind = 'gameday' and object = case when g.id >= 900000000 then 'DEMO-GD-' || (g.id - 900000000) else 'GD-' || g.id end), ''),
    coalesce((select string_agg(service, ',' order by service collate "C") from (
        select distinct s.service from search_day_plans p
        join revision_services s on s.experiment = p.experiment and s.number = p.number where p.gameday = g.id) s), ''),
    coalesce((select string_agg(environment, ',' order by environment collate "C") from (
        select distinct environment from search_day_plans p where p.gameday = g.id and environment <> '') s), ''),
    coalesce((select string_agg(' fault=' || fault, '' order by fault collate "C") from (
            select distinct p.json #>> '{identity,fault,kind}' as fault from search_day_plans p where p.gameday = g.id) s), ' fault=none')
        || coalesce((select string_agg(' team=' || team, '' order by place)
        from jsonb_array_elements_text(search_list(search_json(g.body) -> 'teams')) with ordinality t(team, place)), '')
        || coalesce((select string_agg(' run=' || case when run >= 900000000 then 'DEMO-RUN-' || (run - 900000000) else 'RUN-' || run end, '' order by run)
            from gameday_runs where gameday = g.id), ''),
    g.created_at
from gamedays g;

create or replace view search_texts as
select
    kind, number, object, replace(title, chr(57344), ' ') as title,
    replace(trim(body || ' ' || object || ' ' || replace(services, ',', ' ') || ' ' || replace(environment, ',', ' ')), chr(57344), ' ') as body,
    replace(replace(replace(replace(
        '=every=thing type=' || kind
            || ' service=' || case when services = '' then 'none' else replace(services, ',', ' service=') end
            || ' env=' || case when environment = '' then 'none' else replace(environment, ',', ' env=') end
            || lower(belongs)
            || to_char(to_timestamp(created_at / 1000000) at time zone 'UTC', '" on="YYYY" on="YYYY-MM" on="YYYY-MM-DD'),
        ' ', ' ='), '=', chr(57344)), '-', chr(57344)), '_', chr(57344)) as marks,
    created_at
from search_parts;

-- Writes the entry of one thing anew, as before, but takes the entry first: whoever waits for it reads afterwards, and so
-- does not write over what was said meanwhile. A note changes by what it is about only, which its writer holds.
create or replace function search_keep(of_kind text, of_number bigint, of_object text) returns void
language plpgsql set search_path from current set plan_cache_mode = force_generic_plan as $$
declare
    held text := case of_kind
        when 'service' then of_object
        when 'slo' then search_id('SLO', of_number)
        when 'experiment' then search_id('EXP', of_number)
        when 'run' then search_id('RUN', of_number)
        when 'finding' then search_id('FND', of_number)
        when 'fix' then search_id('FIX', of_number)
        when 'decision' then search_id('DEC', of_number)
        when 'gameday' then search_id('GD', of_number)
        else null
    end;
begin
    perform 1 from search_entries e where e.kind = of_kind and e.object = held for no key update;
    insert into search_entries as kept (kind, number, object, title, body, marks, created_at)
        select kind, number, object, title, body, marks, created_at from search_texts
        where kind = of_kind and number = of_number and (of_object is null or object = of_object)
        on conflict (kind, object) do update set title = excluded.title, body = excluded.body, marks = excluded.marks
            where kept.title <> excluded.title or kept.body <> excluded.body or kept.marks <> excluded.marks;
end
$$;

-- Whoever writes entries of other things than their own takes the trail's turn first, as whoever writes a line has it
-- when the line writes entries: neither waits for the other then.
create function search_take_turn() returns void language sql as $$
    select pg_advisory_xact_lock(7340001)
$$;

-- What was noted on a thing is written anew.
create function search_keep_notes(of_kind text, of_object text) returns void
language plpgsql set search_path from current as $$
begin
    perform search_keep('observation', seq, null) from events
        where kind = of_kind and object = of_object and act = case of_kind when 'gameday' then 'noted' else 'observed' end;
end
$$;

-- What is about a run is about the plan of its revision.
create function search_about_run(of_run bigint) returns void language plpgsql set search_path from current as $$
begin
    perform search_take_turn();
    perform search_keep_notes('run', search_id('RUN', of_run));
    perform search_keep('finding', id, null) from findings where origin = of_run;
    perform search_keep('decision', id, null) from decisions where run = of_run;
    perform search_keep('gameday', gameday, null), search_keep_notes('gameday', search_id('GD', gameday))
        from gameday_runs where run = of_run;
end
$$;
create function search_run_about() returns trigger language plpgsql set search_path from current as $$
begin
    perform search_about_run(new.id);
    return null;
end
$$;
create trigger search_runs_about after update of revision, environment on runs
    for each row execute function search_run_about();

create or replace function search_gameday_runs() returns trigger language plpgsql set search_path from current as $$
begin
    perform search_take_turn();
    if tg_op = 'DELETE' then
        perform search_keep('gameday', old.gameday, null);
        perform search_keep_notes('gameday', search_id('GD', old.gameday));
    else
        perform search_keep('gameday', new.gameday, null);
        perform search_keep_notes('gameday', search_id('GD', new.gameday));
    end if;
    return null;
end
$$;

-- What is about an experiment and no run of it is about its present plan.
create function search_about_experiment(of_experiment bigint) returns void
language plpgsql set search_path from current as $$
begin
    perform search_take_turn();
    perform search_keep_notes('experiment', search_id('EXP', of_experiment));
    perform search_keep('finding', id, null) from findings where experiment = of_experiment and origin is null;
    perform search_keep('decision', id, null) from decisions
        where run is null and id in (select decision from decision_claims where experiment = of_experiment);
end
$$;
create function search_experiment_about() returns trigger language plpgsql set search_path from current as $$
begin
    perform search_about_experiment(new.id);
    return null;
end
$$;
create trigger search_experiments_about after update of revision on experiments
    for each row when (new.revision <> old.revision) execute function search_experiment_about();

-- Triggers of one table come in the order of their names: which services a revision names is written down by then.
create or replace function search_revision() returns trigger language plpgsql set search_path from current as $$
begin
    perform search_keep('experiment', new.experiment, null);
    perform search_about_experiment(new.experiment);
    if tg_op = 'UPDATE' then
        perform search_keep('run', id, null), search_about_run(id)
            from runs where experiment = new.experiment and revision = new.number;
    end if;
    return null;
end
$$;

-- A fix is for the environments of its findings.
create function search_finding_environment() returns trigger language plpgsql set search_path from current as $$
begin
    perform search_take_turn();
    perform search_keep('fix', fix, null) from fix_findings where finding = new.id;
    return null;
end
$$;
create trigger search_findings_environment after update of environment on findings
    for each row execute function search_finding_environment();

-- What is said of a thing writes its entry anew.
create or replace function search_said_later() returns trigger language plpgsql set search_path from current as $$
begin
    perform search_keep(new.kind, search_number(new.object), null);
    return null;
end
$$;
drop trigger search_said_later on events;
create trigger search_said_later after insert on events for each row
    when (((new.kind = 'slo' and new.act in ('retired'))
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
        and (new.act <> 'effect_recorded' or search_json(new.body) ->> 'evidence' is not null))
    execute function search_said_later();

-- What an SLO promises is its approved text, or while nobody approved one, the newest.
drop trigger search_slos on slos;
create trigger search_slos after insert or delete or update of title, service, environment, revision, approved on slos
    for each row execute function search_thing('slo', 'SLO');
create function search_slo_revision() returns trigger language plpgsql set search_path from current as $$
begin
    perform search_keep('slo', new.slo, null);
    return null;
end
$$;
create trigger search_slo_revisions after insert or update of text on slo_revisions
    for each row execute function search_slo_revision();

-- What was entered before keeps its place and is written anew where it says something else now.
insert into search_entries as kept (kind, number, object, title, body, marks, created_at)
    select kind, number, object, title, body, marks, created_at from search_texts
    on conflict (kind, object) do update set title = excluded.title, body = excluded.body, marks = excluded.marks
        where kept.title <> excluded.title or kept.body <> excluded.body or kept.marks <> excluded.marks;
