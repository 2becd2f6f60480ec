//! What production exercises by itself: passive evidence of a retired experiment, such as machines
//! that the provider takes back. A good event refreshes the claim like a pass and adds nothing to its
//! counts; a bad one regresses it.

use serde::Serialize;

use super::claims::ClaimStanding;
use crate::{answer::Answer, id::ExperimentId, text::Title, time::Moment};

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
    /// Everything written down of it that nobody ruled out, in any order.
    pub seen: Vec<Seen>,
}

/// What the rule knows beside what the runs say.
#[derive(Debug, Clone, Copy)]
pub struct PassiveFacts<'a> {
    pub experiment: ExperimentId,
    pub passive: &'a Passive,
    pub freshness_days: u32,
    /// What older evidence no longer speaks for.
    pub since: Option<Moment>,
    /// When a fix was deployed last where the claim holds.
    pub deployed: Option<Moment>,
}

/// A standing, and until when it is fresh while it is current.
pub type Standing = (Answer<ClaimStanding>, Option<Moment>);

/// What the claim amounts to by its runs, with what production showed beside them.
pub fn with_passive(facts: &PassiveFacts<'_>, by_runs: Standing, now: Moment) -> Standing {
    let PassiveFacts { experiment, passive, freshness_days, since, deployed } = *facts;
    let kind = &passive.kind;
    let happened = || passive.seen.iter().filter(move |seen| seen.at <= now);
    let bad = happened().filter(|seen| !seen.good && deployed.is_none_or(|deployed| seen.at >= deployed));
    if let Some(bad) = bad.map(|seen| seen.at).max() {
        let says = format!("On {} {kind} contradicted what {experiment} claims.", bad.rfc3339());
        let mut answer = Answer::new(ClaimStanding::Regressed, experiment, says);
        answer.because.extend(by_runs.0.because);
        return (answer, None);
    }
    let counts = |seen: &&Seen| seen.good && since.is_none_or(|since| seen.at >= since);
    let Some(good) = happened().filter(counts).map(|seen| seen.at).max() else { return by_runs };
    let until = good.plus_days(i64::from(freshness_days));
    let (answer, fresh_until) = by_runs;
    match answer.is {
        ClaimStanding::Current => (answer, fresh_until.max(Some(until))),
        ClaimStanding::Stale if now <= until => {
            let says = format!("{kind} of {} speak for {experiment} until {}.", good.rfc3339(), until.rfc3339());
            (Answer::new(ClaimStanding::Current, experiment, says), Some(until))
        }
        ClaimStanding::Stale => {
            let says = format!("{kind} were seen last on {}, more than {freshness_days} days ago.", good.rfc3339());
            (answer.and(experiment, says), None)
        }
        // What no run ever passed is not proven by what nobody planned.
        ClaimStanding::Untested | ClaimStanding::Refuted | ClaimStanding::Regressed => (answer, fresh_until),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runs::sample::day;

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
        let facts = PassiveFacts {
            experiment: ExperimentId::of(3),
            passive: &passive,
            freshness_days: 30,
            since: Some(day(1)),
            deployed: deployed.map(day),
        };
        let fresh_until = (is == ClaimStanding::Current).then(|| day(32));
        let (answer, until) = with_passive(&facts, (Answer::new(is, "", "Runs say so."), fresh_until), day(now));
        (answer.is, until)
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
