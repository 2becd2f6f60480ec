-- Templates made of approved plans on SQLite, with every version, and which experiments began from one. Templates that come with the program have no row, so a use names them without a reference.
create table templates (
    slug text primary key,
    version bigint not null,
    retired_at bigint,
    created_at bigint not null
);
create table template_versions (
    template text not null references templates (slug),
    version bigint not null,
    text text not null,
    person bigint references people (id),
    created_at bigint not null,
    primary key (template, version)
);
create table template_uses (
    experiment bigint primary key references experiments (id),
    template text not null,
    version bigint not null
);
create index template_uses_template on template_uses (template, experiment);
