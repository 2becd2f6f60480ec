//! One watcher's way through a run: what it missed, then what comes.

use axum::body::Bytes;
use notebook::{
    desk::Desk,
    events::{self, feed::Ends},
    fault::Result,
    limits::WATCH_LINES,
};

use super::{
    message::{self, Message},
    rooms::Seat,
};

/// A stream that is open. It ends when the server stops, its login ends, or it falls too far behind.
pub struct Watch {
    desk: Desk,
    seat: Seat,
    /// The last line that was given out.
    cursor: i64,
    /// Read, and not given out yet.
    waiting: std::vec::IntoIter<Bytes>,
    /// There may be more in the trail; what the room says meanwhile waits there.
    is_behind: bool,
    is_over: bool,
}

impl Watch {
    /// After the last line its reader knows, or None for the newest one.
    pub(super) fn new(desk: Desk, mut seat: Seat, after: Option<i64>, ends: Ends) -> Self {
        let mut waiting = vec![message::begins()];
        if after.is_some_and(|after| after > ends.newest) {
            waiting.push(message::gap(ends.newest));
        }
        waiting.extend(seat.people.take());
        let cursor = ends.known(after);
        // Whoever missed nothing asks for nothing.
        let is_behind = seat.told.is_none_or(|told| cursor < told);
        Self { desk, seat, cursor, waiting: waiting.into_iter(), is_behind, is_over: false }
    }

    /// What comes next, in order; None at the end.
    pub async fn next(&mut self) -> Option<Bytes> {
        loop {
            if let Some(event) = self.waiting.next() {
                return Some(event);
            }
            if self.is_over {
                return None;
            }
            if self.is_behind {
                // What reading takes is given back: a watcher listens far longer than it reads.
                Box::pin(self.catch_up()).await;
            } else if let Some(event) = self.listen().await {
                return Some(event);
            }
        }
    }

    async fn catch_up(&mut self) {
        if self.seat.login_ends.has_changed().is_err() {
            self.waiting = vec![message::signed_out()].into_iter();
            self.is_over = true;
            return;
        }
        match self.read_on().await {
            Ok(events) => {
                self.is_behind = i64::try_from(events.len()).is_ok_and(|lines| lines >= WATCH_LINES);
                self.waiting = events.into_iter();
            }
            Err(error) => {
                tracing::warn!(%error, run = %self.seat.run, "what a watcher missed could not be read");
                self.is_over = true;
            }
        }
    }

    async fn read_on(&mut self) -> Result<Vec<Bytes>> {
        let lines = events::feed::of_run(&self.desk, self.seat.run, self.cursor).await?;
        let mut events = Vec::with_capacity(lines.len());
        for line in lines {
            self.cursor = line.seq;
            events.push(Message::line(line)?.bytes);
        }
        Ok(events)
    }

    /// What the room says; None for what is known already, and at the end.
    async fn listen(&mut self) -> Option<Bytes> {
        let heard = tokio::select! {
            biased;
            _ended = self.seat.login_ends.changed() => {
                self.is_over = true;
                return Some(message::signed_out());
            }
            heard = self.seat.hears.recv() => heard,
        };
        // An error: too far behind, or the room is closed. Its reader comes back to the trail.
        let Ok(Message { seq, bytes }) = heard else {
            self.is_over = true;
            return None;
        };
        match seq {
            Some(seq) if seq <= self.cursor => None,
            Some(seq) => {
                self.cursor = seq;
                Some(bytes)
            }
            None => Some(bytes),
        }
    }
}
