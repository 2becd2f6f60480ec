//! What everybody on a run is asked to think about while it goes on: reasons for the abort (product
//! reference, sections 3.10, 3.12 and 3.13).

use serde::Serialize;

use super::{
    Check,
    passed::{BudgetFit, BudgetSeen},
};
use crate::{
    id::SloId,
    slos::{
        spend::{Spend, spent_words},
        words::bad_events,
    },
};

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "AbortPrompt"))]
pub struct Prompt {
    /// Quorum, freeze or budget.
    pub about: Check,
    /// False where nobody knows whether there is a reason.
    pub urges: bool,
    /// A sentence.
    pub says: String,
}

fn urges(about: Check, says: String) -> Prompt {
    Prompt { about, urges: true, says }
}

/// Below the quorum: `lacks` holds a clause for each thing that is lacking.
pub fn people(lacks: &[String]) -> Option<Prompt> {
    let says = || format!("There are not enough people any more: {}.", lacks.join("; "));
    (!lacks.is_empty()).then(|| urges(Check::Quorum, says()))
}

/// Under a freeze; `freezes` are those that hold now, as clauses.
pub fn frozen(freezes: &[String]) -> Option<Prompt> {
    (!freezes.is_empty()).then(|| urges(Check::Freeze, format!("A freeze is on: {}.", freezes.join("; "))))
}

/// What the run cost an SLO so far, beside what it was to cost at most when it started. Where that
/// lies between two ends, the upper one counts.
pub fn spent(slo: SloId, so_far: &Spend, at_start: Option<&BudgetSeen>) -> Option<Prompt> {
    let unknown = |says| Some(Prompt { about: Check::Budget, urges: false, says });
    let worst = match at_start.map(|seen| &seen.fits) {
        Some(BudgetFit::Known { worst, .. }) => *worst,
        Some(BudgetFit::Unknown(why)) => {
            return unknown(format!(
                "Whether {slo} has lost more than the worst case is unknown, since that was unknown at the start: {why}."
            ));
        }
        None => {
            return unknown(format!(
                "Whether {slo} has lost more than the worst case is unknown: nobody reckoned that at the start."
            ));
        }
    };
    let (bad, reached) = (so_far.bad, worst.max(1));
    let is_reached = bad.least >= reached || bad.most.is_some_and(|most| most >= reached);
    if is_reached {
        let lost = spent_words(bad);
        let says = format!("{slo} has lost {lost} since the fault began; the worst case was {}.", bad_events(worst));
        return Some(urges(Check::Budget, says));
    }
    match bad.most {
        Some(_) => None,
        None => unknown(format!(
            "Whether {slo} has lost its worst case of {} is unknown: {} measured so far, and not all of the time.",
            bad_events(worst),
            bad_events(bad.least)
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{gate::sample::slo, interval::Interval, slos::worst_case::Extent, time::Moment};

    fn lost(least: u64, most: Option<u64>) -> Spend {
        let during = Interval::lasting(Moment::from_micros(0), 60_000);
        Spend { during, bad: Extent { least, most }, unmeasured_ms: 0, usual: None }
    }

    fn expected(worst: u64) -> BudgetSeen {
        BudgetSeen::of(SloId::of(1), "Ingest", &slo("SLO-1", 0, worst))
    }

    #[test]
    fn live_spend_that_reaches_the_worst_case_raises_the_prompt() {
        for (least, most, worst, is) in [
            (34, Some(34), 35, None),
            (35, Some(35), 35, Some(true)),
            (0, Some(40), 35, Some(true)),
            (35, None, 35, Some(true)),
            (34, None, 35, Some(false)),
            (0, None, 35, Some(false)),
            (0, Some(0), 0, None),
            (1, Some(1), 0, Some(true)),
        ] {
            let prompt = spent(SloId::of(1), &lost(least, most), Some(&expected(worst)));
            assert_eq!(prompt.map(|prompt| prompt.urges), is, "{least} to {most:?} of {worst}");
        }
    }

    #[test]
    fn what_nobody_knows_is_said_as_unknown() {
        let says = |spend: &Spend, seen: Option<&BudgetSeen>| spent(SloId::of(1), spend, seen).unwrap().says;
        let open = says(&lost(12, None), Some(&expected(35)));
        assert!(open.contains("worst case of 35 bad events is unknown: 12 bad events measured so far"), "{open}");
        let unreckoned = BudgetSeen { fits: BudgetFit::Unknown("nothing was measured".into()), ..expected(35) };
        let never = says(&lost(12, Some(12)), Some(&unreckoned));
        assert!(never.contains("is unknown") && never.contains("nothing was measured"), "{never}");
        assert!(says(&lost(12, Some(12)), None).contains("nobody reckoned"));
    }

    #[test]
    fn nothing_lacking_and_nothing_frozen_prompt_nothing() {
        assert_eq!((people(&[]), frozen(&[])), (None, None));
        assert!(frozen(&["the service kafka is frozen".into()]).is_some_and(|prompt| prompt.urges));
        assert!(people(&["no Owner is marked present".into()]).is_some_and(|prompt| prompt.urges));
    }
}
