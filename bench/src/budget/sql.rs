//! Measurements in bulk, as a program that measures every minute leaves them.

use std::path::Path;

use rusqlite::{Connection, params};

use crate::Result;

/// By each of so many minutes from a moment on: a thousand events, and a bad one every ten minutes.
const MEASURE: &str = "
    insert into slo_measurements
        (slo, number, start_at, end_at, said, good, bad, source, person, reason, recorded_at)
    with recursive minutes (i) as (select 1 union all select i + 1 from minutes where i < ?2)
    select
        ?1, i, ?3 + (i - 1) * 60000000, ?3 + i * 60000000, 'events', 1000 - (i % 10 = 0), i % 10 = 0, 'push', null, null,
        ?3 + i * 60000000
    from minutes";

/// The line that each of them left in the history.
const TELL: &str = "
    insert into events (at, recorded_at, person, via, kind, object, act, body)
    with recursive minutes (i) as (select 1 union all select i + 1 from minutes where i < ?2)
    select
        ?3 + i * 60000000, ?3 + i * 60000000, 1, 'api', 'slo', 'SLO-' || ?1, 'measured',
        json_object(
            'what', 'measured', 'source', 'push', 'first', i, 'last', i, 'corrected', 0,
            'from', ?3 + (i - 1) * 60000000, 'to', ?3 + i * 60000000)
    from minutes";

const SETTLE: &str = "pragma wal_checkpoint (truncate)";

pub struct Bulk {
    connection: Connection,
    minutes: i64,
    from_us: i64,
}

impl Bulk {
    pub fn open(file: &Path, minutes: i64, from_us: i64) -> Result<Self> {
        let connection = Connection::open(file)?;
        // What is filled here is thrown away; only reading it is measured.
        connection.pragma_update(None, "synchronous", "off")?;
        Ok(Self { connection, minutes, from_us })
    }

    /// All measurements of one SLO, in one transaction.
    pub fn measure(&self, slo: i64) -> Result<()> {
        self.connection.execute(MEASURE, params![slo, self.minutes, self.from_us])?;
        Ok(())
    }

    pub fn tell(&self, slo: i64) -> Result<()> {
        self.connection.execute(TELL, params![slo, self.minutes, self.from_us])?;
        Ok(())
    }

    /// Into the file itself, where a notebook of some age has them.
    pub fn settle(&self) -> Result<()> {
        Ok(self.connection.query_row(SETTLE, [], |_| Ok(()))?)
    }
}
