//! Decisions with the claims they rest on: taken with a snapshot, judged by what holds now.

use std::collections::{BTreeMap, btree_map::Entry};

use super::{
    claims::{Claim, ClaimStanding},
    lineage::known,
};
use crate::{
    actor::Act,
    answer::Answer,
    db::Tx,
    decisions::{
        self, Claimed, Decision, DecisionFacts, DecisionKind, DecisionStanding,
        drafts::Draft,
        standing::{doubts, rests_on, standing},
    },
    desk::Desk,
    events::{self, about},
    experiments,
    fault::Result,
    id::{DecisionId, ExperimentId, RunId},
    refusal::Refusal,
    runs,
    time::Moment,
};

/// A decision as its page shows it.
pub struct DecisionShown {
    pub decision: Decision,
    pub standing: Answer<DecisionStanding>,
    /// Each claim with its snapshot then and its words now.
    pub claims: Vec<(Claimed, ClaimStanding, String)>,
    pub history: Vec<events::Entry>,
    pub stopped: bool,
}

/// One line of the list.
pub struct DecisionRow {
    pub decision: Decision,
    pub standing: DecisionStanding,
}

/// Records a decision on its own; closing a run records one too.
pub async fn decide(desk: &Desk, draft: &Draft) -> Result<Decision> {
    desk.may(Act::Decide)?;
    decisions::acts::claims_of(desk, draft)?;
    let mut tx = desk.begin_write().await?;
    let decision = add(desk, &mut tx, draft).await?;
    desk.commit(tx, decision.id).await?;
    Ok(decision)
}

/// Holds what a decision will move and the number it will take, in the order in which every act does: experiments,
/// numbers, and then the trail. Whoever writes lines before the decision does this first.
pub(super) async fn hold(desk: &Desk, tx: &mut Tx, draft: &Draft) -> Result<()> {
    let claims = decisions::acts::claims_of(desk, draft)?;
    let moves =
        DecisionKind::named(&draft.kind).is_ok_and(|kind| matches!(kind, DecisionKind::Retire | DecisionKind::Stop));
    for experiment in claims.iter().filter(|_| moves) {
        experiments::acts::hold(tx, *experiment).await?;
    }
    let of_sample = claims.iter().any(|id| id.is_sample()) || draft.run.parse().is_ok_and(RunId::is_sample);
    desk.hold_numbers(tx, about::DECISION, of_sample).await
}

/// Writes the decision with its claims' numbers as they are after what this transaction wrote: a run that is closed by
/// it counts. To automate signs runs, so it takes the criteria by which that is offered, whoever asks for it.
pub(super) async fn add(desk: &Desk, tx: &mut Tx, draft: &Draft) -> Result<Decision> {
    hold(desk, tx, draft).await?;
    let automates = DecisionKind::named(&draft.kind).is_ok_and(|kind| kind == DecisionKind::Automate);
    let (mut claims, mut against) = (Vec::new(), Vec::new());
    for experiment in decisions::acts::claims_of(desk, draft)? {
        let known = known(desk, tx, experiment).await?;
        if automates {
            against.extend(known.graduated.unattended.against(experiment));
        }
        let snapshot = in_words(known.overview.claim.as_ref()).words;
        claims.push(Claimed { experiment, snapshot });
    }
    if !against.is_empty() {
        return Err(Refusal::unfit("kind", against.join(" ")).into());
    }
    if let Ok(run) = draft.run.parse() {
        runs::acts::Held::load(tx, run).await?;
    }
    let decision = decisions::acts::add(desk, tx, draft, claims).await?;
    if matches!(decision.kind, DecisionKind::Retire | DecisionKind::Stop) {
        for claim in &decision.claims {
            let passive = decision.body.passive.clone();
            experiments::acts::retire_by(desk, tx, claim.experiment, decision.id, passive).await?;
        }
    }
    Ok(decision)
}

/// What a claim amounts to now, for a decision that rests on it.
#[derive(Debug, Clone)]
pub(super) struct ClaimNow {
    pub is: ClaimStanding,
    /// As decisions keep them.
    pub words: String,
    /// The last moment at which it is current, if nothing happens.
    pub fresh_until: Option<Moment>,
}

pub(super) fn in_words(claim: Option<&Claim>) -> ClaimNow {
    let Some(claim) = claim else {
        return ClaimNow { is: ClaimStanding::Untested, words: "untested".into(), fresh_until: None };
    };
    let is = claim.answer.is;
    let words = format!("{}; {}", is.label().to_lowercase(), claim.confidence.words());
    ClaimNow { is, words, fresh_until: claim.fresh_until }
}

pub(super) type Claims = BTreeMap<ExperimentId, ClaimNow>;

pub(super) async fn judge(
    desk: &Desk,
    tx: &mut Tx,
    decision: &Decision,
    known: &mut Claims,
) -> Result<(Answer<DecisionStanding>, Vec<events::Entry>, bool)> {
    let claims = decision.claims.iter().filter(|_| !doubts(decision.kind));
    let claims: Vec<ExperimentId> = claims.map(|claim| claim.experiment).collect();
    learn(desk, tx, &claims, known).await?;
    let standings: BTreeMap<ExperimentId, ClaimStanding> = known.iter().map(|(id, claim)| (*id, claim.is)).collect();
    let (history, stopped) = decisions::acts::trail(tx, decision.id).await?;
    let risk_zone = match decision.until {
        Some(until) if until <= desk.now() => Box::pin(decisions::acts::zone_of(tx, &decision.claims)).await?,
        _ => None,
    };
    let facts = DecisionFacts {
        id: decision.id,
        kind: decision.kind,
        superseded_by: decision.superseded_by,
        stopped,
        risk_until: decision.until,
        risk_zone,
        review_at: decision.review_at,
        rests_on: rests_on(decision.kind, &decision.claims, &standings),
    };
    Ok((standing(&facts, &standings, desk.now()), history, stopped.is_some()))
}

/// Adds the claims that are not known yet, as they are worked out for their experiments.
async fn learn(desk: &Desk, tx: &mut Tx, experiments: &[ExperimentId], claims: &mut Claims) -> Result<()> {
    for experiment in experiments {
        if let Entry::Vacant(place) = claims.entry(*experiment) {
            place.insert(in_words(known(desk, tx, *experiment).await?.overview.claim.as_ref()));
        }
    }
    Ok(())
}

pub async fn show_decision(desk: &Desk, id: DecisionId) -> Result<DecisionShown> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    let decision = decisions::acts::in_tx(&mut tx, id).await?;
    let mut known = Claims::new();
    let claims: Vec<ExperimentId> = decision.claims.iter().map(|claim| claim.experiment).collect();
    learn(desk, &mut tx, &claims, &mut known).await?;
    let (standing, history, stopped) = judge(desk, &mut tx, &decision, &mut known).await?;
    let claims = decision
        .claims
        .iter()
        .map(|claim| {
            let now = known.get(&claim.experiment);
            let (is, words) = now.map_or((ClaimStanding::Untested, String::new()), |now| (now.is, now.words.clone()));
            (claim.clone(), is, words)
        })
        .collect();
    Ok(DecisionShown { decision, standing, claims, history, stopped })
}

/// What one decision amounts to now.
pub(crate) async fn decision_standing(desk: &Desk, tx: &mut Tx, id: DecisionId) -> Result<DecisionStanding> {
    let decision = decisions::acts::in_tx(tx, id).await?;
    Ok(judge(desk, tx, &decision, &mut Claims::new()).await?.0.is)
}

/// One page, newest first, and whether there are older ones.
pub async fn decisions(desk: &Desk, filter: &decisions::acts::Filter) -> Result<(Vec<DecisionRow>, bool)> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    let (page, more) = filter.rows.page(decisions::acts::page(&mut tx, filter).await?);
    Ok((decision_rows(desk, &mut tx, page).await?, more))
}

/// The decisions with these ids, in this order, as the list shows them.
pub async fn decisions_of(desk: &Desk, ids: &[DecisionId]) -> Result<Vec<DecisionRow>> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        found.push(decisions::acts::in_tx(&mut tx, *id).await?);
    }
    decision_rows(desk, &mut tx, found).await
}

async fn decision_rows(desk: &Desk, tx: &mut Tx, found: Vec<Decision>) -> Result<Vec<DecisionRow>> {
    let mut known = Claims::new();
    let mut rows = Vec::with_capacity(found.len());
    for decision in found {
        let standing = judge(desk, tx, &decision, &mut known).await?.0.is;
        rows.push(DecisionRow { decision, standing });
    }
    Ok(rows)
}
