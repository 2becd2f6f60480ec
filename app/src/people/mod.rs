//! Pages about people: coming in, who is here, one's own profile.

mod fields;
mod invite;
mod list;
mod login;
mod profile;
mod sessions;
mod setup;
mod tokens;

pub use fields::shown_once;
pub use invite::{InvitePage, ResetPage};
pub use list::PeoplePage;
pub use login::LoginPage;
pub use profile::ProfilePage;
pub use setup::SetupPage;
