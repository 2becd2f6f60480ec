-- Views of lists, on SQLite: the list that one opens (without one, the search page, as all did), its columns and what its
-- rows are grouped by, in the words of its address; and how often it was written, because who changes it says from
-- which version. The server before this one leaves all of it alone.
alter table saved_views add column list text;
alter table saved_views add column shows text;
alter table saved_views add column grouped text;
alter table saved_views add column version bigint not null default 1;
