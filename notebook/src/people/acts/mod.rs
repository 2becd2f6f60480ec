//! What can be done about people, by topic.

mod accounts;
mod lasting;
mod links;
mod logins;
mod settings;
mod tokens;

pub use accounts::{
    add, change_password, change_profile, count, disable, enable, find, find_by_email, list, load, names, own, page,
    set_rights, set_theme,
};
pub(crate) use accounts::{add_of_sample, everybody, open_account};
pub use lasting::{By, Login, ended};
pub use links::{
    accept, invitation, invitations, invite, reset_for, reset_link, reset_password, revoke_invitation, set_up,
    setup_link,
};
pub use logins::{
    Kept, create_session, delete_session, end_all_sessions, end_other_sessions, end_session, load_session,
    save_session, sessions, sign_in,
};
pub use settings::{Solo, identify_notebook, set_solo, solo, solo_now};
pub(crate) use settings::{is_solo, notebook_id};
pub(crate) use tokens::expiring_token;
pub use tokens::{
    all_tokens, key_of_token, make_token, make_token_for, person_of_token, revoke_any_token, revoke_token,
    tell_expiring, tokens,
};
