//! The cadence of an experiment: its rule, its slots, and what is said of them.

mod form;
mod one;
mod slots;
mod told;

pub use one::CadencePage;
pub use slots::postpone;
