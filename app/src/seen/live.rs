//! The island beside a form: looks again while somebody types.

use leptos::prelude::*;

#[island]
pub fn Looking() -> impl IntoView {
    #[cfg(feature = "hydrate")]
    super::looking::start();
}
