//! Pages of teams: when they work, and what is theirs.

pub mod edit;
pub mod list;
pub mod new;
pub mod one;

mod fields;
