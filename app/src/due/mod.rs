//! What is due, and what an experiment's claim is good for.

pub mod list;
pub mod offer;
