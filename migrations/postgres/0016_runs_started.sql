-- The ledger, an SLO's page and what findings runs gave ask for runs by when they began.
create index runs_started on runs (started_at);
