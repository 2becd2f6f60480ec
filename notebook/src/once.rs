//! What makes a repeat recognisable: a form's token, or a program's Idempotency-Key together with
//! the fingerprint of what it sent.
//!
//! The key is claimed in the act's own transaction, so that it is taken exactly if the act is done.
//! What the act was answered is kept in a second one: if a crash comes between, a repeat is told
//! what was made, and nothing is done again.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sha2::{Digest, Sha256};

use crate::{
    actor::PersonId,
    db::once,
    desk::{Desk, hex, sha256_hex},
    fault::Result,
};

/// Grows while a request arrives; two equal ones mean the same request.
#[derive(Debug, Clone)]
pub struct Fingerprint(Arc<Mutex<Sha256>>);

impl Fingerprint {
    /// Of a method and a whole address; the body follows.
    pub fn of(method: &str, address: &str) -> Self {
        let begun = Self(Arc::default());
        begun.take(format!("{method} {address}\n").as_bytes());
        begun
    }

    /// The next bytes of the body.
    pub fn take(&self, bytes: &[u8]) {
        self.so_far().update(bytes);
    }

    /// Lower-case hex of what arrived so far.
    pub fn words(&self) -> String {
        hex(&self.so_far().clone().finalize())
    }

    fn so_far(&self) -> MutexGuard<'_, Sha256> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A key under which an act is done once.
#[derive(Debug, Clone)]
pub struct Once {
    key: String,
    /// None for a form's token: what was sent is part of that key itself.
    fingerprint: Option<Fingerprint>,
}

impl Once {
    /// A key that a program chose.
    pub fn of_program(key: &str, fingerprint: Fingerprint) -> Self {
        Self { key: key.to_owned(), fingerprint: Some(fingerprint) }
    }

    /// The row's key: two people may choose the same one.
    fn row(&self, person: Option<PersonId>) -> String {
        let who = person.map_or(0, |person| person.0);
        sha256_hex(format!("{who}|{}", self.key).as_bytes())
    }

    fn sent(&self) -> Option<String> {
        self.fingerprint.as_ref().map(Fingerprint::words)
    }
}

impl From<String> for Once {
    fn from(key: String) -> Self {
        Self { key, fingerprint: None }
    }
}

impl From<&str> for Once {
    fn from(key: &str) -> Self {
        key.to_owned().into()
    }
}

/// The first use of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earlier {
    /// What it made, e.g. `RUN-317`.
    pub thing: String,
    pub fingerprint: Option<String>,
    /// In the door's own words; None if it was lost in a crash, too large, or not to be kept.
    pub answer: Option<String>,
}

impl Earlier {
    /// Whether the key was used for another request than the one with this fingerprint.
    pub fn is_of_another(&self, fingerprint: Option<&str>) -> bool {
        fingerprint.is_some_and(|sent| self.fingerprint.as_deref() != Some(sent))
    }
}

impl Desk {
    /// The key under which this request's act is known; none where nothing makes it recognisable.
    pub fn once_row(&self) -> Option<String> {
        let once = self.once.as_ref().filter(|once| !once.key.is_empty())?;
        Some(once.row(self.person_id()))
    }

    /// What this request sent, as far as it has arrived.
    pub(crate) fn once_sent(&self) -> Option<String> {
        self.once.as_ref().and_then(Once::sent)
    }

    /// The first use of this request's key, if there was one.
    pub async fn earlier(&self) -> Result<Option<Earlier>> {
        let Some(row) = self.once_row() else { return Ok(None) };
        let mut tx = self.begin_read().await?;
        once::find(&mut tx, &row).await
    }

    /// Keeps what the first use was answered. Whether its act was done never depends on this.
    pub async fn keep_answer(&self, answer: &str) -> Result<()> {
        let Some(row) = self.once_row() else { return Ok(()) };
        let mut tx = self.notebook.db.begin_write().await?;
        once::keep(&mut tx, &row, answer).await?;
        tx.commit().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arrived(method: &str, address: &str, chunks: &[&str]) -> String {
        let fingerprint = Fingerprint::of(method, address);
        for chunk in chunks {
            fingerprint.take(chunk.as_bytes());
        }
        fingerprint.words()
    }

    #[test]
    fn a_fingerprint_is_of_method_address_and_body_however_it_arrives() {
        let whole = arrived("POST", "/a", &["{\"x\":1}"]);
        assert_eq!(whole, arrived("POST", "/a", &["{\"x\"", ":1}"]));
        for other in [
            arrived("PUT", "/a", &["{\"x\":1}"]),
            arrived("POST", "/a?b", &["{\"x\":1}"]),
            arrived("POST", "/a", &["{\"x\":2}"]),
            arrived("POST", "/a", &[]),
        ] {
            assert_ne!(whole, other);
        }
    }

    #[test]
    fn a_key_belongs_to_whoever_chose_it() {
        let once = Once::from("k");
        assert_ne!(once.row(Some(PersonId(1))), once.row(Some(PersonId(2))));
        assert_ne!(once.row(Some(PersonId(1))), Once::from("l").row(Some(PersonId(1))));
    }

    #[test]
    fn only_a_key_with_a_fingerprint_can_be_anothers() {
        let earlier = |fingerprint: Option<&str>| Earlier {
            thing: "RUN-1".into(),
            fingerprint: fingerprint.map(str::to_owned),
            answer: None,
        };
        assert!(!earlier(Some("a")).is_of_another(Some("a")));
        assert!(earlier(Some("a")).is_of_another(Some("b")));
        assert!(earlier(None).is_of_another(Some("a")));
        assert!(!earlier(None).is_of_another(None));
    }
}
