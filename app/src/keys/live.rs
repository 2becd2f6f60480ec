//! The islands: one on every page of somebody who is signed in hears keys, one on the page of a run that goes on
//! asks before an abort.

use leptos::prelude::*;

/// `on` unless somebody turned single keys off; `held` where they act only with Ctrl and Alt.
#[island]
pub fn Keys(on: bool, held: bool) -> impl IntoView {
    #[cfg(feature = "hydrate")]
    super::listening::start(on, held);
    #[cfg(not(feature = "hydrate"))]
    let _ = (on, held);
}

#[island]
pub fn Asking() -> impl IntoView {
    #[cfg(feature = "hydrate")]
    super::asking::start();
}
