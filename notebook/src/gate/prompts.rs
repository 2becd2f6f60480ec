//! What everybody on a run is asked to think about while it goes on: reasons for the abort, and a revert that
//! takes too long (product reference, sections 3.10 and 3.12 to 3.14).

use serde::{Deserialize, Serialize};

use super::passed::{BudgetFit, BudgetSeen};
use crate::{
    experiments::{plan::vocabulary, probes::ConditionProbe},
    id::SloId,
    runs::readings::Standing,
    slos::{
        spend::{Spend, spent_words},
        words::bad_events,
    },
    time::span_words,
};

vocabulary! {
    /// What a prompt is about.
    #[cfg_attr(feature = "store", schemars(rename = "AbortPromptAbout"))]
    About {
        Condition = "abort_condition", "Abort condition";
        Quorum = "quorum", "Quorum";
        Freeze = "freeze", "Freeze";
        Budget = "budget", "Error budget";
        Revert = "revert", "Revert";
    }
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "AbortPrompt"))]
pub struct Prompt {
    pub about: About,
    /// False where nobody knows whether there is a reason.
    pub urges: bool,
    /// A sentence.
    pub says: String,
}

impl Prompt {
    /// A late revert calls for help; there is nothing left to abort.
    pub const fn speaks_for_abort(&self) -> bool {
        self.urges && !matches!(self.about, About::Revert)
    }
}

fn urges(about: About, says: String) -> Prompt {
    Prompt { about, urges: true, says }
}

/// An abort condition that readings show to be reached, or to have been, or that nobody knows of.
pub fn condition(probe: &ConditionProbe, standing: &Standing, was_reached: bool) -> Option<Prompt> {
    let (name, now, limit) = (&probe.condition, standing.value_words(), probe.limit());
    match standing {
        Standing::Reached { .. } => {
            let says = format!("The abort condition \"{name}\" is reached: {now}, and {limit} reaches it.");
            Some(urges(About::Condition, says))
        }
        _ if was_reached => {
            let says = format!("The abort condition \"{name}\" was reached ({limit}); now it is {now}.");
            Some(urges(About::Condition, says))
        }
        Standing::Unknown(why) => {
            let says = format!("Whether the abort condition \"{name}\" is reached is unknown: {why}.");
            Some(Prompt { about: About::Condition, urges: false, says })
        }
        Standing::Clear(_) | Standing::Pending { .. } => None,
    }
}

/// Below the quorum: `lacks` holds a clause for each thing that is lacking.
pub fn people(lacks: &[String]) -> Option<Prompt> {
    let says = || format!("There are not enough people any more: {}.", lacks.join("; "));
    (!lacks.is_empty()).then(|| urges(About::Quorum, says()))
}

/// Under a freeze; `freezes` are those that hold now, as clauses.
pub fn frozen(freezes: &[String]) -> Option<Prompt> {
    (!freezes.is_empty()).then(|| urges(About::Freeze, format!("A freeze is on: {}.", freezes.join("; "))))
}

/// Past the deadline of the revert everybody is called.
pub fn late(deadline_ms: i64) -> Prompt {
    let deadline = span_words(deadline_ms);
    let says = format!("The revert is past the deadline of {deadline}: everybody who can help is needed.");
    urges(About::Revert, says)
}

/// What the run cost an SLO so far, beside what it was to cost at most when it started. Where that
/// lies between two ends, the upper one counts.
pub fn spent(slo: SloId, so_far: &Spend, at_start: Option<&BudgetSeen>) -> Option<Prompt> {
    let unknown = |says| Some(Prompt { about: About::Budget, urges: false, says });
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
        return Some(urges(About::Budget, says));
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
    use crate::{
        experiments::plan::Allowed,
        gate::sample::slo,
        interval::Interval,
        runs::sample::{number, title},
        slos::worst_case::Extent,
        text::Note,
        time::Moment,
    };

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
    fn a_condition_that_was_reached_goes_on_prompting_and_an_unknown_one_is_said_quietly() {
        let probe = ConditionProbe {
            condition: title("orders fail"),
            query: Note::new("failing").unwrap(),
            reached: Allowed::Above(number("5")),
            for_ms: 30_000,
            aborts: false,
        };
        let since = Moment::from_micros(0);
        let (seven, one) = (number("7"), number("1"));
        for (standing, was_reached, is) in [
            (Standing::Clear(one), false, None),
            (Standing::Pending { since, value: seven }, false, None),
            (
                Standing::Reached { since, value: seven },
                true,
                Some((true, "is reached: 7, and > 5 for 30 s reaches it")),
            ),
            (Standing::Clear(one), true, Some((true, "was reached (> 5 for 30 s); now it is 1"))),
            (Standing::Unknown("nobody measured it".into()), true, Some((true, "now it is unknown: nobody measured"))),
            (Standing::Unknown("nobody measured it".into()), false, Some((false, "is unknown: nobody measured it."))),
        ] {
            let prompt = condition(&probe, &standing, was_reached);
            assert_eq!(prompt.as_ref().map(|prompt| prompt.urges), is.map(|(urges, _)| urges), "{standing:?}");
            let fits = prompt.zip(is).is_none_or(|(prompt, (_, says))| prompt.says.contains(says));
            assert!(fits, "{standing:?}");
        }
    }

    #[test]
    fn nothing_lacking_and_nothing_frozen_prompt_nothing() {
        assert_eq!((people(&[]), frozen(&[])), (None, None));
        assert!(frozen(&["the service kafka is frozen".into()]).is_some_and(|prompt| prompt.urges));
        let people = people(&["no Owner is marked present".into()]).unwrap();
        assert!(people.urges && people.speaks_for_abort());
    }

    #[test]
    fn a_late_revert_calls_everybody_and_asks_nobody_to_abort() {
        let late = late(300_000);
        assert!(late.urges && !late.speaks_for_abort());
        assert_eq!(late.says, "The revert is past the deadline of 5 min: everybody who can help is needed.");
    }
}
