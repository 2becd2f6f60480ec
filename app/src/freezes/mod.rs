//! Pages of freezes: what is held still, since when, by whom and why; and the bars that say so elsewhere.

pub mod bars;
pub mod list;

mod acts;
mod rows;
