//! Decisions with a date, whatever they rest on: a review that has come, and an accepted risk that ends soon. What was
//! told of them stands in their own trail, so each is told once, whichever server looks.

use super::{
    decided::{Claims, judge},
    sql,
    whole::first,
};
use crate::{
    db::Tx,
    decisions::{self, DecisionKind, DecisionStanding},
    desk::Desk,
    fault::Result,
    id::DecisionId,
    limits::{EXPIRES_SOON_DAYS, TELLINGS_AT_ONCE},
};

/// The decisions of which something is to be told by now, a bounded part of them.
pub(super) async fn untold(desk: &Desk) -> Result<Vec<DecisionId>> {
    let now = desk.now();
    let mut tx = desk.begin_read().await?;
    sql::untold(&mut tx, now, now.plus_days(EXPIRES_SOON_DAYS), TELLINGS_AT_ONCE).await
}

/// Tells what is to be told of one, and how many lines that were. Whoever comes second finds that it was told.
pub(super) async fn tell(desk: &Desk, tx: &mut Tx, id: DecisionId) -> Result<usize> {
    let now = desk.now();
    let decision = decisions::acts::in_tx(tx, id).await?;
    let (standing, history, _) = Box::pin(judge(desk, tx, &decision, &mut Claims::new())).await?;
    let was_told = |act: &str| history.iter().any(|line| line.act == act);
    let mut told = 0;
    // A review of what rests on claims is told with their experiments.
    let review = decision.claims.is_empty() && standing.is == DecisionStanding::ReviewDue;
    if review && !was_told("turned") {
        decisions::acts::turn(desk, tx, id, standing.is, first(&standing)).await?;
        told += 1;
    }
    let stands = !matches!(standing.is, DecisionStanding::Superseded | DecisionStanding::Ended);
    let soon = decision.until.filter(|until| *until <= now.plus_days(EXPIRES_SOON_DAYS));
    if let Some(until) = soon.filter(|_| stands && decision.kind == DecisionKind::AcceptTheRisk)
        && !was_told("risk_expires")
    {
        decisions::acts::tell_expiry(desk, tx, id, until).await?;
        told += 1;
    }
    Ok(told)
}
