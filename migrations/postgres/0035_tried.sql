-- Which services each revision of a plan names, on PostgreSQL: what was tried on a service counts also after a later
-- plan left it out. Triggers keep it with the plan, so that an older program beside this one keeps it, too.
create table revision_services (
    experiment bigint not null,
    number bigint not null,
    service text not null,
    primary key (experiment, number, service)
);
create index revision_services_service on revision_services (service, experiment, number);

create function revision_services_kept() returns trigger language plpgsql set search_path from current as $$
begin
    if tg_op <> 'INSERT' then
        delete from revision_services where experiment = old.experiment and number = old.number;
    end if;
    if tg_op <> 'DELETE' then
        insert into revision_services (experiment, number, service)
            select distinct new.experiment, new.number, s.service
            from jsonb_array_elements_text(search_list(search_json(new.plan) #> '{identity,services}')) as s (service)
            where s.service is not null;
    end if;
    return null;
end
$$;
create trigger revision_services_kept after insert or delete or update of plan on revisions
    for each row execute function revision_services_kept();

-- The trigger came first: nobody writes a plan between the two.
insert into revision_services (experiment, number, service)
    select distinct r.experiment, r.number, s.service
    from revisions r, jsonb_array_elements_text(search_list(search_json(r.plan) #> '{identity,services}')) as s (service)
    where s.service is not null;

-- The newest run of each revision in each environment is found without reading the others.
create index runs_ended on runs (experiment, revision, environment, ended_at, id) where execution in ('finished', 'aborted');
