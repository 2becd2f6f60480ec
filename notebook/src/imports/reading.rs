//! Reading a document takes a core and many times its size in memory: a few at a time, and never on
//! the threads that answer requests.

use tokio::sync::Semaphore;

use super::{Proposal, ReadTrouble, chaostoolkit};
use crate::{
    fault::{Fault, Result},
    limits::IMPORTS_AT_ONCE,
    refusal::Refusal,
};

static TURNS: Semaphore = Semaphore::const_new(IMPORTS_AT_ONCE);

/// A document that was understood, ready to be kept.
pub(super) struct Understood {
    pub proposal: Proposal,
    /// JSON, without its secrets.
    pub document: String,
    /// JSON pointers of what was taken out.
    pub redacted: Vec<String>,
}

/// Reads a Chaos Toolkit journal when its turn comes.
pub(super) async fn in_turn(bytes: &[u8]) -> Result<Result<Understood, ReadTrouble>> {
    let turn = TURNS.acquire().await.map_err(|_| Refusal::Busy { wait_s: 5 })?;
    let bytes = bytes.to_vec();
    let work = move || {
        // Held here, so that a caller who goes away does not let in one more while this one works.
        let _turn = turn;
        let read = chaostoolkit::read(&bytes)?;
        // The whole tree is dropped here, too, not by whoever waits.
        Ok(Understood { document: read.raw.to_string(), proposal: read.proposal, redacted: read.redacted })
    };
    Ok(tokio::task::spawn_blocking(work).await.map_err(|e| Fault::Work(format!("reading a document: {e}")))?)
}
