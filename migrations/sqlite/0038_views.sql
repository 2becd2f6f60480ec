-- How often a view was written, on SQLite: who changes it says from which version.
alter table saved_views add column version bigint not null default 1;
