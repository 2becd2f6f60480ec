//! That something was written, for whoever reads on. A hint that may come late, twice or not at all:
//! what is so stands in the table, which is looked at again without one, too.

use std::future::pending;

use sqlx::PgPool;
use tokio::{sync::watch, task::JoinHandle};

use super::postgres;

/// Hints, for as long as this is kept.
pub struct Wakes {
    heard: watch::Receiver<u64>,
    listening: Option<JoinHandle<()>>,
}

impl Wakes {
    /// Of what this process commits. Another one beside it is not heard.
    pub(super) fn of_writer(heard: watch::Receiver<u64>) -> Self {
        Self { heard, listening: None }
    }

    /// Of what any server commits.
    pub(super) fn of_channel(pool: PgPool) -> Self {
        let (tell, heard) = watch::channel(0);
        Self { heard, listening: Some(tokio::spawn(postgres::listen(pool, tell))) }
    }

    /// Comes back once something was written after the last time.
    pub async fn heard(&mut self) {
        if self.heard.changed().await.is_err() {
            // The database is closed: nothing comes any more.
            pending::<()>().await;
        }
    }
}

impl Drop for Wakes {
    fn drop(&mut self) {
        if let Some(listening) = &self.listening {
            listening.abort();
        }
    }
}
