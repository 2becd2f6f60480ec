//! Notes of a run that were written and are not sent yet. The browser keeps them, each with its own time and
//! key, and sends them in the order written as soon as a server answers.
//!
//! `kept` is the text that is stored and what follows from it, on both sides. Everything else runs in the
//! browser only. The composer's form works without any of it.

pub mod kept;
pub mod live;

#[cfg(feature = "hydrate")]
mod paste;
#[cfg(feature = "hydrate")]
mod queue;
#[cfg(feature = "hydrate")]
pub(crate) mod sending;
#[cfg(feature = "hydrate")]
mod shown;
