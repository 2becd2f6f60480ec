-- Which services each revision of a plan names, on SQLite: what was tried on a service counts also after a later plan
-- left it out. Triggers keep it with the plan, so that an older program beside this one keeps it, too.
create table revision_services (
    experiment bigint not null,
    number bigint not null,
    service text not null,
    primary key (experiment, number, service)
);
create index revision_services_service on revision_services (service, experiment, number);

create trigger revision_services_new after insert on revisions begin
    insert into revision_services (experiment, number, service)
        select distinct new.experiment, new.number, s.value
        from json_each(case when json_valid(new.plan) then new.plan else '{}' end, '$.identity.services') s
        where s.type = 'text';
end;
create trigger revision_services_other after update of plan on revisions begin
    delete from revision_services where experiment = old.experiment and number = old.number;
    insert into revision_services (experiment, number, service)
        select distinct new.experiment, new.number, s.value
        from json_each(case when json_valid(new.plan) then new.plan else '{}' end, '$.identity.services') s
        where s.type = 'text';
end;
create trigger revision_services_old after delete on revisions begin
    delete from revision_services where experiment = old.experiment and number = old.number;
end;

insert into revision_services (experiment, number, service)
    select distinct r.experiment, r.number, s.value
    from revisions r, json_each(case when json_valid(r.plan) then r.plan else '{}' end, '$.identity.services') s
    where s.type = 'text';

-- The newest run of each revision in each environment is found without reading the others.
create index runs_ended on runs (experiment, revision, environment, ended_at, id) where execution in ('finished', 'aborted');
