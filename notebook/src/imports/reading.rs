//! Reading a document takes a core and many times its size in memory: a few at a time, and never on
//! the threads that answer requests.

use tokio::sync::Semaphore;

use super::{
    Proposal, Read, ReadTrouble,
    backstage::{self, Entry},
    chaostoolkit::{
        self,
        experiment::{self, NotRead, ReadExperiment},
        notification::{self, Notification, Started},
    },
    lenient_json,
    openslo::{self, ReadSlos},
};
use crate::{
    fault::{Fault, Result},
    limits::{CATALOGUE_TEXT_BYTES_MAX, IMPORT_BYTES_MAX, IMPORTS_AT_ONCE, SLO_TEXT_BYTES_MAX},
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

impl From<Read> for Understood {
    fn from(read: Read) -> Self {
        // The whole tree is dropped here, too, not by whoever waits.
        Self { document: read.raw.to_string(), proposal: read.proposal, redacted: read.redacted }
    }
}

/// A notification that was understood.
pub(super) enum Told {
    Ended(Box<Understood>),
    Started(Started),
    Other,
}

/// A document of any kind.
pub(super) enum Either {
    Journal(Box<Understood>),
    Experiment(Box<ReadExperiment>),
    Slos(ReadSlos),
    Catalogue(Vec<Entry>),
}

/// Reads a Chaos Toolkit journal when its turn comes.
pub(super) async fn journal(bytes: &[u8]) -> Result<Result<Understood, ReadTrouble>> {
    in_turn(bytes, |bytes| Ok(chaostoolkit::read(bytes)?.into())).await
}

/// The same for a notification.
pub(super) async fn notification(bytes: &[u8]) -> Result<Result<Told, ReadTrouble>> {
    in_turn(bytes, |bytes| {
        Ok(match notification::read(bytes)? {
            Notification::Ended(read) => Told::Ended(Box::new((*read).into())),
            Notification::Started(started) => Told::Started(started),
            Notification::Other => Told::Other,
        })
    })
    .await
}

/// The same for an experiment.
pub(super) async fn experiment(bytes: &[u8]) -> Result<Result<Box<ReadExperiment>, NotRead>> {
    in_turn(bytes, |bytes| experiment::read(bytes).map(Box::new)).await
}

/// The same for SLOs.
pub(super) async fn slos(bytes: &[u8]) -> Result<Result<ReadSlos, ReadTrouble>> {
    if bytes.len() > SLO_TEXT_BYTES_MAX {
        return Ok(Err(ReadTrouble::TooLarge { limit_bytes: SLO_TEXT_BYTES_MAX }));
    }
    in_turn(bytes, openslo::read).await
}

/// The same for a catalogue file.
pub(super) async fn catalogue(bytes: &[u8]) -> Result<Result<Vec<Entry>, ReadTrouble>> {
    if bytes.len() > CATALOGUE_TEXT_BYTES_MAX {
        return Ok(Err(ReadTrouble::TooLarge { limit_bytes: CATALOGUE_TEXT_BYTES_MAX }));
    }
    in_turn(bytes, backstage::read).await
}

/// The same for whichever of journal, experiment, SLOs and catalogue file it is.
pub(super) async fn either(bytes: &[u8]) -> Result<Result<Either, NotRead>> {
    in_turn(bytes, |bytes| {
        if bytes.len() > IMPORT_BYTES_MAX {
            return Err(ReadTrouble::TooLarge { limit_bytes: IMPORT_BYTES_MAX }.into());
        }
        if openslo::declares(bytes) {
            return Ok(Either::Slos(openslo::read(bytes)?));
        }
        if backstage::declares(bytes) {
            return Ok(Either::Catalogue(backstage::read(bytes)?));
        }
        // Journals are JSON; so what is not is an experiment, or nothing.
        let begins_like_json = bytes.trim_ascii_start().first().is_none_or(|byte| b"{[\xef".contains(byte));
        if begins_like_json {
            let root = lenient_json::parse(bytes, IMPORT_BYTES_MAX)?;
            if openslo::is_one(&root) {
                return Ok(Either::Slos(openslo::read(bytes)?));
            }
            if !root.as_object().is_some_and(experiment::is_one) {
                return Ok(Either::Journal(Box::new(chaostoolkit::read_value(root)?.into())));
            }
        }
        Ok(Either::Experiment(Box::new(experiment::read(bytes)?)))
    })
    .await
}

async fn in_turn<T, E>(bytes: &[u8], read: impl FnOnce(&[u8]) -> Result<T, E> + Send + 'static) -> Result<Result<T, E>>
where
    T: Send + 'static,
    E: Send + 'static,
{
    let turn = TURNS.acquire().await.map_err(|_| Refusal::Busy { wait_s: 5 })?;
    let bytes = bytes.to_vec();
    let work = move || {
        // Held here, so that a caller who goes away does not let in one more while this one works.
        let _turn = turn;
        read(&bytes)
    };
    Ok(tokio::task::spawn_blocking(work).await.map_err(|e| Fault::Work(format!("reading a document: {e}")))?)
}
