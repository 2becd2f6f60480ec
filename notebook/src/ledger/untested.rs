//! Budget that is left is there to be learnt with: which question that nobody tried yet should it be
//! spent on? The order is that of the coverage map; the first one that fits is suggested.

use std::cmp::Ordering;

use crate::{
    experiments::{
        Stage,
        questions::{QUESTIONS, Question},
    },
    id::ExperimentId,
    slos::{
        fits::Fit,
        ratio::Ratio,
        words::{bad_events, percent_down},
    },
    text::{Slug, Title},
};

/// An experiment that was never run, held against a budget.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Untested {
    pub experiment: ExperimentId,
    pub title: Title,
    /// "What happens if…"; the title where nobody wrote one.
    pub question: String,
    pub stage: Stage,
    /// How urgent its most urgent service is: its place in the coverage map.
    pub place: usize,
    /// That service, and what makes it urgent: "stateful, fewer than one change a month".
    pub service: Slug,
    pub urgent_because: String,
    /// Whether its kind of fault was tried on that service, by another experiment.
    pub fault_tried: bool,
    /// Bad events at most and how they lie to the budget, or a clause about what nobody knows.
    pub cost: Result<(u64, Fit), String>,
}

impl Untested {
    /// It leaves the reserve alone.
    pub const fn fits(&self) -> bool {
        matches!(self.cost, Ok((_, Fit::Fits)))
    }
}

/// What to spend a budget on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Suggestion {
    /// This one, and why.
    Try { untested: Untested, worst: u64, because: Vec<String> },
    /// There is budget, and nothing to spend it on: why, and what to write instead.
    Write { because: Vec<String>, asks: Option<&'static Question>, on: Option<ExperimentId> },
    /// Nothing may be spent, and why.
    Nothing { because: String },
}

/// What is free of a budget, or why nothing is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Free {
    Above { remaining: Ratio },
    Not { says: String },
}

/// The most urgent first; among equals what is no repetition, what may run at once, and what was
/// written first.
pub fn order(one: &Untested, other: &Untested) -> Ordering {
    let rank = |untested: &Untested| {
        (untested.place, untested.fault_tried, untested.stage != Stage::Ready, untested.experiment)
    };
    rank(one).cmp(&rank(other))
}

/// The first in order that leaves the reserve alone. So many `further` ones nobody looked at;
/// `known_faults` are the kinds that experiments of the service have.
pub fn suggest(free: &Free, untested: Vec<Untested>, further: usize, known_faults: &[Slug]) -> Suggestion {
    let remaining = match free {
        Free::Not { says } => return Suggestion::Nothing { because: says.clone() },
        Free::Above { remaining } => *remaining,
    };
    let mut ranked = untested;
    ranked.sort_by(order);
    let first = ranked.iter().position(Untested::fits);
    let Some(first) = first else { return write(&ranked, further, known_faults) };
    let passed: Vec<String> = ranked[..first].iter().map(passed_over).collect();
    let untested = ranked.swap_remove(first);
    let worst = untested.cost.as_ref().map_or(0, |(worst, _)| *worst);
    let urgent = format!("{} leads: {}.", untested.service, untested.urgent_because);
    let never = format!("{} was never run.", untested.experiment);
    let fits = format!(
        "Its worst case is {}; {} of the budget are left, and the reserve stays untouched.",
        bad_events(worst),
        percent_down(remaining)
    );
    let because = [urgent, never, fits].into_iter().chain(passed).collect();
    Suggestion::Try { untested, worst, because }
}

fn passed_over(untested: &Untested) -> String {
    let id = untested.experiment;
    match &untested.cost {
        Err(says) => format!("{id} comes first, but what it may cost is unknown: {says}."),
        Ok((worst, Fit::Fits)) => format!("{id} fits with {}.", bad_events(*worst)),
        Ok((worst, Fit::UsesReserve)) => format!("{id} would use the reserve with {}.", bad_events(*worst)),
        Ok((worst, Fit::Exceeds | Fit::NothingLeft)) => {
            format!("{id} may cost {}, which is more than is left.", bad_events(*worst))
        }
    }
}

/// Nothing fits: a plan whose cost is unknown wants to be completed, otherwise a further question is
/// written whose fault nothing of the service has.
fn write(ranked: &[Untested], further: usize, known_faults: &[Slug]) -> Suggestion {
    let unknown = ranked.iter().find(|untested| untested.cost.is_err());
    let is_new = |question: &&Question| known_faults.iter().all(|kind| kind.as_str() != question.fault_kind());
    let because = if ranked.is_empty() {
        vec!["Every experiment on this service for this environment was run, or there is none.".to_owned()]
    } else {
        let unseen = (further > 0).then(|| format!("Nobody looked at {further} more that come later."));
        ranked.iter().map(passed_over).chain(unseen).collect()
    };
    Suggestion::Write { because, asks: QUESTIONS.iter().find(is_new), on: unknown.map(|untested| untested.experiment) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slug(text: &str) -> Slug {
        Slug::new(text).unwrap()
    }

    fn untested(number: i64, place: usize, cost: Result<(u64, Fit), &str>) -> Untested {
        Untested {
            experiment: ExperimentId::of(number),
            title: Title::new("Restart one").unwrap(),
            question: "What happens if one restarts?".into(),
            stage: Stage::Draft,
            place,
            service: slug("zookeeper"),
            urgent_because: "stateful, no change recorded".into(),
            fault_tried: false,
            cost: cost.map_err(Into::into),
        }
    }

    fn above() -> Free {
        Free::Above { remaining: Ratio::ONE }
    }

    fn suggested(all: Vec<Untested>) -> Option<i64> {
        match suggest(&above(), all, 0, &[]) {
            Suggestion::Try { untested, .. } => Some(untested.experiment.number()),
            Suggestion::Write { .. } | Suggestion::Nothing { .. } => None,
        }
    }

    #[test]
    fn the_most_urgent_that_fits_is_suggested() {
        let fits = |number, place| untested(number, place, Ok((10, Fit::Fits)));
        let tried = |number| Untested { fault_tried: true, ..fits(number, 0) };
        let ready = |number| Untested { stage: Stage::Ready, ..fits(number, 0) };
        for (all, expected, says) in [
            (vec![fits(1, 1), fits(2, 0)], Some(2), "by the coverage map"),
            (vec![fits(2, 0), fits(1, 0)], Some(1), "what was written first"),
            (vec![tried(1), fits(2, 0)], Some(2), "a fault nobody tried"),
            (vec![fits(1, 0), ready(2)], Some(2), "what may run at once"),
            (vec![tried(1), fits(2, 1)], Some(1), "the map comes first"),
            (vec![untested(1, 0, Ok((900, Fit::UsesReserve))), fits(2, 1)], Some(2), "never out of the reserve"),
            (vec![untested(1, 0, Err("no traffic")), fits(2, 1)], Some(2), "an unknown cost does not fit"),
            (vec![untested(1, 0, Ok((900, Fit::Exceeds)))], None, "nothing fits"),
            (Vec::new(), None, "nothing is there"),
        ] {
            assert_eq!(suggested(all), expected, "{says}");
        }
    }

    #[test]
    fn it_says_why_this_one_and_not_the_one_before() {
        let all = vec![untested(1, 0, Ok((900, Fit::Exceeds))), untested(2, 1, Ok((35, Fit::Fits)))];
        let Suggestion::Try { because, worst, .. } = suggest(&above(), all, 0, &[]) else { panic!("nothing fits") };
        assert_eq!(worst, 35);
        let because = because.join(" ");
        for words in [
            "zookeeper leads: stateful",
            "EXP-2 was never run",
            "35 bad events; 100 %",
            "EXP-1 may cost 900 bad events",
        ] {
            assert!(because.contains(words), "{words}: {because}");
        }
    }

    #[test]
    fn where_nothing_fits_it_says_what_to_write() {
        let Suggestion::Write { because, asks, on } = suggest(&above(), Vec::new(), 0, &[slug("process-restart")])
        else {
            panic!("something fits")
        };
        assert!(because[0].contains("or there is none"), "{because:?}");
        assert_eq!((asks.map(Question::fault_kind), on), (Some("machine-loss"), None));
        let all = vec![untested(7, 0, Err("nobody said how many fail"))];
        let Suggestion::Write { because, on, .. } = suggest(&above(), all.clone(), 3, &[]) else {
            panic!("something fits")
        };
        assert_eq!((on, because.len()), (Some(ExperimentId::of(7)), 2));
        assert!(because[1].contains("3 more"), "what is unseen may fit: {because:?}");
        let Suggestion::Write { because, .. } = suggest(&above(), all, 0, &[]) else { panic!("something fits") };
        assert_eq!(because.len(), 1);
    }

    #[test]
    fn without_free_budget_nothing_is_suggested() {
        let free = Free::Not { says: "only the reserve is left".into() };
        let all = vec![untested(1, 0, Ok((0, Fit::Fits)))];
        assert_eq!(suggest(&free, all, 0, &[]), Suggestion::Nothing { because: "only the reserve is left".into() });
    }
}
