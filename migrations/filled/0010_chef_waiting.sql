insert into chef_converges (run, node, status, started_at, ended_at, body, mapped, person, received_at)
    values ('decaf0', 'zk-2', 'failure', 1793613500000000, 1793613600000000, '{}', false, 1, 1793613600000000);
