//! Who looks after services, and when they are there to look.

#[cfg(feature = "store")]
pub mod acts;
pub mod drafts;
#[cfg(feature = "store")]
mod sql;
pub mod words;

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    calendar::{self, week::Week},
    text::{Slug, Title},
    time::Zone,
};

/// The full local days on which a team does not work, and what they are called.
pub type Holidays = BTreeMap<Date, Option<Title>>;

/// People who own services together, with their working time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Team {
    pub slug: Slug,
    pub name: Title,
    pub zone: Zone,
    pub week: Week,
    pub holidays: Holidays,
    /// One person is all of it: where somebody else would be asked, "no second person" is recorded.
    pub solo: bool,
    pub version: i64,
}

impl Team {
    /// What the rules of working time ask.
    pub fn calendar(&self) -> calendar::Team {
        calendar::Team {
            name: self.slug.clone(),
            zone: self.zone.clone(),
            week: self.week.clone(),
            holidays: self.holidays.keys().copied().collect(),
        }
    }
}
