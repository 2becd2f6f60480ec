//! The island on every page of somebody who is signed in: listens to keys.

use leptos::prelude::*;

#[island]
pub fn Keys() -> impl IntoView {
    #[cfg(feature = "hydrate")]
    super::listening::start();
}
