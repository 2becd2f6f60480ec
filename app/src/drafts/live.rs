//! The island on every page: keeps what is typed, offers it again, and stops a second click.

use leptos::prelude::*;

/// `who` is the number of the person who is signed in, and 0 for nobody: then nothing is kept.
/// `taken` is the address of the form that the last answer took; empty if it took none.
#[island]
pub fn DraftKeeper(who: i64, taken: String) -> impl IntoView {
    #[cfg(feature = "hydrate")]
    {
        super::sending::start();
        super::keeper::start(who, &taken);
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = (who, taken);
}
