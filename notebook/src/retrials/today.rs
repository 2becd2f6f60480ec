//! What needs somebody now: running runs, planned ones, verdicts due, reruns owed.

use std::collections::BTreeSet;

use super::{
    decided::{DecisionRow, decisions},
    look::{FindingRow, FixRow, findings, fixes},
};
use crate::{
    actor::Act,
    decisions::{DecisionKind, DecisionStanding},
    desk::Desk,
    experiments::{self, Experiment, RevisionState},
    fault::Result,
    findings::{Status, acts::Filter},
    runs::{
        self,
        acts::Row,
        facts::{Execution, Verdict},
        validity::Validity,
    },
};

/// The sections of the first page.
pub struct Today {
    pub running: Vec<Row>,
    pub planned: Vec<Row>,
    /// Ended, and not yet signed or closed.
    pub due: Vec<Row>,
    pub reviews: Vec<Experiment>,
    /// Deployed, regressed or stale: a rerun is owed. What is retired owes none only because time has passed.
    pub reruns: Vec<FixRow>,
    pub open: Vec<FindingRow>,
    /// Decisions whose evidence is stale or lost, or whose review is due; of repetitions only the last one.
    pub shaken: Vec<DecisionRow>,
    pub learnt: Vec<Row>,
    /// Nothing was ever written here.
    pub is_fresh: bool,
}

pub async fn today(desk: &Desk) -> Result<Today> {
    desk.may(Act::Look)?;
    let mut running = of(desk, Execution::Running).await?;
    running.extend(of(desk, Execution::Reverting).await?);
    let mut ended = of(desk, Execution::Finished).await?;
    ended.extend(of(desk, Execution::Aborted).await?);
    ended.sort_by_key(|row| (row.run.id.is_sample(), std::cmp::Reverse(row.run.id)));
    let planned = of(desk, Execution::Planned).await?;
    let asked = experiments::acts::Filter { newest: Some(RevisionState::InReview), ..Default::default() };
    let (waiting, _) = experiments::acts::list(desk, &asked).await?;
    let (any, _) = experiments::acts::list(desk, &experiments::acts::Filter::default()).await?;
    let (fixes, _) = fixes(desk, &crate::fixes::acts::Filter::default()).await?;
    let (found, _) = findings(desk, &Filter::default()).await?;
    let (decided, _) = decisions(desk, &crate::decisions::acts::Filter::default()).await?;
    let (learnt, due): (Vec<Row>, Vec<Row>) = ended.into_iter().partition(|row| row.run.closed_at.is_some());
    Ok(Today {
        running,
        planned,
        due,
        reviews: waiting.into_iter().map(|row| row.experiment).collect(),
        reruns: fixes.into_iter().filter(|row| row.owes_rerun).collect(),
        open: found.into_iter().filter(|row| matches!(row.status, Status::Open | Status::Regressed)).collect(),
        shaken: shaken(decided),
        learnt: learnt.into_iter().filter(is_lesson).take(5).collect(),
        is_fresh: any.is_empty(),
    })
}

/// The newest runs in one state.
async fn of(desk: &Desk, execution: Execution) -> Result<Vec<Row>> {
    let filter = runs::acts::Filter { execution: Some(execution), ..Default::default() };
    Ok(runs::acts::list(desk, &filter).await?.0)
}

/// Repetitions follow each other with every run: only the last one of an experiment is still to come. `decided` has the
/// newest first.
fn shaken(decided: Vec<DecisionRow>) -> Vec<DecisionRow> {
    let (mut repeated, mut shaken) = (BTreeSet::new(), Vec::new());
    for row in decided {
        let decision = &row.decision;
        let mut is_over = decision.kind == DecisionKind::RepeatAsIs && decision.review_at.is_none();
        if decision.kind == DecisionKind::RepeatAsIs {
            for claimed in &decision.claims {
                is_over &= !repeated.insert(claimed.experiment);
            }
        }
        if is_shaken(row.standing) && !is_over {
            shaken.push(row);
        }
    }
    shaken
}

const fn is_shaken(standing: DecisionStanding) -> bool {
    matches!(standing, DecisionStanding::EvidenceStale | DecisionStanding::EvidenceLost | DecisionStanding::ReviewDue)
}

fn is_lesson(row: &Row) -> bool {
    row.validity == Some(Validity::Valid) && matches!(row.verdict, Some(Verdict::Upheld | Verdict::Refuted))
}
