//! When a team is there: its zone, its week, its holidays, and the times in which nothing is to be
//! broken (product reference, section 3.12).

pub mod week;
pub mod working;
pub mod outside;
pub mod next;
pub mod freeze;
pub mod recurrence;
pub mod slot;
pub mod reminder;

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use self::week::Week;
use crate::{text::Slug, time::Zone};

/// One team's working time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Team {
    pub name: Slug,
    pub zone: Zone,
    pub week: Week,
    /// Full local days on which nobody works.
    pub holidays: BTreeSet<Date>,
}

#[cfg(test)]
pub mod sample;
