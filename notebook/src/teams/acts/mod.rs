//! What can be done and asked about teams, and whether a run fits into their time.

mod around;
mod texts;

pub(crate) use self::texts::{followed, known};
pub use self::{
    around::{Around, around, next_fit, zones_of},
    texts::{Filter, Shown, choices, edit, list, show, write},
};
use super::sql;
