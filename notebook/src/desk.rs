//! What every act takes first: the notebook, who asks, through which door, and what time it is.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use sha2::{Digest, Sha256};

use crate::{
    actor::{self, Act, Actor, Person, PersonId, Via},
    db::{Db, Tx, once},
    fault::Result,
    once::Once,
    refusal::Refusal,
    time::{Moment, Zone},
};

/// The present moment; tests hold it still.
pub trait Clock: Send + Sync {
    fn now(&self) -> Moment;
}

/// The machine's clock.
pub struct WallClock;

impl Clock for WallClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that everybody else asks")]
    fn now(&self) -> Moment {
        Moment::from_micros(jiff::Timestamp::now().as_microsecond())
    }
}

/// A clock that moves only when told to.
pub struct SetClock(AtomicI64);

impl SetClock {
    pub fn at(moment: Moment) -> Self {
        Self(AtomicI64::new(moment.micros()))
    }

    pub fn set(&self, moment: Moment) {
        self.0.store(moment.micros(), Ordering::SeqCst);
    }

    pub fn pass_ms(&self, ms: i64) {
        self.0.fetch_add(ms * 1_000, Ordering::SeqCst);
    }
}

impl Clock for SetClock {
    fn now(&self) -> Moment {
        Moment::from_micros(self.0.load(Ordering::SeqCst))
    }
}

/// An open notebook: database and clock. Cheap to clone.
#[derive(Clone)]
pub struct Notebook {
    pub db: Db,
    clock: Arc<dyn Clock>,
}

impl Notebook {
    pub fn new(db: Db, clock: Arc<dyn Clock>) -> Self {
        Self { db, clock }
    }

    pub fn now(&self) -> Moment {
        self.clock.now()
    }

    /// A desk for whoever asks.
    pub fn desk(&self, actor: Actor, via: Via) -> Desk {
        Desk { notebook: self.clone(), actor, via, once: None }
    }
}

/// One request's place at the notebook.
#[derive(Clone)]
pub struct Desk {
    pub notebook: Notebook,
    pub actor: Actor,
    pub via: Via,
    /// Form token or idempotency key: the same key twice writes once. One request is one act.
    pub once: Option<Once>,
}

impl Desk {
    pub fn now(&self) -> Moment {
        self.notebook.now()
    }

    /// Refuses unless the actor may do this.
    pub fn may(&self, act: Act) -> Result<(), Refusal> {
        if actor::may(&self.actor, act) {
            Ok(())
        } else if self.actor == Actor::Nobody {
            Err(Refusal::SignIn)
        } else {
            Err(Refusal::not_allowed(act))
        }
    }

    /// Drops what only a recent past needs: used-up form tokens. A timed act.
    pub async fn tidy_up(&self) -> Result<()> {
        let mut tx = self.notebook.db.begin_write().await?;
        once::forget(&mut tx, self.now()).await?;
        tx.commit().await
    }

    /// Whether a control for this act should be shown.
    pub fn shows(&self, act: Act) -> bool {
        actor::may(&self.actor, act)
    }

    pub fn person(&self) -> Option<&Person> {
        self.actor.person()
    }

    pub fn person_id(&self) -> Option<PersonId> {
        self.person().map(|person| person.id)
    }

    /// The zone in which this person reads and types times.
    pub fn zone(&self) -> Zone {
        self.person().and_then(|person| Zone::named(&person.zone)).unwrap_or_else(Zone::utc)
    }

    pub async fn begin_read(&self) -> Result<Tx> {
        self.notebook.db.begin_read().await
    }

    /// For one statement.
    pub async fn begin_glance(&self) -> Result<Tx> {
        self.notebook.db.begin_glance().await
    }

    /// Begins a write; a repeated form token is refused here with what the first one made.
    pub async fn begin_write(&self) -> Result<Tx> {
        let mut tx = self.notebook.db.begin_write().await?;
        if let Some(key) = self.once_row()
            && let Err(error) = once::claim(&mut tx, &key, self.once_sent().as_deref(), self.now()).await
        {
            // "Done before" is said of what is on disk, not of what a neighbour is about to commit.
            tx.give_up().await?;
            return Err(error);
        }
        Ok(tx)
    }

    /// Ends a write. `thing` is what a repeat of the same form is told, e.g. `RUN-317`.
    pub async fn commit(&self, mut tx: Tx, thing: impl ToString) -> Result<()> {
        if let Some(key) = self.once_row() {
            once::settle(&mut tx, &key, &thing.to_string()).await?;
        }
        tx.commit().await
    }
}

/// Lower-case hex of SHA-256.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut hex, byte| {
        use std::fmt::Write as _;
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
