//! Counting and removing the sample's rows, whosever tables they are in: it is the last word of the
//! story, and the only one that takes others' rows away.

use super::Counts;
use crate::{
    db::{Tx, counters::SAMPLE_COUNTER, like::sample_slugs, on},
    fault::Result,
    id::SAMPLE_FROM,
};

const IS_HERE: &str = "select count(*) from (select 1 from people where id >= $1 limit 1) as somebody";

/// Whether the sample is here: there is no story without its people.
pub(super) async fn is_here(tx: &mut Tx) -> Result<bool> {
    let found: i64 = on!(tx, c => sqlx::query_scalar(IS_HERE).bind(SAMPLE_FROM).fetch_one(c).await)?;
    Ok(found > 0)
}

const TAKEN: &str = "
    select slug from services where cast($1 as text) like '%|' || slug || '|%'
    union all
    select slug from environments where cast($1 as text) like '%|' || slug || '|%'
    union all
    select slug from teams where cast($1 as text) like '%|' || slug || '|%'
    order by slug";

/// Slugs of the sample that are in use.
pub(super) async fn taken_slugs(tx: &mut Tx) -> Result<Vec<String>> {
    Ok(on!(tx, c => sqlx::query_scalar(TAKEN).bind(sample_slugs()).fetch_all(c).await)?)
}

const COUNTS: &str = "
    select
        (select count(*) from experiments where id >= $1),
        (select count(*) from runs where id >= $1),
        (select count(*) from findings where id >= $1),
        (select count(*) from fixes where id >= $1),
        (select count(*) from decisions where id >= $1),
        (select count(*) from events
            where person < $1
                and ((kind in ('slo', 'experiment', 'run', 'finding', 'fix', 'decision', 'gameday', 'cadence') and substr(object, 1, 5) = 'DEMO-')
                    or (kind = 'change' and object in (select cast(id as text) from changes where id >= $1))
                    or (kind = 'freeze' and object in (select cast(id as text) from freezes where id >= $1))
                    or (kind in ('service', 'environment', 'team') and cast($2 as text) like '%|' || object || '|%')))";

pub(super) async fn counts(tx: &mut Tx) -> Result<Counts> {
    let (experiments, runs, findings, fixes, decisions, yours): (i64, i64, i64, i64, i64, i64) =
        on!(tx, c => sqlx::query_as(COUNTS).bind(SAMPLE_FROM).bind(sample_slugs()).fetch_one(c).await)?;
    Ok(Counts { experiments, runs, findings, fixes, decisions, yours })
}

/// Lines and keys about things that have only a number, while their rows can still be asked.
const OF_NUMBERED: [&str; 8] = [
    "delete from events where kind = 'change' and object in (select cast(id as text) from changes where id >= $1)",
    "delete from events where kind = 'freeze' and object in (select cast(id as text) from freezes where id >= $1)",
    "delete from events where kind = 'person' and object in (select cast(id as text) from people where id >= $1)",
    "delete from events where kind = 'import'
        and object in (select cast(id as text) from imports where run >= $1 or experiment >= $1)",
    "delete from events where kind = 'plan_import'
        and object in (select cast(id as text) from plan_imports where experiment >= $1)",
    "delete from once_keys where thing in (select 'import/' || id from imports where run >= $1 or experiment >= $1)",
    "delete from once_keys where thing in (select 'freeze ' || id from freezes where id >= $1)",
    "delete from once_keys where thing in (select 'change ' || id from changes where id >= $1)",
];

/// Lines and keys about things people say aloud. Their ids are in capitals and slugs never are.
const OF_NAMED: [&str; 2] = [
    "delete from events
        where kind in ('slo', 'experiment', 'run', 'finding', 'fix', 'decision', 'gameday', 'cadence') and substr(object, 1, 5) = 'DEMO-'",
    "delete from once_keys where substr(thing, 1, 5) = 'DEMO-'",
];

/// Rows by their numbers, a row before those it points at. A document belongs to what it became.
const BY_NUMBER: [&str; 34] = [
    "delete from tellings where experiment >= $1",
    "delete from cadence_slots where experiment >= $1",
    "delete from cadences where experiment >= $1",
    "delete from gameday_runs where gameday >= $1",
    "delete from gamedays where id >= $1",
    "delete from decision_claims where decision >= $1",
    "delete from decisions where id >= $1",
    "delete from fix_findings where fix >= $1",
    "delete from fixes where id >= $1",
    "delete from finding_services where finding >= $1",
    "delete from findings where id >= $1",
    "delete from imports where run >= $1 or experiment >= $1",
    "delete from plan_imports where experiment >= $1",
    "delete from probe_readings where run >= $1",
    "delete from probe_turns where run >= $1",
    "delete from evidence where run >= $1",
    "delete from runs where id >= $1",
    "delete from template_uses where experiment >= $1",
    "delete from experiment_services where experiment >= $1",
    "delete from revisions where experiment >= $1",
    "delete from experiments where id >= $1",
    "delete from honeycomb_observations where slo >= $1",
    "delete from honeycomb_polls where slo >= $1",
    "delete from honeycomb_sources where slo >= $1",
    "delete from slo_pulls where slo >= $1",
    "delete from slo_sources where slo >= $1",
    "delete from slo_hours where slo >= $1",
    "delete from slo_packings where slo >= $1",
    "delete from slo_measurements where slo >= $1",
    "delete from slo_revisions where slo >= $1",
    "delete from slos where id >= $1",
    "delete from freezes where id >= $1",
    "delete from change_services where change >= $1",
    "delete from changes where id >= $1",
];

/// Services, environments and teams with their lines and keys.
const BY_SLUG: [&str; 8] = [
    "delete from subscriptions where cast($1 as text) like '%|' || slug || '|%'",
    "delete from events
        where kind in ('service', 'environment', 'team') and cast($1 as text) like '%|' || object || '|%'",
    "delete from once_keys where thing <> '' and cast($1 as text) like '%|' || thing || '|%'",
    "delete from targets where cast($1 as text) like '%|' || service || '|%'",
    "delete from service_dependencies where cast($1 as text) like '%|' || service || '|%'",
    "delete from services where cast($1 as text) like '%|' || slug || '|%'",
    "delete from environments where cast($1 as text) like '%|' || slug || '|%'",
    "delete from teams where cast($1 as text) like '%|' || slug || '|%'",
];

const PEOPLE: &str = "delete from people where id >= $1";
const COUNTERS: &str = "delete from counters where substr(kind, 1, 5) = $1";

/// Lets the sample count from one. Counters can be left from a sample that was carried in with them.
pub(super) async fn forget_counters(tx: &mut Tx) -> Result<()> {
    on!(tx, c => sqlx::query(COUNTERS).bind(SAMPLE_COUNTER).execute(c).await.map(|_| ()))?;
    Ok(())
}

// Whoever puts hours together or measures holds the SLO: nothing comes in between its rows and itself.
const HOLD_SLOS: &str = "update slos set version = version where id >= $1";

/// Takes every row of the sample away: people last, because lines name them, and places after what
/// happened there.
pub(super) async fn remove(tx: &mut Tx) -> Result<()> {
    on!(tx, c => sqlx::query(HOLD_SLOS).bind(SAMPLE_FROM).execute(c).await.map(|_| ()))?;
    for statement in OF_NUMBERED {
        on!(tx, c => sqlx::query(statement).bind(SAMPLE_FROM).execute(c).await.map(|_| ()))?;
    }
    for statement in OF_NAMED {
        on!(tx, c => sqlx::query(statement).execute(c).await.map(|_| ()))?;
    }
    for statement in BY_NUMBER {
        on!(tx, c => sqlx::query(statement).bind(SAMPLE_FROM).execute(c).await.map(|_| ()))?;
    }
    for statement in BY_SLUG {
        on!(tx, c => sqlx::query(statement).bind(sample_slugs()).execute(c).await.map(|_| ()))?;
    }
    on!(tx, c => sqlx::query(PEOPLE).bind(SAMPLE_FROM).execute(c).await.map(|_| ()))?;
    forget_counters(tx).await
}
