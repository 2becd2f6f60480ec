insert into saved_views (id, name, query, owner, team, pinned, home, created_at, dropped_at, version)
    values (2, 'Stale ones', 'is:stale', 1, null, false, false, 1793613600000000, null, 3);
