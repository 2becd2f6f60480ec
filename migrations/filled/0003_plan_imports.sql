insert into plan_imports (id, tool, key, experiment, title, document, taken_out, person, received_at)
    values (1, 'chaostoolkit', 'c2', 1, 'Restart one ZooKeeper', '{}', '[]', 1, 1793613600000000);
