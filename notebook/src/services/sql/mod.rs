//! How services, environments, targets and changes are kept: one file a table.

pub(super) mod changes;
pub(super) mod chef;
pub(super) mod environments;
pub(super) mod services;
pub(super) mod sources;
pub(super) mod targets;

use crate::{
    fault::{Fault, Result},
    text::Slug,
};

fn slug_of(table: &'static str, text: &str) -> Result<Slug> {
    Ok(Slug::new(text).map_err(|e| Fault::bad_row(table, text, e))?)
}
