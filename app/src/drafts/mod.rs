//! What the browser keeps of forms that were not sent, so that no typed text is lost.
//!
//! `kept` is the text that is stored and what follows from it, on both sides. Everything else runs
//! in the browser only. Forms work without any of it.

pub mod kept;
pub mod live;

#[cfg(feature = "hydrate")]
mod controls;
#[cfg(feature = "hydrate")]
mod keeper;
#[cfg(feature = "hydrate")]
mod offer;
#[cfg(feature = "hydrate")]
pub(crate) mod sending;
