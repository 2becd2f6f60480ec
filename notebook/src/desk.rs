//! What every act takes first: the notebook, who asks, through which door, and what time it is.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use sha2::{Digest, Sha256};

use crate::{
    actor::{self, Act, Actor, Person, PersonId, Via},
    db::{Db, Tx, counters, once},
    fault::{Fault, Result},
    limits::SEARCH_SECONDS_MAX,
    once::Once,
    refusal::Refusal,
    remembered::Remembered,
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
    /// What follows for experiments.
    pub(crate) remembered: Arc<Remembered>,
    /// What each run of an experiment amounts to.
    pub(crate) series: Arc<Remembered>,
}

impl Notebook {
    pub fn new(db: Db, clock: Arc<dyn Clock>) -> Self {
        Self { db, clock, remembered: Arc::default(), series: Arc::default() }
    }

    pub fn now(&self) -> Moment {
        self.clock.now()
    }

    /// A desk for whoever asks.
    pub fn desk(&self, actor: Actor, via: Via) -> Desk {
        Desk { notebook: self.clone(), actor, via, once: None, joined: None, numbers: Numbers::Own }
    }

    /// The same database by another clock.
    pub(crate) fn by(&self, clock: Arc<dyn Clock>) -> Self {
        Self::new(self.db.clone(), clock)
    }
}

/// Several acts as one: each borrows the one open transaction at its beginning and hands it back at
/// its commit. An act that is refused does not hand it back, and then nothing of all of them is kept.
#[derive(Clone)]
pub(crate) struct Joined(Arc<Mutex<Option<Tx>>>);

impl Joined {
    pub(crate) fn around(tx: Tx) -> Self {
        Self(Arc::new(Mutex::new(Some(tx))))
    }

    /// The transaction, until it is put back.
    pub(crate) fn take(&self) -> Result<Tx> {
        let tx = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        Ok(tx.ok_or_else(|| Fault::Work("the joined transaction is lent out or was given up".into()))?)
    }

    pub(crate) fn put_back(&self, tx: Tx) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(tx);
    }
}

/// Which numbers new things get.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Numbers {
    /// People's own, or the sample's where a thing rests on the sample.
    Own,
    /// The sample's, whatever it rests on.
    Sample,
    /// Exactly this one of the sample's.
    Given(i64),
}

/// One request's place at the notebook.
#[derive(Clone)]
pub struct Desk {
    pub notebook: Notebook,
    pub actor: Actor,
    pub via: Via,
    /// Form token or idempotency key: the same key twice writes once. One request is one act.
    pub once: Option<Once>,
    joined: Option<Joined>,
    numbers: Numbers,
}

impl Desk {
    /// The same desk for a person who types times in another zone than their own.
    #[must_use]
    pub fn typing_in(mut self, zone: &Zone) -> Self {
        if let Actor::Person(person) = &mut self.actor {
            zone.name().clone_into(&mut person.zone);
        }
        self
    }

    /// The same desk, its acts joined with others' into one.
    pub(crate) fn joining(self, joined: &Joined) -> Self {
        Self { joined: Some(joined.clone()), ..self }
    }

    pub(crate) fn numbering(self, numbers: Numbers) -> Self {
        Self { numbers, ..self }
    }

    /// Whether what is written here is the sample itself.
    pub(crate) fn writes_sample(&self) -> bool {
        self.numbers != Numbers::Own
    }

    /// The number of a new thing of this kind.
    pub(crate) async fn number(&self, tx: &mut Tx, kind: &str, belongs_to_sample: bool) -> Result<i64> {
        match self.numbers {
            Numbers::Given(number) => Ok(number),
            Numbers::Sample => counters::next_of_sample(tx, kind).await,
            Numbers::Own if belongs_to_sample => counters::next_of_sample(tx, kind).await,
            Numbers::Own => counters::next(tx, kind).await,
        }
    }

    /// Holds the numbers of a kind: who takes one after a line of the trail does so before that line.
    /// Others hold the number, and wait for the trail.
    pub(crate) async fn hold_numbers(&self, tx: &mut Tx, kind: &str, belongs_to_sample: bool) -> Result<()> {
        match self.numbers {
            Numbers::Given(_) => Ok(()),
            Numbers::Sample => counters::hold_of_sample(tx, kind).await,
            Numbers::Own if belongs_to_sample => counters::hold_of_sample(tx, kind).await,
            Numbers::Own => counters::hold(tx, kind).await,
        }
    }

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
        self.looks_alone()?;
        self.notebook.db.begin_read().await
    }

    /// The same for what is asked in the language of the search page; it may take so long and no longer.
    pub async fn begin_search(&self) -> Result<Tx> {
        self.looks_alone()?;
        self.notebook.db.begin_bounded(Duration::from_secs(SEARCH_SECONDS_MAX)).await
    }

    fn looks_alone(&self) -> Result<()> {
        if self.joined.is_some() {
            // It would see nothing of what the joined acts have written so far.
            return Err(Fault::Work("a joined act looks at the notebook from outside".into()).into());
        }
        Ok(())
    }

    /// For one statement.
    pub async fn begin_glance(&self) -> Result<Tx> {
        self.notebook.db.begin_glance().await
    }

    /// Begins a write; a repeated form token is refused here with what the first one made.
    pub async fn begin_write(&self) -> Result<Tx> {
        if let Some(joined) = &self.joined {
            return joined.take();
        }
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
        if let Some(joined) = &self.joined {
            joined.put_back(tx);
            return Ok(());
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
