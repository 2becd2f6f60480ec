//! Where a recurring time lands: in working time as it is, at the next working time of its period, or nowhere.

use super::{
    Team,
    freeze::{Concerned, Freeze, freezes_on},
    next::first_fit,
    outside::outside,
    recurrence::Due,
};
use crate::{interval::Interval, time::Moment};

/// What working time and freezes make of one recurring time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Landing {
    OnTime,
    /// It lies outside of working time, for these reasons, and moves within its period.
    Moved {
        to: Moment,
        why: Vec<String>,
    },
    /// A freeze holds there, or its period has no working time left.
    Cancelled {
        why: Vec<String>,
    },
}

impl Landing {
    /// When it is, in the end; none if it is nowhere.
    pub fn at(&self, due: &Due) -> Option<Moment> {
        match self {
            Self::OnTime => Some(due.at),
            Self::Moved { to, .. } => Some(*to),
            Self::Cancelled { .. } => None,
        }
    }

    /// Why it is not where it was named; empty if it is.
    pub fn why(&self) -> &[String] {
        match self {
            Self::OnTime => &[],
            Self::Moved { why, .. } | Self::Cancelled { why } => why,
        }
    }
}

/// Where a run of so many milliseconds, revert included, lands. `teams` are those that own its services.
pub fn land(due: &Due, ms: i64, teams: &[Team], freezes: &[Freeze], concerned: &Concerned<'_>) -> Landing {
    let mut why = outside(teams, Interval::lasting(due.at, ms));
    let fit = if why.is_empty() {
        Some(due.at)
    } else {
        let rest = Interval::new(due.at, due.before);
        rest.and_then(|rest| first_fit(teams, rest, ms, &[]))
    };
    let Some(at) = fit else {
        why.push("its period has no working time left".to_owned());
        return Landing::Cancelled { why };
    };
    if let Some(why) = frozen(freezes, concerned, Interval::lasting(at, ms)) {
        return Landing::Cancelled { why };
    }
    if at == due.at { Landing::OnTime } else { Landing::Moved { to: at, why } }
}

/// Where it lands at a time that people gave it: there, with what speaks against it, unless a freeze holds.
pub fn land_there(at: Moment, ms: i64, teams: &[Team], freezes: &[Freeze], concerned: &Concerned<'_>) -> Landing {
    let run = Interval::lasting(at, ms);
    if let Some(why) = frozen(freezes, concerned, run) {
        return Landing::Cancelled { why };
    }
    let why = outside(teams, run);
    if why.is_empty() { Landing::OnTime } else { Landing::Moved { to: at, why } }
}

/// The freezes that hold there, a clause for each; none if there are none.
fn frozen(freezes: &[Freeze], concerned: &Concerned<'_>, run: Interval) -> Option<Vec<String>> {
    let holding = freezes_on(freezes, concerned, run);
    let words = holding.into_iter().map(|freeze| format!("freeze: {}", freeze.words()));
    Some(words.collect::<Vec<_>>()).filter(|words| !words.is_empty())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use jiff::civil::Date;

    use super::*;
    use crate::{
        actor::PersonId,
        calendar::{
            freeze::Scope,
            recurrence::{At, Every, Nth, Recurrence},
            sample::data_platform,
            week::Day,
        },
        text::{Note, Slug},
    };

    const HOUR_MS: i64 = 3_600_000;

    /// One time of a rule in Berlin, as its office hours and these freezes leave it.
    fn landed(every: Every, at: &str, day: &str, freezes: &[Freeze]) -> Landing {
        let mut berlin = data_platform();
        berlin.holidays.insert(Date::constant(2026, 12, 25));
        let rule = Recurrence {
            every,
            at: At::read(at).unwrap(),
            zone: berlin.zone.clone(),
            from: Date::constant(2026, 1, 1),
            until: None,
            promise_days: None,
        };
        let start = Moment::from_local(&format!("{day}T00:00"), &berlin.zone).unwrap();
        let due = rule.due(Interval::lasting(start, 24 * HOUR_MS));
        let [due] = due.as_slice() else { panic!("{} is not one time on {day}", rule.words()) };
        let (teams, services) = (BTreeSet::new(), BTreeSet::from([Slug::new("zookeeper").unwrap()]));
        let concerned = Concerned { teams: &teams, services: &services, environment: None };
        land(due, HOUR_MS, &[berlin], freezes, &concerned)
    }

    fn weekly(day: Day) -> Every {
        Every::Weeks { number: 1, days: BTreeSet::from([day]) }
    }

    fn moved(landing: &Landing) -> String {
        match landing {
            Landing::Moved { to, .. } => to.rfc3339(),
            other => panic!("not moved: {other:?}"),
        }
    }

    fn freeze(from: &str, until: &str) -> Freeze {
        let at = |text: &str| Moment::parse(text).unwrap();
        Freeze {
            scope: Scope::Everything,
            from: at(from),
            until: Some(at(until)),
            why: Note::new("end of the year").unwrap(),
            by: PersonId(1),
        }
    }

    #[test]
    fn inside_working_time_it_stays() {
        assert_eq!(landed(weekly(Day::Tuesday), "10:00", "2026-11-24", &[]), Landing::OnTime);
        assert_eq!(landed(weekly(Day::Tuesday), "16:00", "2026-11-24", &[]), Landing::OnTime, "ends at closing time");
    }

    #[test]
    fn outside_of_it_it_moves_within_its_period_and_says_why() {
        assert_eq!(moved(&landed(weekly(Day::Tuesday), "03:00", "2026-11-24", &[])), "2026-11-24T08:00:00Z");
        let late = landed(weekly(Day::Tuesday), "16:30", "2026-11-24", &[]);
        assert_eq!(moved(&late), "2026-11-25T08:00:00Z");
        assert!(late.why()[0].contains("stops working at Tuesday 2026-11-24 17:00"), "{:?}", late.why());
        // The first Saturday of a month: the Monday after it is of the same month.
        let monthly = Every::Months { number: 1, nth: Nth::First, day: Day::Saturday };
        assert_eq!(moved(&landed(monthly, "10:00", "2026-11-07", &[])), "2026-11-09T08:00:00Z");
        // Clocks go forward on the Sunday of that weekend.
        let monthly = Every::Months { number: 1, nth: Nth::Last, day: Day::Saturday };
        assert_eq!(moved(&landed(monthly, "10:00", "2026-03-28", &[])), "2026-03-30T07:00:00Z");
    }

    #[test]
    fn without_working_time_left_in_its_period_it_is_nowhere() {
        for (day, date, says) in [
            (Day::Saturday, "2026-11-28", "Saturday 2026-11-28 is not a working day"),
            (Day::Friday, "2026-12-25", "Friday 2026-12-25 is a holiday of data-platform"),
        ] {
            let landing = landed(weekly(day), "10:00", date, &[]);
            assert!(matches!(landing, Landing::Cancelled { .. }), "{landing:?}");
            assert!(landing.why()[0].contains(says), "{:?}", landing.why());
            assert_eq!(landing.why()[1], "its period has no working time left");
        }
    }

    #[test]
    fn a_freeze_cancels_it_and_is_the_reason() {
        let freezes = [freeze("2026-11-24T09:30:00Z", "2026-11-25T00:00:00Z")];
        let landing = landed(weekly(Day::Tuesday), "10:00", "2026-11-24", &freezes);
        assert!(matches!(landing, Landing::Cancelled { .. }), "it would begin before the freeze and end in it");
        assert!(landing.why()[0].starts_with("freeze: everything is frozen from 2026-11-24 09:30 UTC"));
        assert_eq!(landed(weekly(Day::Tuesday), "09:00", "2026-11-24", &freezes), Landing::OnTime);
        let landing = landed(
            weekly(Day::Tuesday),
            "03:00",
            "2026-11-24",
            &[freeze("2026-11-24T00:00:00Z", "2026-11-24T07:00:00Z")],
        );
        assert_eq!(moved(&landing), "2026-11-24T08:00:00Z", "over before it begins");
    }
}
