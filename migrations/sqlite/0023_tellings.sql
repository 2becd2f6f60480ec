-- What was told of each experiment, on SQLite, so that the clock tells it once; and which experiments owe
-- something, so that nobody has to judge all of them to say what is due. All of it follows from the trail.
create table tellings (
    experiment bigint primary key,
    look_at bigint,
    owes boolean not null,
    told text not null
);
create index tellings_look_at on tellings (look_at);

create table telling_cursor (
    id bigint primary key check (id = 1),
    seq bigint not null
);

-- Whether a later decision took the place of one is asked of every decision that is judged.
create index decisions_supersedes on decisions (supersedes) where supersedes is not null;
