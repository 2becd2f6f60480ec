//! How notifications are kept.

pub(in crate::notifications) mod deliveries;
pub(in crate::notifications) mod digests;
pub(in crate::notifications) mod mail;
pub(in crate::notifications) mod notices;
pub(in crate::notifications) mod webhooks;
