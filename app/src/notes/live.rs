//! The island beside a run's composer: what is written there is kept until the notebook has it.

use leptos::prelude::*;

/// `who` is the number of the person who is signed in; `form` the id of the composer's form, and `action` where
/// it is sent; `now_ms` the server's clock when the page was made. Stands before its form: what it puts below the
/// form would push an island that stands there further down, where the walk that wakes islands meets it again.
#[island]
pub fn NoteQueue(who: i64, form: String, action: String, now_ms: i64) -> impl IntoView {
    #[cfg(feature = "hydrate")]
    {
        super::queue::start(who, &form, action, now_ms);
        super::paste::start(&form);
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = (who, form, action, now_ms);
}
