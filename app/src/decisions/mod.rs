//! Pages of decisions: what was chosen, on which evidence, and whether that still holds.

pub mod list;
pub mod one;
pub mod new;

mod kinds;
