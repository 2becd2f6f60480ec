//! How the steady state is before a start: what people wrote down, and what readings of the plan's own queries show.
//! A reading is a look as fresh as it is; the answers stay people's.

use super::{Input, SteadyState};
use crate::{experiments::plan::Outcome, time::Moment};

/// What is known of one before-check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Before {
    pub measure: String,
    /// The latest answer that somebody wrote, and of when it is.
    pub answered: Option<(Outcome, Moment)>,
    /// What the readings say of now, and the newest of them.
    pub read: Option<(Outcome, Moment)>,
}

impl Before {
    /// Bad news counts at once, from whichever side it comes. What somebody saw fail is taken back by people only, and
    /// a reading that says nothing takes nothing back.
    fn seen(&self) -> Option<(Outcome, Moment)> {
        let says = |seen: Option<(Outcome, Moment)>| seen.filter(|(outcome, _)| *outcome != Outcome::Unknown);
        match (says(self.answered), says(self.read)) {
            (Some((Outcome::Held, said)), Some((read, at))) if at >= said => Some((read, at)),
            (Some(answered), _) => Some(answered),
            (None, read) => read,
        }
    }
}

/// All before-checks together.
pub fn steady_state(checks: &[Before], now: Moment) -> Input<SteadyState> {
    let named = |outcome: Option<Outcome>| {
        let those = checks.iter().filter(move |check| check.seen().map(|(seen, _)| seen) == outcome);
        those.map(|check| check.measure.clone()).collect::<Vec<_>>()
    };
    let failed = named(Some(Outcome::Failed));
    if !failed.is_empty() {
        return Input::Known(SteadyState::NotHolding(failed));
    }
    let unknown = named(None);
    if !unknown.is_empty() {
        return Input::Unknown(format!("nobody wrote down yet how it is with {}", unknown.join(", ")));
    }
    let looked = checks.iter().filter_map(Before::seen).map(|(_, at)| at).min();
    Input::Known(looked.map_or(SteadyState::NoneAsked, |at| SteadyState::Holding { age_ms: now.ms_since(at).max(0) }))
}

#[cfg(test)]
mod tests {
    use Outcome::{Failed, Held, Unknown};

    use super::*;
    use crate::runs::sample::day;

    fn at(minute: i64) -> Moment {
        day(0).plus_minutes(minute)
    }

    fn check(answered: Option<(Outcome, i64)>, read: Option<(Outcome, i64)>) -> Before {
        let seen = |seen: Option<(Outcome, i64)>| seen.map(|(outcome, minute)| (outcome, at(minute)));
        Before { measure: "errors".into(), answered: seen(answered), read: seen(read) }
    }

    #[test]
    fn the_newest_look_counts_and_bad_news_from_either_side() {
        let holding = |minutes: i64| Some(SteadyState::Holding { age_ms: minutes * 60_000 });
        let failing = || Some(SteadyState::NotHolding(vec!["errors".into()]));
        for (answered, read, expected) in [
            (None, None, None),
            (Some((Held, 0)), None, holding(20)),
            (Some((Failed, 0)), None, failing()),
            (Some((Unknown, 0)), None, None),
            (None, Some((Held, 19)), holding(1)),
            (None, Some((Failed, 19)), failing()),
            (None, Some((Unknown, 19)), None),
            (Some((Unknown, 5)), Some((Held, 19)), holding(1)),
            (Some((Held, 0)), Some((Held, 19)), holding(1)),
            (Some((Held, 0)), Some((Failed, 19)), failing()),
            (Some((Held, 0)), Some((Unknown, 19)), holding(20)),
            (Some((Held, 19)), Some((Failed, 19)), failing()),
            (Some((Held, 19)), Some((Failed, 5)), holding(1)),
            (Some((Failed, 0)), Some((Held, 19)), failing()),
        ] {
            let known = match steady_state(&[check(answered, read)], at(20)) {
                Input::Known(known) => Some(known),
                Input::Unknown(why) => {
                    assert!(why.contains("nobody wrote down yet how it is with errors"), "{why}");
                    None
                }
            };
            assert_eq!(known, expected, "{answered:?} {read:?}");
        }
    }

    #[test]
    fn of_several_the_worst_counts_and_the_oldest_look() {
        let (said, read, failed) =
            (check(Some((Held, 2)), None), check(None, Some((Held, 19))), check(None, Some((Failed, 19))));
        let unknown = check(None, None);
        let both = steady_state(&[said.clone(), read.clone()], at(20));
        assert_eq!(both, Input::Known(SteadyState::Holding { age_ms: 18 * 60_000 }));
        let worst = steady_state(&[said, unknown.clone(), failed], at(20));
        assert_eq!(worst, Input::Known(SteadyState::NotHolding(vec!["errors".into()])));
        assert!(matches!(steady_state(&[read, unknown], at(20)), Input::Unknown(_)));
        assert_eq!(steady_state(&[], at(20)), Input::Known(SteadyState::NoneAsked));
    }
}
