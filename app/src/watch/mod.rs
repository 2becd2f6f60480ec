//! The page of a run that is planned or goes on keeps itself up to date while it is open.
//!
//! `live` is the island, and `haste` says how soon. The rest runs in the browser only: it hears from the
//! server's event stream that something happened, asks for the page once more, and swaps what differs, so
//! that markup is made in one place. Without any of it the page shows what was so when it was loaded.

pub mod haste;
pub mod live;

#[cfg(feature = "ssr")]
pub mod panel;

#[cfg(feature = "hydrate")]
mod held;
#[cfg(feature = "hydrate")]
pub(crate) mod said;
#[cfg(feature = "hydrate")]
mod stream;
#[cfg(feature = "hydrate")]
mod swap;
#[cfg(feature = "hydrate")]
mod watcher;
#[cfg(feature = "hydrate")]
mod words;
