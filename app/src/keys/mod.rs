//! Keys that go somewhere. `steps` is the one table: the browser's listener and the page of keys are made of it.
//! Without script nothing is missing: every place has a link, and `/go` is a page with a form.

pub mod live;
pub mod steps;

#[cfg(feature = "ssr")]
pub mod go;
#[cfg(feature = "ssr")]
pub mod sheet;

#[cfg(feature = "hydrate")]
mod listening;
