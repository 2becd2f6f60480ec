//! What production exercises by itself: passive evidence of a retired experiment, such as machines
//! that the provider takes back. A good event refreshes the claim like a pass and adds nothing to its
//! counts; a bad one regresses it.

use serde::Serialize;

use super::claims::{Claim, ClaimStanding};
use crate::{
    answer::{Answer, Because},
    id::ExperimentId,
    text::Title,
    time::Moment,
};

/// One event of the kind that a retirement names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "PassiveEvent"))]
pub struct Seen {
    pub at: Moment,
    /// The hypothesis held.
    pub good: bool,
}

/// What is watched instead of running the experiment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "PassiveEvidence"))]
pub struct Passive {
    /// "preemption events"
    pub kind: Title,
    /// Everything written down of it, in any order.
    pub seen: Vec<Seen>,
}

/// The claim of the experiment's runs, with what production showed beside them. `deployed` is when a
/// fix was deployed last where the claim holds.
pub fn with_passive(
    experiment: ExperimentId,
    claim: Claim,
    passive: &Passive,
    freshness_days: u32,
    deployed: Option<Moment>,
    now: Moment,
) -> Claim {
    let kind = &passive.kind;
    let happened = || passive.seen.iter().filter(move |seen| seen.at <= now);
    let bad = happened().filter(|seen| !seen.good && deployed.is_none_or(|deployed| seen.at >= deployed));
    if let Some(bad) = bad.map(|seen| seen.at).max() {
        let says = format!("On {} {kind} contradicted what {experiment} claims.", bad.rfc3339());
        return regressed(claim, experiment, says);
    }
    let counts = |seen: &&Seen| seen.good && claim.confidence.since.is_none_or(|since| seen.at >= since);
    let Some(good) = happened().filter(counts).map(|seen| seen.at).max() else { return claim };
    let until = good.plus_days(i64::from(freshness_days));
    match claim.answer.is {
        ClaimStanding::Current => Claim { fresh_until: claim.fresh_until.max(Some(until)), ..claim },
        ClaimStanding::Stale if now <= until => {
            let says = format!("{kind} of {} speak for {experiment} until {}.", good.rfc3339(), until.rfc3339());
            Claim { answer: Answer::new(ClaimStanding::Current, experiment, says), fresh_until: Some(until), ..claim }
        }
        ClaimStanding::Stale => {
            let says = format!("{kind} were seen last on {}, more than {freshness_days} days ago.", good.rfc3339());
            Claim { answer: claim.answer.and(experiment, says), ..claim }
        }
        // What no run ever passed is not proven by what nobody planned.
        ClaimStanding::Untested | ClaimStanding::Refuted | ClaimStanding::Regressed => claim,
    }
}

fn regressed(claim: Claim, experiment: ExperimentId, says: String) -> Claim {
    let because = Because { of: experiment.to_string(), says };
    let mut answer = Answer { is: ClaimStanding::Regressed, because: vec![because] };
    answer.because.extend(claim.answer.because);
    Claim { answer, confidence: claim.confidence, fresh_until: None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        retrials::claims::{Confidence, LastPass, Level},
        runs::sample::day,
    };

    fn claim(is: ClaimStanding, fresh_until: Option<i64>) -> Claim {
        Claim {
            answer: Answer::new(is, "", "Runs say so."),
            confidence: Confidence {
                passes: 3,
                failures: 0,
                since: Some(day(1)),
                last_pass: Some(LastPass { ended: day(2), run: crate::id::RunId::of(1) }),
                level: Level::Repeated,
                coverage: None,
            },
            fresh_until: fresh_until.map(day),
        }
    }

    fn judged(
        is: ClaimStanding,
        seen: &[(i64, bool)],
        deployed: Option<i64>,
        now: i64,
    ) -> (ClaimStanding, Option<Moment>) {
        let passive = Passive {
            kind: Title::new("preemption events").unwrap(),
            seen: seen.iter().map(|(on, good)| Seen { at: day(*on), good: *good }).collect(),
        };
        let fresh_until = (is == ClaimStanding::Current).then_some(32);
        let before = claim(is, fresh_until);
        let after = with_passive(ExperimentId::of(3), before.clone(), &passive, 30, deployed.map(day), day(now));
        assert_eq!(after.confidence, before.confidence, "nothing is added to the counts");
        (after.answer.is, after.fresh_until)
    }

    #[test]
    fn a_good_event_refreshes_like_a_pass() {
        use ClaimStanding::{Current, Refuted, Stale, Untested};
        assert_eq!(judged(Current, &[(10, true)], None, 20), (Current, Some(day(40))));
        assert_eq!(judged(Stale, &[(10, true)], None, 40), (Current, Some(day(40))), "exactly 30 days are fresh");
        assert_eq!(judged(Stale, &[(10, true)], None, 41), (Stale, None));
        assert_eq!(judged(Stale, &[(0, true)], None, 20), (Stale, None), "it came before the last change");
        assert_eq!(judged(Stale, &[(30, true)], None, 20), (Stale, None), "it has not happened yet");
        for kept in [Untested, Refuted] {
            assert_eq!(judged(kept, &[(10, true)], None, 20), (kept, None));
        }
    }

    #[test]
    fn a_bad_event_regresses_until_a_fix_is_deployed() {
        use ClaimStanding::{Current, Regressed};
        assert_eq!(judged(Current, &[(10, false), (11, true)], None, 20), (Regressed, None));
        assert_eq!(judged(Current, &[(10, false)], Some(12), 20), (Current, Some(day(32))));
    }

    #[test]
    fn the_order_of_events_does_not_matter() {
        let seen = [(10, true), (14, true), (5, true)];
        let mut turned = seen;
        turned.reverse();
        for now in [12, 20, 50] {
            let of = |seen| judged(ClaimStanding::Stale, seen, None, now);
            assert_eq!(of(&seen[..]), of(&turned[..]));
        }
    }
}
