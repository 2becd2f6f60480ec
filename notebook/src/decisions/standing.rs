//! Whether a decision still stands. The first line that matches wins; nothing is kept, so a
//! decision recovers as soon as its claims do.

use std::collections::BTreeMap;

use crate::{answer::Answer, id::ExperimentId, retrials::claims::ClaimStanding, time::Moment};

use super::{DecisionFacts, DecisionStanding};

/// What the decision amounts to at `now`. `claims` holds the present standing of every claim;
/// one the decision rests on and which is not there counts as untested.
pub fn standing(
    decision: &DecisionFacts,
    claims: &BTreeMap<ExperimentId, ClaimStanding>,
    now: Moment,
) -> Answer<DecisionStanding> {
    superseded(decision)
        .or_else(|| ended(decision, now))
        .or_else(|| claims_that(decision, claims, DecisionStanding::EvidenceLost, is_lost))
        .or_else(|| claims_that(decision, claims, DecisionStanding::EvidenceStale, is_stale))
        .or_else(|| review_due(decision, now))
        .unwrap_or_else(|| in_force(decision))
}

fn superseded(decision: &DecisionFacts) -> Option<Answer<DecisionStanding>> {
    let by = decision.superseded_by?;
    Some(Answer::new(DecisionStanding::Superseded, by, format!("{by} takes the place of {}.", decision.id)))
}

fn ended(decision: &DecisionFacts, now: Moment) -> Option<Answer<DecisionStanding>> {
    let id = decision.id;
    if let Some(at) = decision.stopped {
        return Some(Answer::new(DecisionStanding::Ended, id, format!("{id} was ended on {}.", at.rfc3339())));
    }
    let until = decision.risk_until.filter(|until| now >= *until)?;
    Some(Answer::new(
        DecisionStanding::Ended,
        id,
        format!("The risk of {id} was accepted until {} only.", until.rfc3339()),
    ))
}

fn claims_that(
    decision: &DecisionFacts,
    claims: &BTreeMap<ExperimentId, ClaimStanding>,
    is: DecisionStanding,
    concerns: fn(ClaimStanding) -> bool,
) -> Option<Answer<DecisionStanding>> {
    let mut answer = Answer { is, because: Vec::new() };
    for experiment in &decision.rests_on {
        let claim = claims.get(experiment).copied().unwrap_or(ClaimStanding::Untested);
        if concerns(claim) {
            answer = answer.and(experiment, format!("The claim of {experiment} is {}.", claim.label().to_lowercase()));
        }
    }
    (!answer.because.is_empty()).then_some(answer)
}

const fn is_lost(claim: ClaimStanding) -> bool {
    match claim {
        ClaimStanding::Regressed | ClaimStanding::Refuted | ClaimStanding::Untested => true,
        ClaimStanding::Current | ClaimStanding::Stale => false,
    }
}

const fn is_stale(claim: ClaimStanding) -> bool {
    match claim {
        ClaimStanding::Stale => true,
        ClaimStanding::Current | ClaimStanding::Regressed | ClaimStanding::Refuted | ClaimStanding::Untested => false,
    }
}

fn review_due(decision: &DecisionFacts, now: Moment) -> Option<Answer<DecisionStanding>> {
    let at = decision.review_at.filter(|at| now >= *at)?;
    let says = format!("{} was to be looked at again on {}.", decision.id, at.rfc3339());
    Some(Answer::new(DecisionStanding::ReviewDue, decision.id, says))
}

fn in_force(decision: &DecisionFacts) -> Answer<DecisionStanding> {
    let says = match decision.rests_on.len() {
        0 => format!("{} does not stand or fall with a claim, and nothing ended it.", decision.id),
        1 => format!("The claim {} rests on is current.", decision.id),
        claims => format!("All {claims} claims {} rests on are current.", decision.id),
    };
    Answer::new(DecisionStanding::InForce, decision.id, says)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        decisions::DecisionKind,
        id::{DecisionId, Id},
    };

    const DAY_1: Moment = Moment::from_micros(0).plus_days(1);
    const DAY_2: Moment = Moment::from_micros(0).plus_days(2);

    fn adopted() -> DecisionFacts {
        DecisionFacts {
            id: Id::of(9),
            kind: DecisionKind::AdoptAChange,
            superseded_by: None,
            stopped: None,
            risk_until: None,
            review_at: None,
            rests_on: vec![Id::of(3), Id::of(4)],
        }
    }

    fn claims(third: ClaimStanding, fourth: ClaimStanding) -> BTreeMap<ExperimentId, ClaimStanding> {
        BTreeMap::from([(Id::of(3), third), (Id::of(4), fourth)])
    }

    #[test]
    fn a_decision_is_worth_what_its_worst_claim_is_worth() {
        use ClaimStanding::{Current, Refuted, Regressed, Stale, Untested};
        let table = [
            (Current, Current, DecisionStanding::InForce),
            (Current, Stale, DecisionStanding::EvidenceStale),
            (Stale, Regressed, DecisionStanding::EvidenceLost),
            (Refuted, Current, DecisionStanding::EvidenceLost),
            (Current, Untested, DecisionStanding::EvidenceLost),
        ];
        for (third, fourth, expected) in table {
            assert_eq!(standing(&adopted(), &claims(third, fourth), DAY_1).is, expected, "{third:?} and {fourth:?}");
        }
    }

    #[test]
    fn a_decision_names_the_claims_that_took_its_evidence_and_recovers_with_them() {
        let lost = standing(&adopted(), &claims(ClaimStanding::Regressed, ClaimStanding::Current), DAY_1);
        assert_eq!(lost.because.len(), 1);
        assert_eq!(lost.because[0].of, "EXP-3");
        assert_eq!(lost.because[0].says, "The claim of EXP-3 is regressed.");
        let again = standing(&adopted(), &claims(ClaimStanding::Current, ClaimStanding::Current), DAY_2);
        assert_eq!(again.is, DecisionStanding::InForce);
    }

    #[test]
    fn a_claim_nobody_knows_is_no_evidence() {
        assert_eq!(standing(&adopted(), &BTreeMap::new(), DAY_1).is, DecisionStanding::EvidenceLost);
    }

    #[test]
    fn the_first_line_that_matches_wins() {
        let review = DecisionFacts { review_at: Some(DAY_1), ..adopted() };
        let stale = claims(ClaimStanding::Stale, ClaimStanding::Current);
        let current = claims(ClaimStanding::Current, ClaimStanding::Current);
        assert_eq!(standing(&review, &current, DAY_1).is, DecisionStanding::ReviewDue);
        assert_eq!(standing(&review, &current, DAY_1.plus_micros(-1)).is, DecisionStanding::InForce);
        assert_eq!(standing(&review, &stale, DAY_1).is, DecisionStanding::EvidenceStale);
        let stopped = DecisionFacts { stopped: Some(DAY_1), ..review.clone() };
        let regressed = claims(ClaimStanding::Regressed, ClaimStanding::Current);
        assert_eq!(standing(&stopped, &regressed, DAY_1).is, DecisionStanding::Ended);
        let superseded = DecisionFacts { superseded_by: Some(DecisionId::of(10)), ..stopped };
        assert_eq!(standing(&superseded, &regressed, DAY_1).is, DecisionStanding::Superseded);
    }

    #[test]
    fn an_accepted_risk_ends_at_its_date() {
        let risk = DecisionFacts {
            kind: DecisionKind::AcceptTheRisk,
            risk_until: Some(DAY_2),
            rests_on: Vec::new(),
            ..adopted()
        };
        assert_eq!(standing(&risk, &BTreeMap::new(), DAY_2.plus_micros(-1)).is, DecisionStanding::InForce);
        assert_eq!(standing(&risk, &BTreeMap::new(), DAY_2).is, DecisionStanding::Ended);
    }
}
