-- SQLite cuts words at the signs of every script already; the step of this number is for PostgreSQL.
select 1;
