-- Which weekly digest somebody was told last, on SQLite, so that each is told once.
create table digests (
    person bigint primary key,
    week text not null
);

-- The few lines of a week that a digest reads, among all that runs write.
create index events_of_week on events (recorded_at) where act in ('signed', 'closed', 'written', 'turned');
