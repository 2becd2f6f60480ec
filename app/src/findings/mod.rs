//! Pages of findings: what runs have shown, what was done about it, and what proves that it helped.

pub mod list;
pub mod one;
pub mod new;
pub mod edit;

mod fields;
pub(crate) mod revealing;
mod words;
mod facts;
mod causes;
mod ties;
mod judge;
mod trail;
pub(crate) mod chain;
