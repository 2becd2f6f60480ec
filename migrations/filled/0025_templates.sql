insert into templates (slug, version, retired_at, created_at) values ('restart-one-zookeeper', 1, null, 1793613600000000);
insert into template_versions (template, version, text, person, created_at)
    values ('restart-one-zookeeper', 1, '{}', 1, 1793613600000000);
insert into template_uses (experiment, template, version) values (1, 'restart-one-zookeeper', 1);
