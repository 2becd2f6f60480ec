//! What one was told and wants to be told, and webhooks of other tools.

mod choices;
mod digest;
mod inbox;
mod log;
mod mail;
mod topics;
mod webhook;
mod webhooks;

pub use choices::NotificationsPage;
pub use digest::DigestPage;
pub use inbox::InboxPage;
pub use mail::{MailPage, OwnMailPage};
pub use webhook::WebhookPage;
pub use webhooks::{NewWebhookPage, WebhooksPage};
