//! What is due: everything that somebody should try, sign or decide again, each with its reason, in
//! the order in which it should be looked at. What keeps data and rarely changes comes first, because
//! nothing exercises it unless somebody does; and what was never tried before what was.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    experiments::plan::vocabulary,
    fixes::Standing,
    id::ExperimentId,
    time::{Moment, Zone},
};

vocabulary! {
    /// Why something is due; the more pressing ones first.
    DueReason {
        Regressed = "regressed", "Regressed";
        EvidenceLost = "evidence_lost", "Evidence of a decision lost";
        VerdictDue = "verdict_due", "Verdict due";
        FailedVerification = "failed_verification", "Failed verification";
        Unverified = "unverified", "Fix deployed and unverified";
        Overdue = "overdue", "Cadence overdue";
        Stale = "stale", "Stale";
        EvidenceStale = "evidence_stale", "Evidence of a decision stale";
        RiskExpiring = "risk_expiring", "Risk acceptance expiring";
        ReviewDue = "review_due", "Review due";
    }
}

impl DueReason {
    /// What a fix of this standing is due for; nobody runs again what is retired, only because time has passed.
    pub const fn of_fix(standing: Standing, is_retired: bool) -> Option<Self> {
        match standing {
            Standing::Regressed => Some(Self::Regressed),
            Standing::FailedVerification => Some(Self::FailedVerification),
            Standing::Deployed => Some(Self::Unverified),
            Standing::Stale if is_retired => None,
            Standing::Stale => Some(Self::Stale),
            Standing::Proposed | Standing::Verified | Standing::Reverted | Standing::Withdrawn => None,
        }
    }
}

/// What the services of an experiment say about its place in the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "DueWeight"))]
pub struct Weight {
    /// One of them keeps data.
    pub stateful: bool,
    /// One that keeps data does, or none keeps data and one does.
    pub rarely_changed: bool,
    /// No valid run of the experiment exists.
    pub never_tried: bool,
}

impl Weight {
    /// That of the service which weighs most.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        if other.class() < self.class() { other } else { self }
    }

    const fn class(self) -> u8 {
        match (self.stateful, self.rarely_changed) {
            (true, true) => 0,
            (true, false) => 1,
            (false, true) => 2,
            (false, false) => 3,
        }
    }

    /// "keeps data, rarely changes, never tried"; empty if nothing of it is so.
    pub fn words(self) -> String {
        let said =
            [(self.stateful, "keeps data"), (self.rarely_changed, "rarely changes"), (self.never_tried, "never tried")];
        said.into_iter().filter(|(is, _)| *is).map(|(_, words)| words).collect::<Vec<_>>().join(", ")
    }
}

/// One thing that is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct Due {
    pub reason: DueReason,
    /// The public id of what is due: `FIX-2`, `RUN-7`, `EXP-3`, `DEC-9` or `FND-1`.
    pub of: String,
    pub title: String,
    pub experiment: Option<ExperimentId>,
    /// Since when, where a moment is known; until when for what expires.
    pub at: Option<Moment>,
    /// Of a risk: the day on which it ends, by the clock of the team that owns a service of it.
    #[serde(skip)]
    pub ends: Option<String>,
    /// A whole sentence.
    pub says: String,
    pub weight: Weight,
}

impl Due {
    /// Says until when a risk is accepted, which ends as a day begins in this zone.
    #[must_use]
    pub fn ending(self, until: Moment, zone: Option<&Zone>) -> Self {
        let ends = until.until_words(zone);
        let says = format!("The risk of {} is accepted until {ends} only.", self.of);
        Self { says, ends: zone.map(|_| ends), ..self }
    }

    /// The smaller, the earlier somebody should look.
    fn urgency(&self) -> (bool, u8, bool, DueReason, Option<Moment>, &str) {
        let sample = self.experiment.is_some_and(ExperimentId::is_sample);
        (sample, self.weight.class(), !self.weight.never_tried, self.reason, self.at, &self.of)
    }
}

/// Puts it in order, each reason of a thing once.
pub fn queue(mut due: Vec<Due>) -> Vec<Due> {
    due.sort_by(|a, b| a.urgency().cmp(&b.urgency()).then_with(|| a.says.cmp(&b.says)));
    let mut seen = BTreeSet::new();
    due.retain(|one| seen.insert((one.of.clone(), one.reason)));
    due
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const RARE: Weight = Weight { stateful: true, rarely_changed: true, never_tried: false };
    const BUSY: Weight = Weight { stateful: true, rarely_changed: false, never_tried: false };
    const PLAIN: Weight = Weight { stateful: false, rarely_changed: false, never_tried: false };

    fn due(of: &str, reason: DueReason, weight: Weight, day: i64) -> Due {
        Due {
            reason,
            of: of.into(),
            title: of.into(),
            experiment: Some(ExperimentId::of(1)),
            at: Some(Moment::from_micros(0).plus_days(day)),
            ends: None,
            says: format!("{of} is due."),
            weight,
        }
    }

    fn order(list: Vec<Due>) -> Vec<String> {
        queue(list).into_iter().map(|due| due.of).collect()
    }

    #[test]
    fn what_keeps_data_rarely_changes_and_was_never_tried_leads() {
        let untried = Weight { never_tried: true, ..RARE };
        let list = vec![
            due("FIX-1", DueReason::Regressed, PLAIN, 1),
            due("FIX-2", DueReason::Stale, BUSY, 1),
            due("FIX-3", DueReason::Stale, RARE, 1),
            due("FIX-4", DueReason::Unverified, untried, 1),
            due("FIX-5", DueReason::Regressed, RARE, 9),
        ];
        assert_eq!(order(list), ["FIX-4", "FIX-5", "FIX-3", "FIX-2", "FIX-1"]);
    }

    #[test]
    fn among_equals_the_reason_decides_and_then_how_long_it_waits() {
        let list = vec![
            due("FIX-1", DueReason::Unverified, PLAIN, 5),
            due("FIX-2", DueReason::Unverified, PLAIN, 3),
            due("RUN-1", DueReason::VerdictDue, PLAIN, 8),
            due("DEC-1", DueReason::EvidenceLost, PLAIN, 9),
        ];
        assert_eq!(order(list), ["DEC-1", "RUN-1", "FIX-2", "FIX-1"]);
    }

    #[test]
    fn a_stale_fix_is_due_unless_its_experiment_is_retired_and_a_regressed_one_always() {
        for (standing, ready, retired) in [
            (Standing::Stale, Some(DueReason::Stale), None),
            (Standing::Deployed, Some(DueReason::Unverified), Some(DueReason::Unverified)),
            (Standing::Regressed, Some(DueReason::Regressed), Some(DueReason::Regressed)),
            (Standing::Verified, None, None),
            (Standing::Withdrawn, None, None),
        ] {
            assert_eq!((DueReason::of_fix(standing, false), DueReason::of_fix(standing, true)), (ready, retired));
        }
    }

    #[test]
    fn a_risk_names_the_day_of_its_team_and_without_one_the_instant() {
        let until = Moment::parse("2027-03-30T22:00:00Z").unwrap();
        let berlin = Zone::named("Europe/Berlin").unwrap();
        let risk = || due("DEC-1", DueReason::RiskExpiring, PLAIN, 1);
        let named = risk().ending(until, Some(&berlin));
        assert_eq!(named.says, "The risk of DEC-1 is accepted until 31 Mar 2027 (Europe/Berlin) only.");
        assert_eq!(named.ends.as_deref(), Some("31 Mar 2027 (Europe/Berlin)"));
        let bare = risk().ending(until, None);
        assert_eq!(bare.says, "The risk of DEC-1 is accepted until 2027-03-30T22:00:00Z only.");
        assert_eq!(bare.ends, None);
    }

    #[test]
    fn the_sample_stands_behind_what_is_real() {
        let sample =
            Due { experiment: Some(ExperimentId::of_sample(1)), ..due("DEMO-FIX-1", DueReason::Regressed, RARE, 1) };
        assert_eq!(order(vec![sample, due("FIX-1", DueReason::ReviewDue, PLAIN, 1)]), ["FIX-1", "DEMO-FIX-1"]);
    }

    #[test]
    fn the_heaviest_service_of_an_experiment_counts() {
        assert_eq!(PLAIN.or(RARE).or(BUSY), RARE);
        assert_eq!(RARE.words(), "keeps data, rarely changes");
        assert_eq!(PLAIN.words(), "");
    }

    proptest! {
        #[test]
        fn no_order_and_no_repetition_of_what_is_found_changes_the_queue(
            items in proptest::collection::vec((0usize..10, 0u8..8, 0i64..4, 0i64..5), 0..12),
            turn in 0usize..12,
        ) {
            let list: Vec<Due> = items.iter().map(|(reason, flags, of, day)| {
                let weight = Weight { stateful: flags & 1 > 0, rarely_changed: flags & 2 > 0, never_tried: flags & 4 > 0 };
                due(&format!("FIX-{of}"), DueReason::ALL[*reason], weight, *day)
            }).collect();
            let mut turned = list.clone();
            if !turned.is_empty() {
                let by = turn % turned.len();
                turned.rotate_left(by);
            }
            turned.extend(list.iter().take(3).cloned());
            prop_assert_eq!(queue(list), queue(turned));
        }
    }
}
