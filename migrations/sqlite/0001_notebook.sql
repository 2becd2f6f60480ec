-- The notebook on SQLite. Shipped files never change by a byte: write a new one.

-- Counters give public numbers: rising, never reused.
create table counters (
    kind text primary key,
    last bigint not null
);

create table settings (
    name text primary key,
    value text not null
);

create table people (
    id integer primary key,
    email text not null unique,
    name text not null,
    role text not null check (role in ('viewer', 'contributor', 'admin')),
    can_revert boolean not null,
    zone text not null,
    theme text not null check (theme in ('system', 'light', 'dark')),
    password_hash text,
    disabled_at bigint,
    created_at bigint not null,
    version bigint not null
);

-- One-time links: the first admin's setup, invitations, password resets. Only hashes are kept.
create table links (
    key text primary key,
    purpose text not null check (purpose in ('setup', 'invite', 'reset')),
    email text,
    role text,
    person bigint references people (id),
    made_by bigint references people (id),
    created_at bigint not null,
    expires_at bigint not null,
    used_at bigint
);

create table login_sessions (
    key text primary key,
    person bigint references people (id),
    data text not null,
    agent text not null,
    created_at bigint not null,
    seen_at bigint not null,
    expires_at bigint not null
);
create index login_sessions_person on login_sessions (person);

create table login_failures (
    account text not null,
    at bigint not null
);
create index login_failures_account on login_failures (account, at);

create table tokens (
    id integer primary key,
    person bigint not null references people (id),
    name text not null,
    key text not null unique,
    ending text not null,
    scope text not null check (scope in ('read', 'ingest', 'all')),
    created_at bigint not null,
    expires_at bigint,
    used_at bigint,
    revoked_at bigint
);
create index tokens_person on tokens (person);

-- Form tokens and idempotency keys: a repeat finds the first one's result.
create table once_keys (
    key text primary key,
    thing text not null,
    at bigint not null
);
create index once_keys_at on once_keys (at);

-- What was done, in order. Written in the transaction of the change itself, never altered.
create table events (
    seq integer primary key autoincrement,
    at bigint not null,
    recorded_at bigint not null,
    person bigint references people (id),
    via text not null,
    kind text not null,
    object text not null,
    act text not null,
    body text not null
);
create index events_object on events (kind, object, seq);

create table environments (
    slug text primary key,
    name text not null,
    class text not null check (class in ('production', 'other')),
    created_at bigint not null,
    version bigint not null
);

create table services (
    slug text primary key,
    name text not null,
    owner text,
    description text,
    stateful boolean not null,
    single_point boolean not null,
    created_at bigint not null,
    version bigint not null
);

create table service_dependencies (
    service text not null references services (slug),
    needs text not null references services (slug),
    primary key (service, needs)
);

create table targets (
    service text not null references services (slug),
    environment text not null references environments (slug),
    name text not null,
    role text,
    primary key (service, environment, name)
);

create table changes (
    id integer primary key,
    kind text not null,
    summary text not null,
    reference text,
    environment text not null references environments (slug),
    at bigint not null,
    recorded_at bigint not null,
    person bigint references people (id)
);
create index changes_at on changes (at);

create table change_services (
    change bigint not null references changes (id),
    service text not null references services (slug),
    primary key (change, service)
);
create index change_services_service on change_services (service);

create table experiments (
    id integer primary key,
    title text not null,
    stage text not null check (stage in ('draft', 'in_review', 'ready', 'retired')),
    owner bigint references people (id),
    revision bigint not null,
    approved bigint,
    created_at bigint not null,
    updated_at bigint not null,
    version bigint not null
);

create table revisions (
    experiment bigint not null references experiments (id),
    number bigint not null,
    state text not null check (state in ('draft', 'in_review', 'changes_asked', 'approved', 'replaced')),
    author bigint references people (id),
    reason text,
    plan text not null,
    fingerprint text not null,
    created_at bigint not null,
    version bigint not null,
    primary key (experiment, number)
);

create table experiment_services (
    experiment bigint not null references experiments (id),
    service text not null references services (slug),
    primary key (experiment, service)
);
create index experiment_services_service on experiment_services (service);

create table runs (
    id integer primary key,
    experiment bigint not null references experiments (id),
    revision bigint not null,
    environment text not null references environments (slug),
    execution text not null
        check (execution in ('planned', 'running', 'reverting', 'finished', 'aborted', 'cancelled', 'missed')),
    planned_at bigint,
    zone text not null,
    started_at bigint,
    ended_at bigint,
    closed_at bigint,
    created_at bigint not null,
    version bigint not null
);
create index runs_experiment on runs (experiment, id);

create table findings (
    id integer primary key,
    title text not null,
    kind text not null,
    severity text not null check (severity in ('low', 'medium', 'high', 'critical')),
    experiment bigint references experiments (id),
    origin bigint references runs (id),
    environment text not null references environments (slug),
    body text not null,
    created_at bigint not null,
    version bigint not null
);
create index findings_experiment on findings (experiment, id);
create index findings_origin on findings (origin);

create table finding_services (
    finding bigint not null references findings (id),
    service text not null references services (slug),
    primary key (finding, service)
);
create index finding_services_service on finding_services (service);

create table fixes (
    id integer primary key,
    title text not null,
    body text not null,
    created_at bigint not null,
    version bigint not null
);

create table fix_findings (
    fix bigint not null references fixes (id),
    finding bigint not null references findings (id),
    primary key (fix, finding)
);
create index fix_findings_finding on fix_findings (finding);

create table decisions (
    id integer primary key,
    kind text not null,
    title text not null,
    body text not null,
    run bigint references runs (id),
    supersedes bigint references decisions (id),
    until_at bigint,
    review_at bigint,
    created_at bigint not null,
    version bigint not null
);
create index decisions_run on decisions (run);

create table decision_claims (
    decision bigint not null references decisions (id),
    experiment bigint not null references experiments (id),
    snapshot text not null,
    primary key (decision, experiment)
);
create index decision_claims_experiment on decision_claims (experiment);

-- Documents of other tools as they came, after redaction.
create table imports (
    id integer primary key,
    tool text not null,
    key text not null unique,
    run bigint references runs (id),
    experiment bigint references experiments (id),
    proposal text not null,
    document text not null,
    person bigint references people (id),
    received_at bigint not null
);
