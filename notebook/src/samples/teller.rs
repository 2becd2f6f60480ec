//! Tells the story: everybody's acts at their own times, joined into one.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use super::cast::Who;
use crate::{
    actor::{Actor, Via},
    desk::{Desk, Joined, Notebook, Numbers, SetClock},
    id::SloId,
    time::{MICROS_A_SECOND, Moment, Zone},
};

pub(super) struct Teller {
    joined: Joined,
    notebook: Notebook,
    clock: Arc<SetClock>,
    zone: Zone,
    /// When the story is told; it ends here.
    now: Moment,
    /// Up to when each promise was measured.
    measured: Mutex<BTreeMap<SloId, Moment>>,
}

impl Teller {
    pub fn new(desk: &Desk, joined: Joined) -> Self {
        let now = desk.now();
        let clock = Arc::new(SetClock::at(now));
        let notebook = desk.notebook.by(clock.clone());
        Self { joined, notebook, clock, zone: desk.zone(), now, measured: Mutex::default() }
    }

    /// From now on it is so many days ago, at this time of a working day.
    pub fn on(&self, days_ago: i64, time: &str) {
        self.clock.set(self.on_workday(days_ago, time));
    }

    /// So many days ago, at this time of a working day.
    pub fn on_workday(&self, days_ago: i64, time: &str) -> Moment {
        self.now.workday_before(days_ago, time, &self.zone)
    }

    /// When the story is told.
    pub const fn now(&self) -> Moment {
        self.now
    }

    /// Keeps up to when a promise is measured now, and returns up to when it was.
    pub fn measured(&self, promise: SloId, until: Moment) -> Option<Moment> {
        let mut measured = self.measured.lock().unwrap_or_else(PoisonError::into_inner);
        let before = measured.get(&promise).copied();
        measured.insert(promise, before.map_or(until, |before| before.max(until)));
        before
    }

    /// From now on it is so many minutes before the story is told.
    pub fn minutes_ago(&self, minutes: i64) {
        self.clock.set(self.now.plus_minutes(-minutes));
    }

    pub fn pass_s(&self, seconds: i64) {
        self.clock.pass_ms(seconds * 1_000);
    }

    /// The story's own time.
    pub fn moment(&self) -> Moment {
        self.notebook.now()
    }

    /// A date so many days after the story is told, as a form takes it.
    pub fn date_in(&self, days: i64) -> String {
        let local = self.now.plus_days(days).local_input(&self.zone);
        local.split('T').next().unwrap_or_default().to_owned()
    }

    /// A moment of the run that goes on, as a form takes it.
    pub fn ago(&self, seconds: i64) -> String {
        self.moment().plus_micros(-seconds * MICROS_A_SECOND).rfc3339()
    }

    pub fn desk(&self, who: Who) -> Desk {
        self.at(Actor::Person(who.person(&self.zone)), Via::Form)
    }

    /// The desk of whoever set the company's notebook up.
    pub fn operator(&self) -> Desk {
        self.at(Actor::System, Via::System)
    }

    fn at(&self, actor: Actor, via: Via) -> Desk {
        self.notebook.desk(actor, via).joining(&self.joined).numbering(Numbers::Sample)
    }

    pub fn zone(&self) -> &Zone {
        &self.zone
    }
}
