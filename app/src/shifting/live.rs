//! The island in the calendar that hears arrow keys.

use leptos::prelude::*;

#[island]
pub fn CalendarKeys() -> impl IntoView {
    #[cfg(feature = "hydrate")]
    super::pressed::start();
}
