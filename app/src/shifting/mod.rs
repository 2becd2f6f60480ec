//! What is planned is moved by arrow keys in the calendar: they choose another time for it, and its form opens with
//! that. Nothing is moved before the form is sent.
//!
//! `live` is the island; `keys` says which keys there are; `pressed` runs in the browser only. Without script the form is there all the same.

pub mod live;

#[cfg(feature = "ssr")]
pub mod keys;

#[cfg(feature = "hydrate")]
mod pressed;

/// The id of what says which keys there are; the island shows it.
#[cfg(any(feature = "ssr", feature = "hydrate"))]
pub const HINT: &str = "calendar-keys";
/// The id of what is read out.
#[cfg(any(feature = "ssr", feature = "hydrate"))]
pub const SAID: &str = "calendar-said";
