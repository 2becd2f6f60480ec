//! By what somebody watches, so that a stream ends with it.

use notebook::people::acts::{By, Login};

use crate::guard::Who;

/// None for nobody.
pub fn of(who: &Who) -> Option<Login> {
    let person = who.actor.person()?.id;
    let by = if who.token.is_empty() { By::Session(who.session.clone()) } else { By::Token(who.token.clone()) };
    Some(Login { person, by })
}

/// A program with a token has no page open.
pub const fn is_page(login: &Login) -> bool {
    matches!(login.by, By::Session(_))
}
