//! Whether a decision still stands. The first line that matches wins; nothing is kept, so a
//! decision recovers as soon as its claims do.

use std::collections::BTreeMap;

use crate::{answer::Answer, id::ExperimentId, retrials::claims::ClaimStanding, time::Moment};

use super::{Claimed, DecisionFacts, DecisionKind, DecisionStanding};

/// Whether a decision looks at claims because they fail, and so rests on none.
pub const fn doubts(kind: DecisionKind) -> bool {
    matches!(kind, DecisionKind::FixAndRerun | DecisionKind::Stop)
}

/// The claims that a decision stands or falls with. To repeat something or to live with a risk may be decided about a
/// claim that did not hold then: what it had lost already it cannot lose.
pub fn rests_on(
    kind: DecisionKind,
    claims: &[Claimed],
    now: &BTreeMap<ExperimentId, ClaimStanding>,
) -> Vec<ExperimentId> {
    let may_doubt = matches!(kind, DecisionKind::RepeatAsIs | DecisionKind::AcceptTheRisk);
    let rests = |claimed: &&Claimed| {
        let is = now.get(&claimed.experiment).copied().unwrap_or(ClaimStanding::Untested);
        let was = was(claimed).unwrap_or(ClaimStanding::Current);
        !may_doubt || was == ClaimStanding::Current || loss(is) > loss(was)
    };
    let claims = claims.iter().filter(|_| !doubts(kind));
    claims.filter(rests).map(|claimed| claimed.experiment).collect()
}

/// What the claim was when the decision was taken: the word with which its snapshot begins.
fn was(claimed: &Claimed) -> Option<ClaimStanding> {
    claimed.snapshot.split(';').next().and_then(|word| ClaimStanding::named(word).ok())
}

const fn loss(claim: ClaimStanding) -> u8 {
    if is_lost(claim) {
        2
    } else if is_stale(claim) {
        1
    } else {
        0
    }
}

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
        format!("The risk of {id} was accepted until {} only.", until.until_words(decision.risk_zone.as_ref())),
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
        id::{DecisionId, Id},
        time::Zone,
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
            risk_zone: None,
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
    fn a_risk_and_a_repetition_rest_on_what_their_claim_was_worth_when_they_were_taken() {
        use ClaimStanding::{Current, Refuted, Regressed, Stale, Untested};
        let rests = |kind, snapshot: &str, is| {
            let claimed = Claimed { experiment: Id::of(3), snapshot: snapshot.into() };
            !rests_on(kind, &[claimed], &BTreeMap::from([(Id::of(3), is)])).is_empty()
        };
        for kind in [DecisionKind::AcceptTheRisk, DecisionKind::RepeatAsIs] {
            for (snapshot, is, expected) in [
                ("current; 3 of 3 passed", Current, true),
                ("current; 3 of 3 passed", Stale, true),
                ("current; 3 of 3 passed", Regressed, true),
                ("stale; no evidence", Stale, false),
                ("stale; no evidence", Regressed, true),
                ("refuted; 0 of 1 passed", Refuted, false),
                ("untested", Refuted, false),
                ("untested", Untested, false),
            ] {
                assert_eq!(rests(kind, snapshot, is), expected, "{kind:?}: {snapshot}, now {is:?}");
            }
        }
        for is in ClaimStanding::ALL.iter().copied() {
            assert!(rests(DecisionKind::AdoptAChange, "untested", is), "{is:?}");
            assert!(!rests(DecisionKind::FixAndRerun, "current; 3 of 3 passed", is), "{is:?}");
            assert!(!rests(DecisionKind::Stop, "current; 3 of 3 passed", is), "{is:?}");
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
            risk_zone: Zone::named("Europe/Berlin"),
            rests_on: Vec::new(),
            ..adopted()
        };
        assert_eq!(standing(&risk, &BTreeMap::new(), DAY_2.plus_micros(-1)).is, DecisionStanding::InForce);
        assert_eq!(standing(&risk, &BTreeMap::new(), DAY_2).is, DecisionStanding::Ended);
        // 1970 began at one o'clock there.
        for (until, day) in [(DAY_2, "3 Jan 1970, 01:00"), (DAY_2.plus_hours(-1), "3 Jan 1970")] {
            let ended = standing(&DecisionFacts { risk_until: Some(until), ..risk.clone() }, &BTreeMap::new(), DAY_2);
            let says = format!("The risk of DEC-9 was accepted until {day} (Europe/Berlin) only.");
            assert_eq!(ended.because[0].says, says);
        }
    }
}
