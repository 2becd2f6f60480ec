//! The island that hears keys on the page of a run that goes on, and asks before an abort.

use leptos::prelude::*;

/// `on` unless somebody turned single keys off.
#[island]
pub fn LiveKeys(on: bool) -> impl IntoView {
    #[cfg(feature = "hydrate")]
    {
        super::asking::start();
        super::pressed::start(on);
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = on;
}
