//! Times in which nothing may be broken on purpose: switched on until somebody switches it off,
//! or a dated window known in advance.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    actor::PersonId,
    interval::Interval,
    text::{Note, Slug},
    time::{Moment, Zone},
};

/// What a freeze holds still.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    Everything,
    Team(Slug),
    Service(Slug),
    Environment(Slug),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Freeze {
    pub scope: Scope,
    pub from: Moment,
    /// None until somebody ends it.
    pub until: Option<Moment>,
    pub why: Note,
    pub by: PersonId,
}

/// Whom and what a run concerns.
#[derive(Debug, Clone, Copy)]
pub struct Concerned<'a> {
    pub teams: &'a BTreeSet<Slug>,
    pub services: &'a BTreeSet<Slug>,
    pub environment: Option<&'a Slug>,
}

impl Scope {
    /// Whether a run that concerns these lies in it.
    pub fn holds(&self, concerned: &Concerned<'_>) -> bool {
        match self {
            Self::Everything => true,
            Self::Team(team) => concerned.teams.contains(team),
            Self::Service(service) => concerned.services.contains(service),
            Self::Environment(environment) => concerned.environment == Some(environment),
        }
    }

    /// "everything", "the team data-platform".
    pub fn words(&self) -> String {
        match self {
            Self::Everything => "everything".into(),
            Self::Team(team) => format!("the team {team}"),
            Self::Service(service) => format!("the service {service}"),
            Self::Environment(environment) => format!("the environment {environment}"),
        }
    }
}

impl Freeze {
    /// The time it lasts; without an end it lasts for ever.
    pub fn interval(&self) -> Interval {
        let end = self.until.unwrap_or(Moment::from_micros(i64::MAX));
        Interval::new(self.from, end).unwrap_or(Interval::lasting(self.from, 0))
    }

    /// "the environment production has been frozen since 2026-12-20 00:00 UTC: end of the year".
    pub fn words(&self) -> String {
        let (what, why) = (self.scope.words(), &self.why);
        match self.until {
            Some(until) => format!("{what} is frozen from {} to {}: {why}", minute(self.from), minute(until)),
            None => format!("{what} has been frozen since {}: {why}", minute(self.from)),
        }
    }
}

/// Whole minutes are enough, and who reads it may be in any zone.
fn minute(at: Moment) -> String {
    at.civil(&Zone::utc()).strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// The freezes that touch a run, from its start to the end of the latest revert. One that begins
/// while the run would be under way counts, since it would stop it.
pub fn freezes_on<'a>(freezes: &'a [Freeze], concerned: &Concerned<'_>, run: Interval) -> Vec<&'a Freeze> {
    // A run that takes no time at all is somewhere, too: whoever asks about now.
    let at = |freeze: &Freeze| freeze.interval().overlaps(run) || freeze.interval().contains(run.start());
    let touches = |freeze: &&Freeze| freeze.scope.holds(concerned) && at(freeze);
    freezes.iter().filter(touches).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slug(text: &str) -> Slug {
        Slug::new(text).unwrap()
    }

    fn at(text: &str) -> Moment {
        Moment::parse(text).unwrap()
    }

    fn freeze(scope: Scope, until: Option<&str>) -> Freeze {
        Freeze {
            scope,
            from: at("2026-12-20T00:00:00Z"),
            until: until.map(at),
            why: Note::new("end of the year").unwrap(),
            by: PersonId(1),
        }
    }

    #[test]
    fn a_freeze_holds_what_is_in_its_scope() {
        let (teams, services) =
            (BTreeSet::from([slug("data-platform")]), BTreeSet::from([slug("kafka"), slug("zookeeper")]));
        let production = slug("production");
        let concerned = Concerned { teams: &teams, services: &services, environment: Some(&production) };
        for (scope, holds) in [
            (Scope::Everything, true),
            (Scope::Team(slug("data-platform")), true),
            (Scope::Team(slug("web")), false),
            (Scope::Service(slug("kafka")), true),
            (Scope::Service(slug("home")), false),
            (Scope::Environment(slug("production")), true),
            (Scope::Environment(slug("staging")), false),
        ] {
            assert_eq!(scope.holds(&concerned), holds, "{scope:?}");
        }
        let nowhere = Concerned { environment: None, ..concerned };
        assert!(!Scope::Environment(slug("production")).holds(&nowhere));
    }

    #[test]
    fn a_freeze_touches_the_runs_of_its_time() {
        let (teams, services) = (BTreeSet::new(), BTreeSet::from([slug("kafka")]));
        let concerned = Concerned { teams: &teams, services: &services, environment: None };
        let touches = |until: Option<&str>, start: &str| {
            let freezes = [freeze(Scope::Everything, until)];
            !freezes_on(&freezes, &concerned, Interval::lasting(at(start), 3_600_000)).is_empty()
        };
        let until = Some("2027-01-02T00:00:00Z");
        for (start, dated, open) in [
            ("2026-12-19T23:00:00Z", false, false),
            ("2026-12-19T23:30:00Z", true, true),
            ("2026-12-24T12:00:00Z", true, true),
            ("2027-01-01T23:30:00Z", true, true),
            ("2027-01-02T00:00:00Z", false, true),
            ("2036-01-02T00:00:00Z", false, true),
        ] {
            assert_eq!((touches(until, start), touches(None, start)), (dated, open), "{start}");
        }
        let freezes = [freeze(Scope::Everything, until)];
        let now = |text: &str| freezes_on(&freezes, &concerned, Interval::lasting(at(text), 0)).len();
        assert_eq!((now("2026-12-24T12:00:00Z"), now("2027-01-02T00:00:00Z")), (1, 0), "a question about now");
    }

    #[test]
    fn a_freeze_says_what_since_when_and_why() {
        assert_eq!(
            freeze(Scope::Environment(slug("production")), None).words(),
            "the environment production has been frozen since 2026-12-20 00:00 UTC: end of the year"
        );
        let dated = freeze(Scope::Service(slug("kafka")), Some("2027-01-02T00:00:00Z"));
        assert!(dated.words().contains("to 2027-01-02 00:00 UTC"));
        let backwards = freeze(Scope::Everything, Some("2026-12-01T00:00:00Z"));
        assert!(backwards.interval().is_empty(), "ended before it began");
    }
}
