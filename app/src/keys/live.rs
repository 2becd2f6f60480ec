//! The islands: one on every page of somebody who is signed in hears keys, one on the page of a run that goes on
//! asks before an abort.

use leptos::prelude::*;

/// `on` unless somebody turned single keys off.
#[island]
pub fn Keys(on: bool) -> impl IntoView {
    #[cfg(feature = "hydrate")]
    super::listening::start(on);
    #[cfg(not(feature = "hydrate"))]
    let _ = on;
}

#[island]
pub fn Asking() -> impl IntoView {
    #[cfg(feature = "hydrate")]
    super::asking::start();
}
