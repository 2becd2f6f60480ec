//! Pages of game days: what is to be done, who is there, what was noted, and what it came to.

pub mod edit;
pub mod list;
pub mod new;
pub mod one;

mod agenda;
mod fields;
mod timeline;
mod trail;
