//! What Honeycomb says of an SLO: where it is asked, whose turn that is, and what comes in. It stands
//! beside the SLO; nothing here touches a measurement.

use super::{note, refuse_retired};
use crate::{
    actor::Act,
    desk::{Desk, sha256_hex},
    fault::Result,
    foreign::shorten::line,
    id::SloId,
    limits::{HONEYCOMB_DELIVERY_CHARS_MAX, PULL_CLAIM_S, PULL_FAILURE_CHARS_MAX},
    paging::Rows,
    people::secrets,
    refusal::Refusal,
    slos::{
        honeycomb::{
            Connected, HoneycombDraft, Kind, Observation, RemoveHoneycombDraft, Said, alert,
            budget::Budget,
            polls::{Failed, Polls, after_answer, after_failure},
        },
        sql::{honeycomb as sql, slos},
        trail::SloEvent,
    },
    text::Note,
    time::{MICROS_A_SECOND, Moment},
    version::began_from,
};

const NOUN: &str = "SLO at Honeycomb";

/// Says which SLO of Honeycomb this one is, or changes that. What was said before stays.
pub async fn write(desk: &Desk, id: SloId, draft: &HoneycombDraft) -> Result<Connected> {
    desk.may(Act::ConnectSource)?;
    let source = draft.check()?;
    let mut tx = desk.begin_write().await?;
    let kept = slos::load_locked(&mut tx, id).await?;
    refuse_retired(&kept, Act::ConnectSource)?;
    let (since, version) = match sql::find(&mut tx, id).await? {
        Some(present) => (present.since, began_from(&draft.version, present.version, NOUN, id)? + 1),
        None => (desk.now(), 1),
    };
    let connected = Connected { source, since, version, polls: Polls::default() };
    sql::put(&mut tx, id, &connected).await?;
    note(desk, &mut tx, id, &SloEvent::HoneycombWritten { source: Box::new(connected.source.clone()) }).await?;
    desk.commit(tx, id).await?;
    Ok(connected)
}

/// Honeycomb is asked no more. What it said stays.
pub async fn remove(desk: &Desk, id: SloId, draft: &RemoveHoneycombDraft) -> Result<()> {
    desk.may(Act::ConnectSource)?;
    let reason = Note::new(&draft.reason).map_err(|trouble| Refusal::unfit("reason", trouble.to_string()))?;
    let mut tx = desk.begin_write().await?;
    let kept = slos::load_locked(&mut tx, id).await?;
    if sql::find(&mut tx, id).await?.is_none() {
        return Err(Refusal::not_now(Act::ConnectSource, format!("{} is asked for nowhere", kept.id)).into());
    }
    sql::remove(&mut tx, id).await?;
    note(desk, &mut tx, id, &SloEvent::HoneycombRemoved { reason }).await?;
    desk.commit(tx, id).await
}

/// Where it is asked, and how that goes.
pub async fn show(desk: &Desk, id: SloId) -> Result<Connected> {
    Ok(beside(desk, id).await?.source.ok_or_else(|| Refusal::missing(NOUN, id))?)
}

/// All that stands beside an SLO.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beside {
    pub source: Option<Connected>,
    /// The newest of each kind.
    pub budget: Option<Observation>,
    pub alert: Option<Observation>,
}

pub async fn beside(desk: &Desk, id: SloId) -> Result<Beside> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    slos::load(&mut tx, id).await?;
    Ok(Beside {
        source: sql::find(&mut tx, id).await?,
        budget: sql::newest(&mut tx, id, Kind::Budget).await?,
        alert: sql::newest(&mut tx, id, Kind::BurnAlert).await?,
    })
}

/// One page of what was said, the last one first, and whether there is more.
pub async fn observations(desk: &Desk, id: SloId, before: Option<i64>, rows: Rows) -> Result<(Vec<Observation>, bool)> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    slos::load(&mut tx, id).await?;
    Ok(rows.page(sql::page(&mut tx, id, before, rows).await?))
}

/// A budget that is ours to ask for.
#[derive(Debug, Clone)]
pub struct Job {
    pub slo: SloId,
    pub connected: Connected,
    claimed_until: Moment,
}

/// SLOs whose budget at Honeycomb waits to be asked for.
pub async fn due(desk: &Desk) -> Result<Vec<SloId>> {
    desk.may(Act::Measure)?;
    let mut tx = desk.begin_glance().await?;
    sql::due(&mut tx, desk.now()).await
}

/// Takes the turn to ask; None if another node has it, or if it was asked too shortly before.
pub async fn claim(desk: &Desk, slo: SloId) -> Result<Option<Job>> {
    desk.may(Act::Measure)?;
    let now = desk.now();
    let claimed_until = now.plus_micros(PULL_CLAIM_S * MICROS_A_SECOND);
    let mut tx = desk.begin_write().await?;
    let Some(connected) = sql::find(&mut tx, slo).await?.filter(|connected| connected.source.on) else {
        return Ok(None);
    };
    if !sql::claim(&mut tx, slo, claimed_until, now).await? {
        return Ok(None);
    }
    desk.commit(tx, slo).await?;
    Ok(Some(Job { slo, connected, claimed_until }))
}

/// Keeps what came of asking. The same budget again is the same observation, seen once more.
pub async fn settle(desk: &Desk, job: &Job, answer: Result<Budget, Failed>) -> Result<()> {
    desk.may(Act::Measure)?;
    let mut tx = desk.begin_write().await?;
    let kept = slos::load_locked(&mut tx, job.slo).await?;
    let present = sql::find(&mut tx, job.slo).await?;
    // The question was another one, or nobody asks any more.
    if kept.retired_at.is_some() || present.is_none_or(|present| present.version != job.connected.version) {
        return Ok(());
    }
    let polls = polls(desk, job, answer.as_ref().err())?;
    if !sql::settle(&mut tx, job.slo, job.claimed_until, &polls).await? {
        return Ok(());
    }
    if let Ok(budget) = answer {
        let said = Said::Budget(budget.clone());
        let newest = sql::newest(&mut tx, job.slo, Kind::Budget).await?;
        if let Some(same) = newest.filter(|newest| newest.said == said) {
            sql::seen(&mut tx, job.slo, same.number, desk.now().max(same.seen_at)).await?;
        } else {
            let number = sql::insert(desk, &mut tx, job.slo, &said, None).await?;
            let event = SloEvent::HoneycombBudget { number, budget: Box::new(budget) };
            note(desk, &mut tx, job.slo, &event).await?;
        }
    }
    desk.commit(tx, job.slo).await
}

fn polls(desk: &Desk, job: &Job, failed: Option<&Failed>) -> Result<Polls> {
    let (now, before) = (desk.now(), &job.connected.polls);
    let Some(Failed { says, retry_at }) = failed else {
        return Ok(Polls {
            succeeded_at: Some(now),
            failed_at: before.failed_at,
            failure: None,
            failures: 0,
            next_at: Some(after_answer(now)),
        });
    };
    let failures = before.failures + 1;
    let chance = secrets::bytes::<1>()?[0];
    Ok(Polls {
        succeeded_at: before.succeeded_at,
        failed_at: Some(now),
        failure: Some(line(says, PULL_FAILURE_CHARS_MAX)),
        failures,
        next_at: Some(after_failure(failures, *retry_at, chance, now)),
    })
}

/// A burn alert that came in: the number of its observation, and whether it was here before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AlertTaken {
    pub number: i64,
    pub again: bool,
}

/// Takes a burn alert about an SLO, once for each delivery. Equal bodies without a name are one only while
/// nothing else came in between: what fires, ends and fires again may say the same each time.
pub async fn take_alert(desk: &Desk, id: SloId, delivery: Option<&str>, bytes: &[u8]) -> Result<AlertTaken> {
    desk.may(Act::Measure)?;
    let alert = alert::read(bytes)?;
    let is_named = named(delivery).is_some();
    let delivery = delivery_of(delivery, bytes);
    let mut tx = desk.begin_write().await?;
    let kept = slos::load_locked(&mut tx, id).await?;
    let before = if is_named {
        sql::delivered(&mut tx, id, &delivery).await?
    } else {
        sql::newest_delivered(&mut tx, id, &delivery).await?
    };
    if let Some(number) = before {
        return Ok(AlertTaken { number, again: true });
    }
    refuse_retired(&kept, Act::Measure)?;
    let number = sql::insert(desk, &mut tx, id, &Said::BurnAlert(alert.clone()), Some(&delivery)).await?;
    note(desk, &mut tx, id, &SloEvent::HoneycombAlert { number, alert: Box::new(alert) }).await?;
    desk.commit(tx, id).await?;
    Ok(AlertTaken { number, again: false })
}

fn named(delivery: Option<&str>) -> Option<&str> {
    delivery.map(str::trim).filter(|name| !name.is_empty())
}

/// Under what the same delivery is told again: its own name, else its body.
fn delivery_of(name: Option<&str>, bytes: &[u8]) -> String {
    match named(name) {
        // Cut ones could be alike.
        Some(name) if name.chars().count() > HONEYCOMB_DELIVERY_CHARS_MAX => {
            format!("delivery sha256 {}", sha256_hex(name.as_bytes()))
        }
        Some(name) => format!("delivery {}", line(name, HONEYCOMB_DELIVERY_CHARS_MAX)),
        None => format!("body {}", sha256_hex(bytes)),
    }
}

#[cfg(test)]
mod tests {
    use super::delivery_of;

    #[test]
    fn a_delivery_is_told_by_its_name_or_else_by_its_body() {
        assert_eq!(delivery_of(Some(" d-1 "), b"a"), delivery_of(Some("d-1"), b"b"));
        assert_ne!(delivery_of(Some("d-1"), b"a"), delivery_of(Some("d-2"), b"a"));
        let long = |end: &str| delivery_of(Some(&format!("{}{end}", "d".repeat(300))), b"a");
        assert_ne!(long("1"), long("2"));
        assert!(long("1").len() < 100);
        assert_eq!(delivery_of(None, b"a"), delivery_of(Some(" "), b"a"));
        assert_ne!(delivery_of(None, b"a"), delivery_of(None, b"b"));
    }
}
