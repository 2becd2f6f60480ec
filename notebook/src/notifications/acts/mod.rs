//! What can be done about notifications: passing them on, reading and choosing them, webhooks, e-mail, and
//! sending.

mod around;
mod choosing;
mod delivering;
mod digesting;
mod inbox;
mod mailing;
mod spreading;
mod webhooks;

pub use choosing::{choose, chosen};
pub use delivering::{Job, Sending, claim, due, forget, settle};
pub use digesting::{digest, tell_digests};
pub use inbox::{Filter, Inbox, MuteDraft, done, done_all, mute, open_entries, read, unmute};
pub use mailing::{MailTo, OwnMail, all_mail, announce_mail, own_mail, resend_mail, resend_own_mail, test_mail};
pub use spreading::{Channels, spread};
pub use webhooks::{
    Shown, add, delete, deliveries, edit, history, list, make_secret, resend, retire_secrets, show, test,
};
