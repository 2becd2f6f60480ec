//! Who watches what at this server. Nothing here is a truth: all of it goes with the process.

use std::collections::HashMap;

use axum::body::Bytes;
use notebook::{
    actor::PersonId,
    id::RunId,
    limits::{WATCH_BEHIND_MAX, WATCHERS_MAX, WATCHERS_OF_A_PERSON_MAX},
    people::acts::Login,
    refusal::Refusal,
    watching::Watching,
};
use tokio::sync::{broadcast, watch};

use super::{Feed, NO_PLACE_WAIT_S, login::is_page, message::Message, pump};

#[derive(Default)]
pub struct Rooms {
    runs: HashMap<RunId, Room>,
    /// A login's streams end when its sender goes.
    logins: HashMap<Login, Held>,
    of_person: HashMap<PersonId, usize>,
    /// The task that tells; it ends some time after the last watcher left.
    pump: Option<Pumping>,
    /// Rises with each such task.
    pumps: u64,
    /// Rises with each room.
    opened: u64,
    /// The last line of the trail that was told, or passed over because nobody watched; none before the task that
    /// tells knows one.
    told: Option<i64>,
    is_stopped: bool,
}

struct Room {
    /// A room that was closed and opened again is another one.
    number: u64,
    tell: broadcast::Sender<Message>,
    /// Pages open here, by person.
    pages: HashMap<PersonId, usize>,
    /// Everybody who has the page open at any server, as told last.
    people: Vec<(PersonId, String)>,
    /// The same for whoever comes next.
    people_said: Option<Bytes>,
}

struct Held {
    streams: usize,
    ends: watch::Sender<()>,
}

struct Pumping {
    number: u64,
    ready: watch::Receiver<bool>,
}

/// A place in a room; it is given back when this is dropped.
pub struct Seat {
    feed: Feed,
    pub run: RunId,
    room: u64,
    login: Login,
    pub hears: broadcast::Receiver<Message>,
    /// Ends with the login.
    pub login_ends: watch::Receiver<()>,
    /// Whether the pump knows from where it reads on.
    pub ready: watch::Receiver<bool>,
    /// Who is there already.
    pub people: Option<Bytes>,
    /// The last line that was told before: every later one is told in the room.
    pub told: Option<i64>,
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.feed.rooms().leave((self.run, self.room), &self.login);
    }
}

impl Rooms {
    pub fn enter(&mut self, feed: &Feed, run: RunId, login: &Login) -> Result<Seat, Refusal> {
        if self.is_stopped {
            return Err(Refusal::Busy { wait_s: 1 });
        }
        if self.watchers() >= WATCHERS_MAX {
            return Err(Refusal::Busy { wait_s: NO_PLACE_WAIT_S });
        }
        let own = self.of_person.entry(login.person).or_default();
        if *own >= WATCHERS_OF_A_PERSON_MAX {
            return Err(Refusal::TooOften { wait_s: NO_PLACE_WAIT_S });
        }
        *own += 1;
        let ready = self.pumping(feed);
        let opened = &mut self.opened;
        let room = self.runs.entry(run).or_insert_with(|| {
            *opened += 1;
            Room::new(*opened)
        });
        if is_page(login) {
            *room.pages.entry(login.person).or_default() += 1;
        }
        let held = self.logins.entry(login.clone()).or_insert_with(Held::new);
        held.streams += 1;
        Ok(Seat {
            feed: feed.clone(),
            run,
            room: room.number,
            login: login.clone(),
            hears: room.tell.subscribe(),
            login_ends: held.ends.subscribe(),
            ready,
            people: room.people_said.clone(),
            told: self.told,
        })
    }

    fn leave(&mut self, (run, number): (RunId, u64), login: &Login) {
        one_less(&mut self.of_person, &login.person);
        if let Some(room) = self.runs.get_mut(&run).filter(|room| room.number == number) {
            if is_page(login) {
                one_less(&mut room.pages, &login.person);
            }
            // The one that leaves still hears.
            if room.tell.receiver_count() <= 1 {
                self.runs.remove(&run);
            }
        }
        if let Some(held) = self.logins.get_mut(login) {
            held.streams -= 1;
            if held.streams == 0 {
                self.logins.remove(login);
            }
        }
    }

    /// The task that tells, begun if there is none.
    fn pumping(&mut self, feed: &Feed) -> watch::Receiver<bool> {
        if let Some(pump) = &self.pump {
            return pump.ready.clone();
        }
        let (tell, ready) = watch::channel(false);
        self.pumps += 1;
        // It begins with the newest line, wherever the last one stopped.
        self.told = None;
        self.pump = Some(Pumping { number: self.pumps, ready: ready.clone() });
        tokio::spawn(pump::run(feed.clone(), self.pumps, tell));
        ready
    }

    /// Whether the pump may end: the server stops, or nobody is left and nothing else says so. Whoever
    /// comes after this begins another one.
    pub fn may_end(&mut self, nobody_is_said: bool) -> bool {
        if self.is_stopped {
            return true;
        }
        let is_left = nobody_is_said && self.of_person.is_empty();
        if is_left {
            self.pump = None;
            self.runs.clear();
        }
        is_left
    }

    /// Ends the streams of a pump that ended otherwise: they come back, and read what they missed.
    pub fn close(&mut self, number: u64) {
        if self.pump.as_ref().is_some_and(|pump| pump.number == number) {
            self.pump = None;
            self.runs.clear();
        }
    }

    pub fn stop(&mut self) {
        self.is_stopped = true;
        self.runs.clear();
    }

    pub fn watchers(&self) -> usize {
        self.of_person.values().sum()
    }

    pub fn tell(&self, run: RunId, message: Message) {
        if let Some(room) = self.runs.get(&run) {
            // Nobody may be left in the room.
            let _heard = room.tell.send(message);
        }
    }

    pub fn tell_all(&self, message: &Message) {
        for run in self.runs.keys() {
            self.tell(*run, message.clone());
        }
    }

    /// From here on a line counts as told; whether somebody watches its run is known in the same moment, so whoever
    /// enters later either reads it in the trail or knew it already.
    pub fn takes(&mut self, seq: i64, run: Option<RunId>) -> bool {
        self.told = Some(seq);
        run.is_some_and(|run| self.runs.contains_key(&run))
    }

    pub fn logins(&self) -> Vec<Login> {
        self.logins.keys().cloned().collect()
    }

    /// Ends its streams. Whoever comes back is asked again who they are.
    pub fn end(&mut self, login: &Login) {
        if let Some(held) = self.logins.get_mut(login) {
            held.ends = watch::Sender::new(());
        }
    }

    /// Pages open at this server.
    pub fn pages(&self) -> Vec<(RunId, PersonId)> {
        let mut pages: Vec<_> =
            self.runs.iter().flat_map(|(run, room)| room.pages.keys().map(move |person| (*run, *person))).collect();
        pages.sort_unstable();
        pages
    }

    /// Tells each room who is there, if that is news.
    pub fn tell_people(&mut self, all: &[Watching]) -> notebook::fault::Result<()> {
        for (run, room) in &mut self.runs {
            let here = all.iter().filter(|watching| watching.run == *run);
            let people: Vec<_> = here.map(|watching| (watching.person, watching.name.clone())).collect();
            if people == room.people {
                continue;
            }
            let message = Message::people(&people)?;
            room.people = people;
            room.people_said = Some(message.bytes.clone());
            let _heard = room.tell.send(message);
        }
        Ok(())
    }
}

impl Room {
    fn new(number: u64) -> Self {
        let tell = broadcast::Sender::new(WATCH_BEHIND_MAX);
        Self { number, tell, pages: HashMap::new(), people: Vec::new(), people_said: None }
    }
}

impl Held {
    fn new() -> Self {
        Self { streams: 0, ends: watch::Sender::new(()) }
    }
}

fn one_less<K: std::hash::Hash + Eq>(counts: &mut HashMap<K, usize>, key: &K) {
    if let Some(count) = counts.get_mut(key) {
        *count -= 1;
        if *count == 0 {
            counts.remove(key);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use notebook::{
        db::{Db, Place},
        desk::{Notebook, WallClock},
        events::feed,
        people::acts::By,
    };

    use super::*;

    /// What the last task told says nothing of the next one, which passes over what was written between them.
    #[tokio::test]
    async fn nobody_is_told_to_know_what_a_task_told_that_has_ended() {
        let folder = tempfile::tempdir().unwrap();
        let (db, _) = Db::open(&Place::Folder(folder.path().to_owned())).await.unwrap();
        let notebook = Notebook::new(db.clone(), Arc::new(WallClock));
        let newest = feed::newest(&notebook).await.unwrap();
        let feed = Feed::new(notebook);
        let login = Login { person: PersonId(1), by: By::Token("a".into()) };
        let enter = || feed.rooms().enter(&feed, RunId::of(1), &login).unwrap();

        let first = enter();
        assert_eq!(first.told, None, "its task has just begun");
        let mut ready = first.ready.clone();
        ready.wait_for(|is_ready| *is_ready).await.unwrap();
        let second = enter();
        assert_eq!(second.told, Some(newest));
        drop((first, second));
        while ready.changed().await.is_ok() {}
        assert_eq!(enter().told, None, "another task");
        feed.stop();
        db.close().await;
    }
}
