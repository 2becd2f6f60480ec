//! Teams for tests.

use std::collections::BTreeSet;

use super::{
    Team,
    week::{Day, Hours, Week},
};
use crate::{
    interval::Interval,
    text::Slug,
    time::{Moment, Zone},
};

pub const MONDAY_TO_FRIDAY: [Day; 5] = [Day::Monday, Day::Tuesday, Day::Wednesday, Day::Thursday, Day::Friday];
pub const SUNDAY_TO_THURSDAY: [Day; 5] = [Day::Sunday, Day::Monday, Day::Tuesday, Day::Wednesday, Day::Thursday];

/// Works on these days at these hours.
pub fn team(zone: &str, days: &[Day], hours: &str) -> Team {
    Team {
        name: Slug::new("data-platform").unwrap(),
        zone: Zone::named(zone).unwrap(),
        week: Week::every(days, Hours::read(hours).unwrap()),
        holidays: BTreeSet::new(),
    }
}

/// The team of the sample notebook, in Berlin.
pub fn data_platform() -> Team {
    team("Europe/Berlin", &MONDAY_TO_FRIDAY, "09:00–17:00")
}

/// So many minutes from a local time on.
pub fn from(local: &str, team: &Team, minutes: i64) -> Interval {
    Interval::lasting(Moment::from_local(local, &team.zone).unwrap(), minutes * 60_000)
}
