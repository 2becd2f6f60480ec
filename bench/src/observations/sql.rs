//! The raw side: one row of the trail, one commit, and again.

use std::path::Path;

use rusqlite::{Connection, params};

use crate::Result;

pub struct Raw {
    connection: Connection,
    number: i64,
}

const INSERT: &str = "
    insert into events (at, recorded_at, person, via, kind, object, act, body)
    values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";

impl Raw {
    /// With the notebook's own settings: WAL, and a sync for each commit.
    pub fn open(file: &Path) -> Result<Self> {
        let connection = Connection::open(file)?;
        connection.pragma_update(None, "journal_mode", "wal")?;
        connection.pragma_update(None, "synchronous", "full")?;
        connection.pragma_update(None, "foreign_keys", "on")?;
        Ok(Self { connection, number: 0 })
    }

    /// Comes back when the row is on disk: outside a transaction each statement commits by itself.
    pub fn add(&mut self, at: i64, run: &str, text: &str) -> Result<()> {
        self.number += 1;
        let body = serde_json::json!(
            { "what": "observed", "number": self.number, "kind": "expected", "text": text, "pinned": false }
        );
        let mut insert = self.connection.prepare_cached(INSERT)?;
        insert.execute(params![at, at, 1, "api", "run", run, "observed", body.to_string()])?;
        Ok(())
    }
}
