//! Who is told of what: an inbox for each person, e-mail, and webhooks of other tools.

pub mod bodies;
pub mod choices;
pub mod digest;
pub mod heard;
pub mod mentions;
pub mod quiet;
pub mod retry;
#[cfg(feature = "store")]
pub mod signing;
pub mod topics;
pub mod webhooks;

#[cfg(feature = "store")]
pub mod acts;
#[cfg(feature = "store")]
mod sql;

use serde::Serialize;

use crate::{actor::PersonId, time::Moment};
use topics::Topic;

/// One entry of somebody's inbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct Notice {
    pub id: i64,
    pub topic: Topic,
    /// The id of what it is about: `RUN-317`.
    pub object: String,
    /// One sentence without its full stop.
    pub says: String,
    /// Why this person is told, as a clause: "you own ingest".
    pub because: String,
    pub at: Moment,
    pub done_at: Option<Moment>,
}

/// Where messages go, one queue each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    Webhook(i64),
    Mail(PersonId),
}

impl Target {
    /// The kept spelling.
    pub fn word(self) -> String {
        match self {
            Self::Webhook(id) => format!("webhook:{id}"),
            Self::Mail(person) => format!("mail:{}", person.0),
        }
    }

    pub fn named(word: &str) -> Option<Self> {
        let (kind, number) = word.split_once(':')?;
        let number = number.parse().ok()?;
        match kind {
            "webhook" => Some(Self::Webhook(number)),
            "mail" => Some(Self::Mail(PersonId(number))),
            _ => None,
        }
    }
}

/// What is left of a message that was sent, or is still to be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct Delivery {
    pub id: i64,
    /// The `webhook-id`: the same over all tries, and when it is sent again.
    pub message: String,
    /// What it tells of; `test` for a test.
    pub topic: String,
    pub at: Moment,
    pub delivered_at: Option<Moment>,
    /// It is sent no more, and was not taken.
    pub dropped_at: Option<Moment>,
    /// Oldest first.
    pub tries: Vec<Try>,
}

impl Delivery {
    /// Whether it does not wait any more.
    pub const fn is_settled(&self) -> bool {
        self.delivered_at.is_some() || self.dropped_at.is_some()
    }
}

/// How one try went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "DeliveryTry"))]
pub struct Try {
    pub at: Moment,
    /// As a clause: "answers with 500".
    pub says: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_kept_as_a_word() {
        for target in [Target::Webhook(3), Target::Mail(PersonId(7))] {
            assert_eq!(Target::named(&target.word()), Some(target));
        }
        for no in ["webhook", "webhook:", "pager:3", "mail:x"] {
            assert_eq!(Target::named(no), None, "{no}");
        }
    }
}
