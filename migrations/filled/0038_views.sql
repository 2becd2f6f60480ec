insert into saved_views (id, name, query, owner, team, pinned, home, created_at, dropped_at, list, shows, grouped, version)
    values (2, 'Severe ones', 'type:finding severity:>=high', 1, null, false, false, 1793613600000000, null,
        'finding', 'severity,status', 'service', 3);
