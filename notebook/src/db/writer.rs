//! The one writer of the embedded engine, with group commit.
//!
//! Acts take turns on one connection. An act that ends while others wait does not sync the disk for
//! itself alone: whoever waits goes on in the same SQLite transaction, each act in a savepoint of its
//! own, and one commit answers for all of them. Nobody is told "done" before that commit.
//! Each statement costs a journey to the connection's own thread, so those about turns travel together.
//!
//! What no promise rests on may be written unsynced: it is seen by everybody and outlives this program,
//! though perhaps not the machine's next loss of power. Such acts form groups of their own.
//! By hand, since no pool knows this: it hands out connections, not turns within a transaction.

use std::{
    ops::{Deref, DerefMut},
    sync::Arc,
    time::Duration,
};

use sqlx::{Connection, SqliteConnection};
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot, watch};

use crate::{
    fault::{Error, Fault, Result},
    refusal::Refusal,
};

/// Longer than any queue of acts should be; then the notebook is busy.
const TURN_S_MAX: u64 = 10;
/// What a caller is told who may try again.
const BUSY_WAIT_S: i64 = 2;

/// The writer's connection and what is under way on it. Cheap to clone.
#[derive(Clone)]
pub struct Writer {
    seat: Arc<Mutex<Seat>>,
    written: watch::Sender<u64>,
}

struct Seat {
    /// None once the notebook is closed.
    connection: Option<SqliteConnection>,
    /// Somebody gave a turn up in the middle: its savepoint is still there.
    abandoned: bool,
    /// The last act is done, and its savepoint still there; the next turn or the commit gives it back.
    kept: bool,
    /// The open transaction, and who waits for its commit.
    group: Option<Group>,
    /// Rises with each group.
    number: u64,
    /// Counts what was committed, for whoever reads on.
    written: watch::Sender<u64>,
}

struct Group {
    number: u64,
    /// Whether its commit syncs the disk. SQLite takes that as said before the transaction began.
    synced: bool,
    waiting: Vec<oneshot::Sender<Outcome>>,
}

/// How a group ended, for each of its acts.
#[derive(Debug, Clone)]
enum Outcome {
    OnDisk,
    Busy,
    Lost(String),
}

impl Outcome {
    fn of(error: &sqlx::Error) -> Self {
        if super::is_busy(error) { Self::Busy } else { Self::Lost(error.to_string()) }
    }

    fn told(self) -> Result<()> {
        match self {
            Self::OnDisk => Ok(()),
            Self::Busy => Err(busy()),
            Self::Lost(says) => Err(Fault::Work(format!("the shared commit failed: {says}")).into()),
        }
    }
}

fn busy() -> Error {
    Refusal::Busy { wait_s: BUSY_WAIT_S }.into()
}

/// One act's turn. Dropped without `commit`, it undoes what it did, and only that.
pub struct Turn {
    seat: OwnedMutexGuard<Seat>,
    writer: Writer,
    /// Whether the savepoint was given back.
    settled: bool,
}

impl Writer {
    pub(super) fn new(connection: SqliteConnection) -> Self {
        let written = watch::Sender::new(0);
        let seat = Seat {
            connection: Some(connection),
            abandoned: false,
            kept: false,
            group: None,
            number: 0,
            written: written.clone(),
        };
        Self { seat: Arc::new(Mutex::new(seat)), written }
    }

    /// Changes after each commit of this process.
    pub(super) fn written(&self) -> watch::Receiver<u64> {
        self.written.subscribe()
    }

    /// Waits for a turn and begins it.
    pub(super) async fn begin(&self) -> Result<Turn> {
        self.begin_as(true).await
    }

    /// The same for what may be lost with the machine's power.
    pub(super) async fn begin_unsynced(&self) -> Result<Turn> {
        self.begin_as(false).await
    }

    async fn begin_as(&self, synced: bool) -> Result<Turn> {
        let turn = tokio::time::timeout(Duration::from_secs(TURN_S_MAX), self.seat.clone().lock_owned());
        let mut seat = turn.await.map_err(|_| busy())?;
        let writer = self.clone();
        // A task of its own: whoever asked may hang up, and a turn half begun would spoil the next one.
        let begun = tokio::spawn(async move {
            seat.begin(synced).await?;
            Ok(Turn { seat, writer, settled: false })
        });
        begun.await.map_err(|_| Fault::Work("the writer stopped".into()))?
    }

    /// Commits what is under way and closes the connection.
    pub(super) async fn close(&self) {
        let mut seat = self.seat.lock().await;
        seat.clean().await;
        seat.end_group().await;
        if let Some(connection) = seat.connection.take()
            && let Err(error) = connection.close().await
        {
            tracing::warn!(%error, "closing the writer");
        }
    }

    /// Commits a group once everybody who was waiting when this was asked had a turn.
    async fn end(self, number: u64) {
        let mut seat = self.seat.lock().await;
        seat.clean().await;
        if seat.group.as_ref().is_some_and(|group| group.number == number) {
            seat.end_group().await;
        }
    }
}

impl Seat {
    async fn run(&mut self, statement: &'static str) -> Result<(), sqlx::Error> {
        match &mut self.connection {
            Some(connection) => sqlx::query(statement).execute(connection).await.map(|_| ()),
            None => Err(sqlx::Error::PoolClosed),
        }
    }

    async fn begin(&mut self, synced: bool) -> Result<()> {
        self.clean().await;
        if synced && self.group.as_ref().is_some_and(|group| !group.synced) {
            self.end_group().await;
        }
        let begins = match (&self.group, self.kept) {
            // Deferred, it would fail at once if somebody else wrote after its first read.
            (None, _) if synced => "pragma synchronous = full; begin immediate; savepoint act",
            (None, _) => "pragma synchronous = normal; begin immediate; savepoint act",
            (Some(_), true) => "release act; savepoint act",
            (Some(_), false) => "savepoint act",
        };
        if let Err(error) = self.run(begins).await {
            self.fail_group(Outcome::of(&error)).await;
            return Err(error.into());
        }
        self.kept = false;
        if self.group.is_none() {
            self.number += 1;
            self.group = Some(Group { number: self.number, synced, waiting: Vec::new() });
        }
        Ok(())
    }

    /// Undoes a turn that was given up. A full disk makes SQLite undo the whole transaction by itself:
    /// then the savepoint is gone, and with it what the neighbours wrote.
    async fn clean(&mut self) {
        if std::mem::take(&mut self.abandoned)
            && let Err(error) = self.undo().await
        {
            self.fail_group(Outcome::of(&error)).await;
        }
    }

    async fn undo(&mut self) -> Result<(), sqlx::Error> {
        self.run("rollback to act; release act").await
    }

    async fn end_group(&mut self) {
        let Some(group) = self.group.take() else { return };
        self.kept = false;
        let outcome = match self.run("commit").await {
            Ok(()) => {
                self.written.send_modify(|count| *count += 1);
                Outcome::OnDisk
            }
            Err(error) => {
                self.roll_back().await;
                Outcome::of(&error)
            }
        };
        group.tell(&outcome);
    }

    async fn fail_group(&mut self, outcome: Outcome) {
        self.kept = false;
        self.roll_back().await;
        if let Some(group) = self.group.take() {
            group.tell(&outcome);
        }
    }

    /// May find nothing to undo: SQLite was first.
    async fn roll_back(&mut self) {
        if let Err(error) = self.run("rollback").await {
            tracing::debug!(%error, "rollback of a transaction that has ended");
        }
    }
}

impl Group {
    fn tell(self, outcome: &Outcome) {
        for waiting in self.waiting {
            // Whoever asked may have hung up; the outcome is the same.
            let _gone = waiting.send(outcome.clone());
        }
    }
}

impl Turn {
    /// Comes back when what this act wrote is on disk.
    pub(super) async fn commit(mut self) -> Result<()> {
        self.settled = true;
        self.seat.kept = true;
        self.with_the_group().await
    }

    /// Undoes this act, and comes back when what it saw is on disk: it may have answered by something a
    /// neighbour had written and not yet committed.
    pub(super) async fn give_up(mut self) -> Result<()> {
        self.settled = true;
        self.seat.abandoned = true;
        self.with_the_group().await
    }

    async fn with_the_group(mut self) -> Result<()> {
        let Some(group) = &mut self.seat.group else {
            return Err(Fault::Work("a turn without a transaction".into()).into());
        };
        let (told, outcome) = oneshot::channel();
        group.waiting.push(told);
        if group.waiting.len() == 1 {
            // A task of its own: whoever asked may hang up, and the others still want their answer.
            // The lock is fair, so it commits after all who wait now.
            tokio::spawn(self.writer.clone().end(group.number));
        }
        drop(self);
        outcome.await.unwrap_or(Outcome::Lost("the writer stopped".into())).told()
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if !self.settled {
            self.seat.abandoned = true;
            self.writer.tidy_up_later(&mut self.seat);
        }
    }
}

impl Writer {
    /// A group of which nobody waits for the commit would keep the lock on the file until the next act.
    fn tidy_up_later(&self, seat: &mut Seat) {
        let Some(group) = &seat.group else { return };
        if group.waiting.is_empty()
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            runtime.spawn(self.clone().end(group.number));
        }
    }
}

impl Deref for Turn {
    type Target = SqliteConnection;

    // A turn begins on an open connection, and closing waits for its end.
    #[expect(clippy::expect_used, reason = "Deref cannot refuse, and begin() proved it")]
    fn deref(&self) -> &SqliteConnection {
        self.seat.connection.as_ref().expect("an open connection")
    }
}

impl DerefMut for Turn {
    #[expect(clippy::expect_used, reason = "DerefMut cannot refuse, and begin() proved it")]
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        self.seat.connection.as_mut().expect("an open connection")
    }
}

#[cfg(test)]
mod tests {
    use sqlx::{Row, sqlite::SqliteConnectOptions};

    use super::*;

    async fn writer(folder: &tempfile::TempDir) -> Writer {
        let options = SqliteConnectOptions::new()
            .filename(folder.path().join("t.db"))
            .create_if_missing(true)
            .journal_mode(sqlx::sqlite::SqliteJournalMode::Wal);
        let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
        sqlx::query("create table t (n bigint not null unique)").execute(&mut connection).await.unwrap();
        Writer::new(connection)
    }

    async fn add(turn: &mut Turn, n: i64) -> Result<(), sqlx::Error> {
        sqlx::query("insert into t (n) values ($1)").bind(n).execute(&mut **turn).await.map(|_| ())
    }

    /// What somebody else sees: only what is committed.
    async fn seen(folder: &tempfile::TempDir) -> Vec<i64> {
        let options = SqliteConnectOptions::new().filename(folder.path().join("t.db"));
        let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
        let rows = sqlx::query("select n from t order by n").fetch_all(&mut connection).await.unwrap();
        rows.iter().map(|row| row.get(0)).collect()
    }

    // On one thread: a task that has been polled stands in the queue.
    #[tokio::test]
    async fn acts_that_wait_share_one_commit_and_each_is_told_after_it() {
        let folder = tempfile::tempdir().unwrap();
        let writer = writer(&folder).await;
        // Held until all others stand in the queue: they can only come in one group.
        let first = writer.begin().await.unwrap();
        let acts: Vec<_> = (0..32)
            .map(|n| {
                let writer = writer.clone();
                let folder = folder.path().to_owned();
                tokio::spawn(async move {
                    let mut turn = writer.begin().await.unwrap();
                    add(&mut turn, n).await.unwrap();
                    turn.commit().await.unwrap();
                    let options = SqliteConnectOptions::new().filename(folder.join("t.db"));
                    let mut other = SqliteConnection::connect_with(&options).await.unwrap();
                    let count: i64 = sqlx::query_scalar("select count(*) from t where n = $1")
                        .bind(n)
                        .fetch_one(&mut other)
                        .await
                        .unwrap();
                    assert_eq!(count, 1, "act {n} was told before it was committed");
                })
            })
            .collect();
        while Arc::strong_count(&writer.seat) < 67 {
            tokio::task::yield_now().await;
        }
        first.commit().await.unwrap();
        for act in acts {
            act.await.unwrap();
        }
        assert_eq!(seen(&folder).await.len(), 32);
        assert!(writer.seat.lock().await.number < 32, "commits were shared");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_turn_that_is_given_up_undoes_only_itself() {
        let folder = tempfile::tempdir().unwrap();
        let writer = writer(&folder).await;
        let mut kept = writer.begin().await.unwrap();
        add(&mut kept, 1).await.unwrap();
        let dropped = tokio::spawn({
            let writer = writer.clone();
            async move {
                let mut turn = writer.begin().await.unwrap();
                add(&mut turn, 2).await.unwrap();
                // dropped: somebody's browser went away
            }
        });
        let refused = tokio::spawn({
            let writer = writer.clone();
            async move {
                let mut turn = writer.begin().await.unwrap();
                assert!(add(&mut turn, 1).await.is_err(), "a neighbour's row is seen");
                turn.give_up().await.unwrap();
            }
        });
        kept.commit().await.unwrap();
        dropped.await.unwrap();
        refused.await.unwrap();
        let mut last = writer.begin().await.unwrap();
        add(&mut last, 3).await.unwrap();
        last.commit().await.unwrap();
        assert_eq!(seen(&folder).await, [1, 3]);
    }

    async fn synchronous(turn: &mut Turn) -> i64 {
        sqlx::query_scalar("pragma synchronous").fetch_one(&mut **turn).await.unwrap()
    }

    #[tokio::test]
    async fn nobody_who_waits_for_the_disk_shares_a_commit_that_does_not() {
        const NORMAL: i64 = 1;
        const FULL: i64 = 2;
        let folder = tempfile::tempdir().unwrap();
        let writer = writer(&folder).await;
        let mut unsynced = writer.begin_unsynced().await.unwrap();
        assert_eq!(synchronous(&mut unsynced).await, NORMAL);
        add(&mut unsynced, 1).await.unwrap();
        let [synced, joining] = [true, false].map(|synced| {
            let writer = writer.clone();
            tokio::spawn(async move {
                let mut turn = writer.begin_as(synced).await.unwrap();
                // The last one finds a group that syncs, and goes along.
                assert_eq!(synchronous(&mut turn).await, FULL, "synced: {synced}");
                add(&mut turn, if synced { 2 } else { 3 }).await.unwrap();
                turn.commit().await.unwrap();
            })
        });
        while Arc::strong_count(&writer.seat) < 7 {
            tokio::task::yield_now().await;
        }
        unsynced.commit().await.unwrap();
        assert_eq!(seen(&folder).await[0], 1, "it is seen at once");
        synced.await.unwrap();
        joining.await.unwrap();
        assert_eq!(seen(&folder).await, [1, 2, 3]);
        assert_eq!(writer.seat.lock().await.number, 2);
    }

    async fn polled_once(future: impl Future) {
        let mut future = std::pin::pin!(future);
        std::future::poll_fn(|context| {
            let _dropped = future.as_mut().poll(context);
            std::task::Poll::Ready(())
        })
        .await;
    }

    #[tokio::test]
    async fn whoever_hangs_up_in_the_middle_spoils_nothing_for_the_next() {
        let folder = tempfile::tempdir().unwrap();
        let writer = writer(&folder).await;
        for n in 0..20 {
            polled_once(writer.begin()).await;
            let mut turn = writer.begin().await.unwrap();
            add(&mut turn, n).await.unwrap();
            polled_once(add(&mut turn, 100 + n)).await;
            drop(turn);
            let mut turn = writer.begin().await.unwrap();
            add(&mut turn, n).await.unwrap();
            turn.commit().await.unwrap();
        }
        assert_eq!(seen(&folder).await, (0..20).collect::<Vec<_>>());
    }

    #[tokio::test]
    async fn when_the_transaction_is_lost_everybody_in_it_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let writer = writer(&folder).await;
        let mut first = writer.begin().await.unwrap();
        add(&mut first, 1).await.unwrap();
        let breaking = tokio::spawn({
            let writer = writer.clone();
            async move {
                let mut turn = writer.begin().await.unwrap();
                // What SQLite does by itself on a full disk.
                sqlx::query("rollback").execute(&mut *turn).await.unwrap();
                assert!(turn.commit().await.is_err());
            }
        });
        while Arc::strong_count(&writer.seat) < 5 {
            tokio::task::yield_now().await;
        }
        assert!(first.commit().await.is_err(), "it was told done, and is gone");
        breaking.await.unwrap();
        assert_eq!(seen(&folder).await, [0_i64; 0]);
        let mut next = writer.begin().await.unwrap();
        add(&mut next, 4).await.unwrap();
        next.commit().await.unwrap();
        assert_eq!(seen(&folder).await, [4]);
    }
}
