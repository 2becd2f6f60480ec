//! Pages about people: coming in, who is here, one's own profile.

pub(crate) mod fields;
mod invite;
mod list;
mod login;
mod profile;
mod sessions;
mod setup;
mod tokens;

pub use invite::{InvitePage, ResetPage};
pub use list::PeoplePage;
pub use login::LoginPage;
pub use profile::ProfilePage;
pub use setup::SetupPage;
