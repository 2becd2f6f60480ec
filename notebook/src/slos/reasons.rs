//! The sentences behind a budget's numbers, in the order in which one follows from the other.

use super::{
    Slo,
    budget::Budget,
    burn::Exhaustion,
    method::Method,
    standing::Standing,
    words::{events_down, percent_down, rate, thousands},
};
use crate::{
    answer::{Answer, Because},
    time::span_words,
};

/// What the target allows, what of it is spent and what is left, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sums {
    pub allowed: String,
    pub spent: String,
    pub left: String,
}

/// None without anything counted.
pub fn sums(slo: &Slo, standing: &Standing) -> Option<Answer<Sums>> {
    let budget = standing.budget?;
    let (noun, counts) = (noun(slo.method), budget.counts());
    let still = budget.still_allowed();
    let left = if still >= 0 {
        format!("{} bad {noun} can still happen", thousands(still))
    } else {
        format!("{} bad {noun} too many", thousands(-still))
    };
    let sums = Sums {
        allowed: format!("{} bad {noun}", events_down(budget.allowed())),
        spent: format!("{} bad {noun}", thousands(counts.bad)),
        left,
    };
    let because = vec![
        sentence(format!(
            "{} {noun} were counted from {} to {}.",
            thousands(counts.total()),
            standing.window.start().rfc3339(),
            standing.window.end().rfc3339()
        )),
        sentence(format!(
            "The target is {}: of these, {} may be bad.",
            slo.target.words(),
            events_down(budget.allowed())
        )),
        sentence(format!(
            "{} were bad, so {} of the budget is left.",
            thousands(counts.bad),
            percent_down(budget.remaining())
        )),
        sentence(if budget.is_met() { "The promise is kept.".into() } else { broken(&budget) }),
    ];
    Some(Answer { is: sums, because })
}

/// At 0 % a strict promise is broken and one that is not strict is kept; people ask why.
fn broken(budget: &Budget) -> String {
    if budget.still_allowed() == -1 && budget.left() == super::ratio::Ratio::ZERO {
        return "The promise is broken: it is strict, so exactly its limit is too many.".into();
    }
    "The promise is broken.".into()
}

/// How fast the budget is spent just now, in words.
pub fn pace(slo: &Slo, standing: &Standing) -> Answer<String> {
    let (noun, short) = (noun(slo.method), span_words(slo.levels.window_ms));
    let Some(burn) = standing.burn_now else {
        let says = format!("No {noun} were counted in the last {short}, so nobody knows the pace.");
        return Answer::new("unknown".into(), "", says);
    };
    let counts = standing.just_now;
    let says = format!(
        "{} of {} {noun} in the last {short} were bad; {} may be. That spends {} times what lasts exactly for the window.",
        thousands(counts.bad),
        thousands(counts.total()),
        slo.target.objective.tolerated().words(),
        rate(burn)
    );
    Answer::new(format!("{} times", rate(burn)), "", says)
}

/// How long the budget lasts, in words.
pub fn lasts(standing: &Standing) -> Answer<String> {
    match standing.exhaustion {
        None => Answer::new("unknown".into(), "", "Budget or pace is unknown, so nobody knows how long it lasts."),
        Some(Exhaustion::Already) => Answer::new("spent already".into(), "", "Nothing of the budget is left."),
        Some(Exhaustion::Never) => {
            Answer::new("nothing is being spent".into(), "", "Nothing bad was counted just now.")
        }
        Some(Exhaustion::In { ms }) => {
            let says = "What is left, divided by the pace just now; with even traffic and nothing leaving the window.";
            Answer::new(format!("{} at this pace", span_words(ms)), "", says)
        }
    }
}

const fn noun(method: Method) -> &'static str {
    match method {
        Method::Occurrences => "events",
        Method::TimeSlices(_) => "slices",
    }
}

fn sentence(says: String) -> Because {
    Because { of: String::new(), says }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::slos::{
        measurements::{
            Series,
            sample::{events, hour},
        },
        sample::ingest,
        standing::standing,
        target::Target,
    };

    fn at(target: &str, good: u64, bad: u64) -> (Slo, Standing) {
        let slo = Slo { target: Target::read(target).unwrap(), ..ingest() };
        let series = Series::of([events(0, 24, good, bad)]);
        let standing = standing(&slo, &series, hour(24));
        (slo, standing)
    }

    #[test]
    fn each_number_follows_from_the_one_before() {
        let (slo, standing) = at("99 %", 950, 50);
        let sums = sums(&slo, &standing).unwrap();
        assert_eq!((sums.is.allowed.as_str(), sums.is.spent.as_str()), ("10 bad events", "50 bad events"));
        assert_eq!(sums.is.left, "40 bad events too many");
        let says: Vec<&str> = sums.because.iter().map(|because| because.says.as_str()).collect();
        assert!(says[0].starts_with("1,000 events were counted from "), "{says:?}");
        assert_eq!(says[2], "50 were bad, so −400 % of the budget is left.");
        assert_eq!(pace(&slo, &standing).is, "5 times");
        assert_eq!(lasts(&standing).is, "unknown", "most of the window was never measured");
    }

    #[test]
    fn exactly_the_limit_breaks_a_strict_promise_only() {
        let last = |target| {
            let (slo, standing) = at(target, 990, 10);
            sums(&slo, &standing).unwrap().because.pop().unwrap().says
        };
        assert_eq!(last("at least 99 %"), "The promise is kept.");
        assert!(last("less than 1 % bad").contains("exactly its limit is too many"));
    }

    #[test]
    fn without_events_nothing_is_said_to_be_good() {
        let (slo, standing) = at("99 %", 0, 0);
        assert_eq!(sums(&slo, &standing), None);
        assert_eq!(pace(&slo, &standing).is, "unknown");
        assert_eq!(lasts(&standing).is, "unknown");
    }
}
