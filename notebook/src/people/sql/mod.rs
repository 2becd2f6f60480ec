//! How people, their links, login sessions and tokens are kept.

pub(super) mod accounts;
pub(super) mod links;
pub(super) mod logins;
pub(super) mod settings;
pub(super) mod tokens;
