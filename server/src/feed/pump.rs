//! The one task that reads the trail on for all watchers of this server, and looks after them.

use std::time::Duration;

use notebook::{
    actor::PersonId,
    events::{self, Entry, about},
    fault::Result,
    id::RunId,
    limits::{WATCH_BEAT_S, WATCH_LINES, WATCH_RIGHTS_S, WATCHERS_SAY_S},
    people, watching,
};
use tokio::{
    sync::watch,
    time::{Interval, MissedTickBehavior, interval},
};

use super::{Feed, message::Message};

/// Without a hint: another process may have written, or the hint got lost.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Goes on until nobody watches, or the server stops.
pub async fn run(feed: Feed, number: u64, ready: watch::Sender<bool>) {
    let _closing = Closing { feed: feed.clone(), number };
    let ended = tokio::select! {
        ended = tell_lines(&feed, &ready) => ended,
        ended = end_what_ended(&feed) => ended,
        () = beat(&feed) => Ok(()),
        () = say_who_is_here(&feed) => Ok(()),
    };
    if let Err(error) = ended {
        tracing::warn!(%error, "the live feed ended; whoever watches comes back and reads the trail");
    }
}

/// However the task ends, nobody stays in a room in which nothing is told.
struct Closing {
    feed: Feed,
    number: u64,
}

impl Drop for Closing {
    fn drop(&mut self) {
        self.feed.rooms().close(self.number);
    }
}

fn every(period: Duration) -> Interval {
    let mut ticks = interval(period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

async fn tell_lines(feed: &Feed, ready: &watch::Sender<bool>) -> Result<()> {
    let notebook = &feed.0.notebook;
    // First, so that what is written after the newest line is known is heard.
    let mut wakes = notebook.db.wakes();
    let mut cursor = events::feed::newest(notebook).await?;
    feed.rooms().takes(cursor, None);
    ready.send_replace(true);
    let mut ticks = every(LOOK_EVERY);
    loop {
        tokio::select! {
            () = wakes.heard() => {}
            _ = ticks.tick() => {}
        }
        cursor = told_after(feed, cursor).await?;
    }
}

/// Tells every line after this one. Commits come in the order of their numbers (`Tx::lock_events`), so
/// no line appears later below the last one.
async fn told_after(feed: &Feed, mut cursor: i64) -> Result<i64> {
    loop {
        let lines = events::feed::grown(&feed.0.notebook, cursor).await?;
        let is_all = i64::try_from(lines.len()).is_ok_and(|lines| lines < WATCH_LINES);
        for line in lines {
            cursor = line.seq;
            tell(feed, line)?;
        }
        if is_all {
            return Ok(cursor);
        }
    }
}

fn tell(feed: &Feed, line: Entry) -> Result<()> {
    let run = (line.kind == about::RUN).then(|| line.object.parse::<RunId>().ok()).flatten();
    let is_watched = feed.rooms().takes(line.seq, run);
    if line.kind == about::FREEZE {
        // It may speak for aborting any run.
        feed.rooms().tell_all(&Message::look());
    }
    if let Some(run) = run.filter(|_| is_watched) {
        let message = Message::line(line)?;
        feed.rooms().tell(run, message);
    }
    Ok(())
}

/// Beside what asks the database: a slow answer is no reason to seem dead.
async fn beat(feed: &Feed) {
    let mut ticks = every(Duration::from_secs(WATCH_BEAT_S));
    loop {
        ticks.tick().await;
        feed.rooms().tell_all(&Message::beat());
    }
}

/// Ends streams of logins that ended, here or at another server. Where that cannot be found out, all end.
async fn end_what_ended(feed: &Feed) -> Result<()> {
    let mut ticks = every(Duration::from_secs(WATCH_RIGHTS_S));
    loop {
        ticks.tick().await;
        let logins = feed.rooms().logins();
        for login in people::acts::ended(&feed.0.notebook, logins).await? {
            feed.rooms().end(&login);
        }
    }
}

/// Comes back when nobody watches any more, which is said too, or when the server stops.
async fn say_who_is_here(feed: &Feed) {
    let mut ticks = every(LOOK_EVERY);
    let mut said = Vec::new();
    let mut looks: u64 = 0;
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            () = feed.0.stopping.notified() => {}
        }
        say(feed, &mut said, looks.is_multiple_of(WATCHERS_SAY_S)).await;
        if feed.rooms().may_end(said.is_empty()) {
            return;
        }
        looks += 1;
    }
}

/// A hint that is not there is no reason to end a stream.
async fn say(feed: &Feed, said: &mut Vec<(RunId, PersonId)>, again: bool) {
    let notebook = &feed.0.notebook;
    let here = feed.rooms().pages();
    if here != *said || (again && !here.is_empty()) {
        match watching::acts::say(notebook, &feed.0.node, &here).await {
            Ok(()) => *said = here,
            Err(error) => tracing::debug!(%error, "nobody was told who watches"),
        }
    }
    let told = watching::acts::all(notebook).await.and_then(|all| feed.rooms().tell_people(&all));
    if let Err(error) = told {
        tracing::debug!(%error, "it is not known who watches");
    }
}
