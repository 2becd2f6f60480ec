//! Which experiments have to be looked at, and what was told of them. A derived hint beside the trail:
//! whatever it says, what is due and what was told rest on what is judged in the same transaction.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    db::{Tx, on},
    fault::{Fault, Result},
    id::{DecisionId, ExperimentId, RunId, SAMPLE_FROM},
    time::Moment,
};

const CURSOR: &str = "select seq from telling_cursor where id = 1";

/// The line up to which experiments were marked.
pub(super) async fn cursor(tx: &mut Tx) -> Result<i64> {
    let seq: Option<i64> = on!(tx, c => sqlx::query_scalar(CURSOR).fetch_optional(c).await)?;
    Ok(seq.unwrap_or_default())
}

const MOVE_CURSOR: &str = "
    insert into telling_cursor (id, seq) values (1, $1)
    on conflict (id) do update set seq = excluded.seq";

const NEWEST: &str = "select max(seq) from events";

/// SQLite takes this order as it stands (`cross join`) and the lines by their numbers alone (`materialized`): by itself
/// it reads all lines of a kind, of which one notebook has a million.
const TOUCHED: &str = "
    with lines as materialized (
        select e.kind, case
            when e.kind not in ('experiment', 'cadence', 'run', 'finding', 'fix', 'decision', 'change') then null
            when e.object like 'DEMO-%' then cast(substr(e.object, 10) as bigint) + 900000000
            when e.kind = 'change' then cast(e.object as bigint)
            else cast(substr(e.object, 5) as bigint)
        end as id
        from events e
        where e.seq > $1)
    select l.id from lines l where l.kind in ('experiment', 'cadence')
    union select r.experiment from lines l cross join runs r where l.kind = 'run' and r.id = l.id
    union select f.experiment
        from lines l cross join findings f
        where l.kind = 'finding' and f.id = l.id and f.experiment is not null
    union select f.experiment
        from lines l cross join fix_findings x cross join findings f
        where l.kind = 'fix' and x.fix = l.id and f.id = x.finding and f.experiment is not null
    union select x.experiment from lines l cross join decision_claims x where l.kind = 'decision' and x.decision = l.id
    union select s.experiment
        from lines l cross join change_services c cross join experiment_services s
        where l.kind = 'change' and c.change = l.id and s.service = c.service";

/// The experiments that lines after this one can mean something for.
async fn touched(tx: &mut Tx, after: i64) -> Result<BTreeSet<ExperimentId>> {
    let ids: Vec<i64> = on!(tx, c => sqlx::query_scalar(TOUCHED).bind(after).fetch_all(c).await)?;
    Ok(ids.into_iter().map(ExperimentId::of).collect())
}

const MARK: &str = "update tellings set look_at = 0 where experiment = $1";

/// Marks whatever the lines since the last time are about, and goes on to the newest.
pub(super) async fn mark(tx: &mut Tx) -> Result<()> {
    let before = cursor(tx).await?;
    let newest: Option<i64> = on!(tx, c => sqlx::query_scalar(NEWEST).fetch_one(c).await)?;
    let newest = newest.unwrap_or_default();
    if newest == before {
        return Ok(());
    }
    // After the sample was removed or a notebook carried in, lines may end before.
    let after = if newest < before { 0 } else { before };
    for experiment in touched(tx, after).await? {
        on!(tx, c => sqlx::query(MARK).bind(experiment.number()).execute(c).await.map(|_| ()))?;
    }
    on!(tx, c => sqlx::query(MOVE_CURSOR).bind(newest).execute(c).await.map(|_| ()))?;
    Ok(())
}

const TO_LOOK_AT: &str = "
    select e.id
    from experiments e left join tellings t on t.experiment = e.id
    where t.experiment is null or t.look_at <= $1
    order by e.id
    limit $2";

/// Experiments that changed, that time alone may have changed, or that nobody looked at yet.
pub(super) async fn to_look_at(tx: &mut Tx, now: Moment, rows: i64) -> Result<Vec<ExperimentId>> {
    let ids: Vec<i64> = on!(tx, c => sqlx::query_scalar(TO_LOOK_AT).bind(now.micros()).bind(rows).fetch_all(c).await)?;
    Ok(ids.into_iter().map(ExperimentId::of).collect())
}

const MAY_OWE: &str = "
    select e.id
    from experiments e left join tellings t on t.experiment = e.id
    where t.experiment is null or t.owes or t.look_at <= $1";

/// Every experiment that owes something or may: the others were looked at, owe nothing, and nothing
/// happened since.
pub(super) async fn may_owe(tx: &mut Tx, now: Moment) -> Result<BTreeSet<ExperimentId>> {
    let after = cursor(tx).await?;
    let mut experiments = touched(tx, after).await?;
    let ids: Vec<i64> = on!(tx, c => sqlx::query_scalar(MAY_OWE).bind(now.micros()).fetch_all(c).await)?;
    experiments.extend(ids.into_iter().map(ExperimentId::of));
    Ok(experiments)
}

/// What was told of an experiment's fixes, claim and decisions: the present word of each, by its name.
pub(super) type Told = BTreeMap<String, String>;

const TOLD: &str = "select told from tellings where experiment = $1";

/// None before the first look.
pub(super) async fn told(tx: &mut Tx, id: ExperimentId) -> Result<Option<Told>> {
    let text: Option<String> = on!(tx, c => sqlx::query_scalar(TOLD).bind(id.number()).fetch_optional(c).await)?;
    let Some(text) = text else { return Ok(None) };
    Ok(Some(serde_json::from_str(&text).map_err(|e| Fault::bad_row("tellings", id, e))?))
}

const KEEP: &str = "
    insert into tellings (experiment, look_at, owes, told)
    values ($1, $2, $3, $4)
    on conflict (experiment) do update set look_at = excluded.look_at, owes = excluded.owes, told = excluded.told";

/// Keeps what a look came to, and when time alone may change it.
pub(super) async fn keep(
    tx: &mut Tx,
    id: ExperimentId,
    look_at: Option<Moment>,
    owes: bool,
    told: &Told,
) -> Result<()> {
    let told = serde_json::to_string(told).map_err(|e| Fault::Work(e.to_string()))?;
    on!(tx, c => sqlx::query(KEEP)
        .bind(id.number())
        .bind(look_at.map(Moment::micros))
        .bind(owes)
        .bind(told)
        .execute(c)
        .await
        .map(|_| ()))?;
    Ok(())
}

const TELL_TOO: &str = "update tellings set told = $2 where experiment = $1";

/// Writes what was just told of a thing beside what was told of another experiment that it concerns, too.
pub(super) async fn tell_too(tx: &mut Tx, id: ExperimentId, of: &str, word: &str) -> Result<()> {
    let Some(mut told) = told(tx, id).await? else { return Ok(()) };
    if told.insert(of.to_owned(), word.to_owned()).as_deref() == Some(word) {
        return Ok(());
    }
    let told = serde_json::to_string(&told).map_err(|e| Fault::Work(e.to_string()))?;
    on!(tx, c => sqlx::query(TELL_TOO).bind(id.number()).bind(told).execute(c).await.map(|_| ()))?;
    Ok(())
}

// Of kinds that stand or fall with the claim, see `decisions/standing.rs`, and whatever somebody wanted to see again.
// Repetitions follow each other with every run: only the last one is still to come.
const RESTING: &str = "
    select d.id
    from decisions d join decision_claims x on x.decision = d.id
    where x.experiment = $1
        and (d.review_at is not null
            or d.kind in ('widen', 'automate', 'keep_manual', 'adopt_a_change', 'accept_the_risk', 'retire')
            or d.id = (
                select max(n.id)
                from decisions n join decision_claims m on m.decision = n.id
                where m.experiment = $1 and n.kind = 'repeat_as_is'))
        and not exists (select 1 from decisions y where y.supersedes = d.id)
    order by d.id";

/// Decisions that rest on the claim of an experiment, or have it in view until a date, and were not superseded,
/// oldest first.
pub(super) async fn resting_on(tx: &mut Tx, id: ExperimentId) -> Result<Vec<DecisionId>> {
    let ids: Vec<i64> = on!(tx, c => sqlx::query_scalar(RESTING).bind(id.number()).fetch_all(c).await)?;
    Ok(ids.into_iter().map(DecisionId::of).collect())
}

const WHO_RUNS: &str = "
    select d.id
    from decisions d join decision_claims x on x.decision = d.id
    where x.experiment = $1
        and d.kind in ('automate', 'keep_manual')
        and not exists (select 1 from decisions y where y.supersedes = d.id)
    order by d.id";

/// Decisions about who runs an experiment that were not superseded, oldest first.
pub(super) async fn who_runs(tx: &mut Tx, id: ExperimentId) -> Result<Vec<DecisionId>> {
    let ids: Vec<i64> = on!(tx, c => sqlx::query_scalar(WHO_RUNS).bind(id.number()).fetch_all(c).await)?;
    Ok(ids.into_iter().map(DecisionId::of).collect())
}

const UNATTENDED: &str = "
    select r.id
    from runs r
    where r.execution = 'finished'
        and r.closed_at is null
        and exists (
            select 1
            from decision_claims x join decisions d on d.id = x.decision
            where x.experiment = r.experiment
                and d.kind = 'automate'
                and d.created_at <= r.started_at
                and not exists (select 1 from decisions y where y.supersedes = d.id))
    order by r.ended_at desc, r.id desc
    limit $1";

/// Runs that are over and not closed, of experiments that somebody decided to automate before they began; those that
/// ended last come first, because the others waited for a person before.
pub(super) async fn unattended(tx: &mut Tx, rows: i64) -> Result<Vec<RunId>> {
    let ids: Vec<i64> = on!(tx, c => sqlx::query_scalar(UNATTENDED).bind(rows).fetch_all(c).await)?;
    Ok(ids.into_iter().map(RunId::of).collect())
}

const DATED: &str = "
    select d.id
    from decisions d
    where (d.until_at is null or d.until_at > $1)
        and (d.review_at <= $1 or d.until_at <= $2)
        and not exists (
            select 1 from events e where e.kind = 'decision' and e.object = 'DEC-' || d.id and e.act = 'stopped')
        and not exists (select 1 from decisions y where y.supersedes = d.id)
    order by d.id desc
    limit $3";

/// Decisions that nothing ended and somebody wanted to look at again by now, and those that end soon, newest first.
pub(super) async fn dated(tx: &mut Tx, now: Moment, soon: Moment, rows: i64) -> Result<Vec<DecisionId>> {
    let ids: Vec<i64> = on!(tx, c => sqlx::query_scalar(DATED)
        .bind(now.micros())
        .bind(soon.micros())
        .bind(rows)
        .fetch_all(c)
        .await)?;
    Ok(ids.into_iter().map(DecisionId::of).collect())
}

const UNTOLD: &str = "
    select d.id
    from decisions d
    where d.id < $4
        and (d.until_at is null or d.until_at > $1)
        and ((d.review_at <= $1
                and not exists (select 1 from decision_claims x where x.decision = d.id)
                and not exists (
                    select 1
                    from events e
                    where e.kind = 'decision' and e.object = 'DEC-' || d.id and e.act = 'turned'))
            or (d.kind = 'accept_the_risk'
                and d.until_at <= $2
                and not exists (
                    select 1
                    from events e
                    where e.kind = 'decision' and e.object = 'DEC-' || d.id and e.act = 'risk_expires')))
        and not exists (
            select 1 from events e where e.kind = 'decision' and e.object = 'DEC-' || d.id and e.act = 'stopped')
        and not exists (select 1 from decisions y where y.supersedes = d.id)
    order by d.id
    limit $3";

/// The notebook's own decisions whose review has come and that rest on no claim, and accepted risks that end soon,
/// of which nobody was told yet; oldest first.
pub(super) async fn untold(tx: &mut Tx, now: Moment, soon: Moment, rows: i64) -> Result<Vec<DecisionId>> {
    let ids: Vec<i64> = on!(tx, c => sqlx::query_scalar(UNTOLD)
        .bind(now.micros())
        .bind(soon.micros())
        .bind(rows)
        .bind(SAMPLE_FROM)
        .fetch_all(c)
        .await)?;
    Ok(ids.into_iter().map(DecisionId::of).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::steps::steps;

    /// Whoever asks what is due waits for it: it costs what is new, however much there is.
    #[tokio::test]
    async fn what_new_lines_touch_is_found_from_them() {
        let steps = steps(TOUCHED).await;
        let first = steps.iter().find(|step| step.contains(" e"));
        assert_eq!(first.map(String::as_str), Some("SEARCH e USING INTEGER PRIMARY KEY (rowid>?)"), "{steps:?}");
        let is_whole = |step: &&String| step.starts_with("SCAN ") && *step != "SCAN l";
        assert_eq!(steps.iter().find(is_whole), None, "{steps:?}");
        assert!(!steps.iter().any(|step| step.contains("AUTOMATIC")), "{steps:?}");
    }
}
