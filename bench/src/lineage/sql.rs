//! Runs in bulk, as years of repeating one experiment leave them.

use std::path::Path;

use rusqlite::{Connection, params};

use super::Filling;
use crate::Result;

/// Experiments beside the one whose page is measured.
pub const OTHERS: u32 = 24;

const EXPERIMENTS: &str = "
    insert into experiments (id, title, stage, owner, revision, approved, created_at, updated_at, version)
    with recursive n (i) as (select 2 union all select i + 1 from n where i < 1 + ?1)
    select n.i, title, stage, owner, revision, approved, created_at, updated_at, version
    from n, experiments
    where experiments.id = 1";

const REVISIONS: &str = "
    insert into revisions (experiment, number, state, author, reason, plan, fingerprint, created_at, version)
    select x.id, r.number, r.state, r.author, r.reason, r.plan, r.fingerprint, r.created_at, r.version
    from experiments x, revisions r
    where x.id between 2 and 1 + ?1 and r.experiment = 1";

const SERVICES: &str = "
    insert into experiment_services (experiment, service)
    select x.id, s.service
    from experiments x, experiment_services s
    where x.id between 2 and 1 + ?1 and s.experiment = 1";

/// Four of the others a day, in microseconds: as many a month however many there are. All of them lie before the
/// newest change, so that each of the others is due for a rerun.
const APART_US: i64 = 6 * 3_600_000_000;

/// Copies of the rerun: up to one number of the first experiment, the others of the others in turn.
const RUNS: &str = "
    insert into runs
        (id, experiment, revision, environment, execution, planned_at, zone, started_at, ended_at, closed_at, created_at, version)
    with recursive n (i) as (select 3 union all select i + 1 from n where i < ?1)
    select
        n.i, case when n.i <= ?2 then 1 else 2 + n.i % ?3 end, revision, environment, execution,
        planned_at - max(n.i - ?2, 0) * ?4, zone, started_at - max(n.i - ?2, 0) * ?4,
        ended_at - max(n.i - ?2, 0) * ?4, closed_at - max(n.i - ?2, 0) * ?4, created_at - max(n.i - ?2, 0) * ?4, version
    from n, runs
    where runs.id = 2";

/// Their lines; what people wrote down meanwhile stays with the rerun itself.
const EVENTS: &str = "
    insert into events (at, recorded_at, person, via, kind, object, act, body)
    select
        e.at - max(r.id - ?1, 0) * ?2, e.recorded_at - max(r.id - ?1, 0) * ?2, e.person, e.via, e.kind,
        'RUN-' || r.id, e.act, e.body
    from runs r, events e
    where r.id > 2 and e.kind = 'run' and e.object = 'RUN-2' and e.act <> 'observed'
    order by r.id, e.seq";

const SETTLE: &str = "pragma wal_checkpoint (truncate)";

/// Fills up a notebook that holds a run, its finding and fix, and the rerun that proves it.
pub fn grow(file: &Path, filling: Filling) -> Result<()> {
    let connection = Connection::open(file)?;
    // What is filled here is thrown away; only reading it is measured.
    connection.pragma_update(None, "synchronous", "off")?;
    for statement in [EXPERIMENTS, REVISIONS, SERVICES] {
        connection.execute(statement, params![OTHERS])?;
    }
    connection.execute(RUNS, params![filling.all, filling.own, OTHERS, APART_US])?;
    connection.execute(EVENTS, params![filling.own, APART_US])?;
    Ok(connection.query_row(SETTLE, [], |_| Ok(()))?)
}
