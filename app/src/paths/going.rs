//! Addresses of the one field that leads anywhere, and of the keys.

pub fn go() -> String {
    "/go".into()
}

/// Which keys go where.
pub fn keyboard() -> String {
    "/help/keyboard".into()
}
