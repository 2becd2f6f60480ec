//! GD-4: several runs in one block of a day, with who is there, an agenda, and what was noted meanwhile.

#[cfg(feature = "store")]
pub mod acts;
pub mod agenda;
pub mod drafts;
#[cfg(feature = "store")]
mod sql;
pub mod summary;
pub mod trail;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    actor::PersonId,
    experiments::plan::vocabulary,
    gate::quorum::Part,
    id::{ExperimentId, FindingId, GameDayId, RunId},
    runs::{Run, facts::Verdict, validity::Validity},
    text::{Slug, Title},
    time::{Moment, Zone},
};

vocabulary! {
    /// What a game day is at a moment.
    GameDayState {
        Coming = "coming", "Coming";
        UnderWay = "under_way", "Under way";
        Over = "over", "Over";
        Cancelled = "cancelled", "Cancelled";
    }
}

/// One game day as it is kept; what was noted is in its trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GameDay {
    pub id: GameDayId,
    pub text: Text,
    pub cancelled_at: Option<Moment>,
    /// The last time it was written, edited or cancelled.
    pub changed_at: Moment,
    pub created_at: Moment,
    pub version: i64,
}

/// What is said of a game day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    pub title: Title,
    /// By whose clock its times are typed and read.
    pub zone: Zone,
    pub from: Moment,
    /// Later than `from`, on the same date in its zone.
    pub until: Moment,
    pub body: Body,
    pub runs: BTreeSet<RunId>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    pub teams: BTreeSet<Slug>,
    /// What is done beside the runs, the earliest first.
    pub agenda: Vec<Point>,
    pub people: BTreeSet<Taken>,
}

/// One point of the agenda that is no run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    pub at: Moment,
    pub what: Title,
}

/// That a person takes a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Taken {
    pub part: Part,
    pub person: PersonId,
}

/// One of its runs, as far as it has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    pub run: Run,
    pub validity: Option<Validity>,
    pub verdict: Option<Verdict>,
    /// What it showed first.
    pub findings: Vec<FindingId>,
}

impl GameDay {
    pub fn state(&self, now: Moment) -> GameDayState {
        if self.cancelled_at.is_some() {
            GameDayState::Cancelled
        } else if now < self.text.from {
            GameDayState::Coming
        } else if now < self.text.until {
            GameDayState::UnderWay
        } else {
            GameDayState::Over
        }
    }

    /// Whether somebody takes a part in it.
    pub fn is_on(&self, person: PersonId) -> bool {
        self.text.body.people.iter().any(|taken| taken.person == person)
    }
}

impl Text {
    /// The experiments that points of the agenda name.
    pub fn experiments(&self) -> BTreeSet<ExperimentId> {
        let is_between = |c: char| !c.is_ascii_alphanumeric() && c != '-';
        let words = self.body.agenda.iter().flat_map(|point| point.what.as_str().split(is_between));
        words.filter_map(|word| word.parse().ok()).collect()
    }

    /// "24 Nov 2026, 10:00–13:00 (Europe/Berlin)".
    pub fn when(&self) -> String {
        let (from, until) = (self.from.civil(&self.zone), self.until.civil(&self.zone));
        format!("{}–{} ({})", from.strftime("%-d %b %Y, %H:%M"), until.strftime("%H:%M"), self.zone.name())
    }

    /// "10:00" by its clock; with the date, if that is another one.
    pub fn clock(&self, at: Moment) -> String {
        let at = at.civil(&self.zone);
        let is_here = at.date() == self.from.civil(&self.zone).date();
        at.strftime(if is_here { "%H:%M" } else { "%-d %b, %H:%M" }).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Moment {
        Moment::parse(text).unwrap()
    }

    fn gameday() -> GameDay {
        let text = Text {
            title: Title::new("Quorum day").unwrap(),
            zone: Zone::named("Europe/Berlin").unwrap(),
            from: at("2026-11-24T09:00:00Z"),
            until: at("2026-11-24T12:00:00Z"),
            body: Body::default(),
            runs: BTreeSet::new(),
        };
        let at = at("2026-11-20T09:00:00Z");
        GameDay { id: GameDayId::of(4), text, cancelled_at: None, changed_at: at, created_at: at, version: 1 }
    }

    #[test]
    fn its_window_and_its_cancelling_say_what_it_is() {
        let cancelled = GameDay { cancelled_at: Some(at("2026-11-21T09:00:00Z")), ..gameday() };
        for (now, is) in [
            ("2026-11-24T08:59:59Z", GameDayState::Coming),
            ("2026-11-24T09:00:00Z", GameDayState::UnderWay),
            ("2026-11-24T11:59:59Z", GameDayState::UnderWay),
            ("2026-11-24T12:00:00Z", GameDayState::Over),
        ] {
            assert_eq!(gameday().state(at(now)), is, "{now}");
            assert_eq!(cancelled.state(at(now)), GameDayState::Cancelled, "{now}");
        }
    }

    #[test]
    fn its_times_are_those_of_its_own_clock() {
        let text = gameday().text;
        assert_eq!(text.when(), "24 Nov 2026, 10:00–13:00 (Europe/Berlin)");
        assert_eq!(text.clock(at("2026-11-24T10:30:00Z")), "11:30");
        assert_eq!(text.clock(at("2026-11-24T23:30:00Z")), "25 Nov, 00:30");
    }
}
