//! Addresses of what people and other tools are told.

/// What one was told, and why.
pub fn inbox() -> String {
    "/inbox".into()
}

/// With entries that are done, too.
pub fn inbox_done() -> String {
    "/inbox?done=on".into()
}

/// Entries before this one.
pub fn inbox_before(id: i64, with_done: bool) -> String {
    if with_done { format!("/inbox?done=on&before={id}") } else { format!("/inbox?before={id}") }
}

/// What a week came to, and what comes next.
pub fn digest() -> String {
    "/digest".into()
}

/// What one wants to be told, and how.
pub fn notifications() -> String {
    "/profile/notifications".into()
}

/// What became of one's own e-mail.
pub fn own_mail() -> String {
    "/profile/mail".into()
}

/// What became of everybody's e-mail.
pub fn mail() -> String {
    "/mail".into()
}

/// Where one message of a log is sent again.
pub fn resend(log: &str, delivery: i64) -> String {
    format!("{log}/{delivery}/resend")
}

pub fn webhooks() -> String {
    "/webhooks".into()
}

pub fn new_webhook() -> String {
    "/webhooks/new".into()
}

pub fn webhook(id: i64) -> String {
    format!("/webhooks/{id}")
}

/// The page of a thing by its id: `RUN-317`.
pub fn thing(id: &str) -> String {
    format!("/{id}")
}
