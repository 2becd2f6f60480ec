//! What can be done and asked about teams, and whether a run fits into their time.

mod around;
mod texts;

pub use self::{
    around::{Around, around, next_fit, zones_of},
    texts::{Filter, Shown, choices, edit, list, show, write},
};
pub(crate) use self::{
    around::{all_calendars, calendar_of, calendars, zone_of_owner},
    texts::{followed, known},
};
use super::sql;
