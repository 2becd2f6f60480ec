insert into alerts (id, environment, service, fingerprint, name, body, starts_at, ended_at, received_at)
    values (1, 'production', 'zookeeper', '0ad7b8b0c6a5f3de', 'ZooKeeperDown', '{"labels": {"alertname": "ZooKeeperDown"}}', 1793613600000000, null, 1793613612000000);
insert into alert_hearings (environment, since_at, until_at)
    values ('production', 1793613000000000, 1793613612000000);
