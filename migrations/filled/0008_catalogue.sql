update services set tier = '1', links = '[{"title":"Runbook","url":"https://wiki.example.org/zookeeper"}]',
    checked_at = 1793613600000000, checked_by = 1 where slug = 'zookeeper';
insert into service_sources (service, tool, entity, link, lifecycle, person, synced_at)
    values ('zookeeper', 'backstage', 'component:default/zookeeper', null, 'production', 1, 1793613600000000);
insert into chef_mappings (kind, name, service, environment, person, created_at)
    values ('node', 'zk-1', 'zookeeper', 'production', 1, 1793613600000000);
insert into chef_converges (run, node, status, started_at, ended_at, body, mapped, person, received_at)
    values ('c0ffee', 'zk-1', 'success', 1793613500000000, 1793613600000000, '{}', true, 1, 1793613600000000);
insert into chef_changes (run, change) values ('c0ffee', 1);
