//! Seen before? What was found and tried that is like what is being written, beside its form.
//!
//! `part` stands beside forms and is brought up to date when a form comes back; `page` shows the same for an
//! address. With script `looking` asks that page while somebody types, by what `asked` takes out of the form. An id goes
//! into the form's notes by `mention`, which the server does where there is no script.

pub mod asked;
pub mod live;
pub mod mention;

#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
pub mod part;

#[cfg(feature = "hydrate")]
mod looking;
