//! Tells once, with a line in the trail, that something turned stale, regressed, or lost its evidence.
//! What it amounts to is computed whenever somebody looks; the line is for whoever does not. The clock
//! writes it, with what it was told by in the same transaction, so neither a second clock nor a second
//! round says it again.

use super::{
    claims::ClaimStanding,
    dated,
    sql::{self, Told},
    whole::{Whole, first, overdue_words, pair, rerun, risk},
};
use crate::{
    actor::Act,
    db::Tx,
    decisions::{self, DecisionStanding},
    desk::Desk,
    events::{self, about},
    experiments::{
        self,
        trail::{Turned, act},
    },
    fault::{Error, Result},
    findings,
    fixes::{self, FixEvent, Standing},
    id::{DecisionId, ExperimentId},
    limits::TELLINGS_AT_ONCE,
    text::Note,
};

/// What one round came to.
#[derive(Debug, Default)]
pub struct Telling {
    /// Lines that were written.
    pub told: usize,
    /// Retired experiments that are ready again.
    pub reopened: usize,
    /// What could not be looked at, by its id; the others were.
    pub troubles: Vec<(String, Error)>,
}

/// One transaction marks or looks at a time, so that what is marked meanwhile is not forgotten.
const TURN: &str = "tellings";

/// Looks at what changed since the last time, and tells what turned.
pub async fn tell(desk: &Desk) -> Result<Telling> {
    desk.may(Act::Look)?;
    mark(desk).await?;
    let mut tx = desk.begin_read().await?;
    let waiting = sql::to_look_at(&mut tx, desk.now(), TELLINGS_AT_ONCE).await?;
    drop(tx);
    let mut telling = Telling::default();
    for experiment in waiting {
        match Box::pin(look(desk, experiment)).await {
            Ok((told, reopened)) => {
                telling.told += told;
                telling.reopened += usize::from(reopened);
            }
            Err(error) => telling.troubles.push((experiment.to_string(), error)),
        }
    }
    for decision in dated::untold(desk).await? {
        match Box::pin(look_at_date(desk, decision)).await {
            Ok(told) => telling.told += told,
            Err(error) => telling.troubles.push((decision.to_string(), error)),
        }
    }
    Ok(telling)
}

async fn mark(desk: &Desk) -> Result<()> {
    let mut tx = desk.begin_write().await?;
    tx.take_turn(TURN).await?;
    sql::mark(&mut tx).await?;
    desk.commit(tx, TURN).await
}

async fn look(desk: &Desk, experiment: ExperimentId) -> Result<(usize, bool)> {
    if Box::pin(is_quiet(desk, experiment)).await? {
        return Ok((0, false));
    }
    let mut tx = desk.begin_write().await?;
    tx.take_turn(TURN).await?;
    let Some(whole) = Box::pin(Whole::of(desk, &mut tx, experiment)).await? else { return Ok((0, false)) };
    let (before, now) = (sql::told(&mut tx, experiment).await?, whole.standings());
    // First of all, as people do it: the experiment's row, and then the trail.
    let reopened = reopen(desk, &mut tx, &whole).await?;
    // The first look knows no before: it is a beginning, not a turn.
    let told = match before {
        Some(before) => {
            let told = turned(desk, &mut tx, &whole, &before).await?;
            tell_others(&mut tx, &whole).await?;
            told
        }
        None => 0,
    };
    sql::keep(&mut tx, experiment, whole.changes_at(), !whole.due().is_empty(), &now).await?;
    desk.commit(tx, experiment).await?;
    Ok((told, reopened))
}

async fn look_at_date(desk: &Desk, decision: DecisionId) -> Result<usize> {
    let mut tx = desk.begin_write().await?;
    tx.take_turn(TURN).await?;
    let told = dated::tell(desk, &mut tx, decision).await?;
    desk.commit(tx, decision).await?;
    Ok(told)
}

/// Most looks find nothing to tell, and many runs take long to judge: that is done beside whoever writes. It is
/// only kept if nobody marked or told meanwhile what it does not know.
async fn is_quiet(desk: &Desk, experiment: ExperimentId) -> Result<bool> {
    let mut tx = desk.begin_read().await?;
    let newest = events::newest_seq(&mut tx).await?;
    let before = sql::told(&mut tx, experiment).await?;
    let Some(whole) = Box::pin(Whole::of(desk, &mut tx, experiment)).await? else { return Ok(true) };
    drop(tx);
    let now = whole.standings();
    if before.as_ref().is_some_and(|before| *before != now) || whole.comes_back().is_some() {
        return Ok(false);
    }
    let mut tx = desk.begin_write().await?;
    tx.take_turn(TURN).await?;
    if sql::cursor(&mut tx).await? > newest || sql::told(&mut tx, experiment).await? != before {
        return Ok(false);
    }
    sql::keep(&mut tx, experiment, whole.changes_at(), !whole.due().is_empty(), &now).await?;
    desk.commit(tx, experiment).await?;
    Ok(true)
}

/// Whether a word is another one than before.
fn is_news(before: &Told, of: &str, word: &str) -> bool {
    before.get(of).is_none_or(|told| told != word)
}

async fn turned(desk: &Desk, tx: &mut Tx, whole: &Whole, before: &Told) -> Result<usize> {
    let mut told = 0;
    for (judgement, worth) in whole.worths().collect::<Vec<_>>() {
        let is = worth.judged.answer.is;
        let needs = matches!(is, Standing::Stale | Standing::Regressed | Standing::FailedVerification);
        if needs && is_news(before, &pair(judgement, worth), is.word()) {
            let says = first(&worth.judged.answer);
            let event = FixEvent::Turned { finding: judgement.finding.id, is, says };
            fixes::acts::turn(desk, tx, worth.fix.id, &event).await?;
            told += 1;
        }
    }
    if let Some(claim) = &whole.claim {
        let is = claim.answer.is;
        let needs = matches!(is, ClaimStanding::Stale | ClaimStanding::Regressed | ClaimStanding::Refuted);
        if needs && is_news(before, &whole.id.to_string(), is.word()) {
            let body = Turned { is: is.word().to_owned(), says: first(&claim.answer) };
            let object = whole.id.to_string();
            events::note(desk, tx, (about::EXPERIMENT, &object), act::TURNED, desk.now(), &body).await?;
            told += 1;
        }
    }
    if let Some(from) = whole.overdue().filter(|from| is_news(before, &rerun(whole.id), &from.rfc3339())) {
        let body = Turned { is: "overdue".to_owned(), says: overdue_words(whole.id, from) };
        let object = whole.id.to_string();
        events::note(desk, tx, (about::EXPERIMENT, &object), act::OVERDUE, desk.now(), &body).await?;
        told += 1;
    }
    for (judgement, until) in whole.expiring().collect::<Vec<_>>() {
        if is_news(before, &risk(judgement), &until.rfc3339()) {
            findings::acts::tell_expiry(desk, tx, judgement.finding.id, until).await?;
            told += 1;
        }
    }
    for (decision, standing) in &whole.decisions {
        let is = standing.is;
        let needs = matches!(
            is,
            DecisionStanding::EvidenceStale | DecisionStanding::EvidenceLost | DecisionStanding::ReviewDue
        );
        if needs && is_news(before, &decision.id.to_string(), is.word()) {
            decisions::acts::turn(desk, tx, decision.id, is, first(standing)).await?;
            told += 1;
        }
    }
    Ok(told)
}

/// A decision that rests on several claims is told once, whichever of them is looked at first.
async fn tell_others(tx: &mut Tx, whole: &Whole) -> Result<()> {
    for (decision, standing) in &whole.decisions {
        for claim in decision.claims.iter().filter(|claim| claim.experiment != whole.id) {
            sql::tell_too(tx, claim.experiment, &decision.id.to_string(), standing.is.word()).await?;
        }
    }
    Ok(())
}

async fn reopen(desk: &Desk, tx: &mut Tx, whole: &Whole) -> Result<bool> {
    let Some(why) = whole.comes_back() else { return Ok(false) };
    experiments::acts::reopen_in(desk, tx, whole.id, Note::new(&why).ok()).await?;
    Ok(true)
}
