//! The live feed: what happens on a run reaches everybody who watches it, at whichever server it was
//! written. The trail is the truth. One task for all watchers of this server reads it on from where it
//! stopped (`pump.rs`), whenever it hears that something was written and every second without a hint,
//! and tells the room of each run (`rooms.rs`). A watch (`watching.rs`) enters the room first, then
//! reads what it missed from the trail, then listens; what it read already it drops by its number.
//!
//! A room keeps a bounded number of messages for all its watchers together. Who falls behind is
//! closed, never skipped: it comes back with the last number it knows, and reads on from the trail.

mod line;
mod login;
mod message;
mod pump;
mod rooms;
mod watching;

pub use line::Line;
pub use watching::Watch;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use notebook::{
    desk::{Desk, Notebook},
    events,
    fault::Result,
    id::RunId,
    people::secrets,
    refusal::Refusal,
};
use tokio::sync::Notify;

use crate::guard::Who;
use rooms::Rooms;

/// How long somebody waits who finds no place, in seconds.
const NO_PLACE_WAIT_S: i64 = 30;

/// Everybody who watches at this server. Cheap to clone.
#[derive(Clone)]
pub struct Feed(Arc<Inner>);

struct Inner {
    notebook: Notebook,
    /// What this server calls itself beside others at the same database.
    node: String,
    rooms: Mutex<Rooms>,
    stopping: Notify,
}

impl Feed {
    pub fn new(notebook: Notebook) -> Self {
        // Without chance two servers share a name, and each forgets who watches at the other one.
        let node = secrets::word::<8>().unwrap_or_else(|_| std::process::id().to_string());
        Self(Arc::new(Inner { notebook, node, rooms: Mutex::default(), stopping: Notify::new() }))
    }

    fn rooms(&self) -> MutexGuard<'_, Rooms> {
        self.0.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Watches a run from the line after this number on; None is from now on.
    pub async fn watch(&self, desk: Desk, who: &Who, run: RunId, after: Option<i64>) -> Result<Watch> {
        let ends = events::feed::open(&desk, run).await?;
        let login = login::of(who).ok_or(Refusal::SignIn)?;
        let seat = self.rooms().enter(self, run, &login)?;
        let mut ready = seat.ready.clone();
        // From here on every line is either told in the room or found in the trail.
        if ready.wait_for(|is_ready| *is_ready).await.is_err() {
            return Err(Refusal::Busy { wait_s: 1 }.into());
        }
        Ok(Watch::new(desk, seat, after, ends))
    }

    /// Ends every stream at once, and lets nobody in any more.
    pub fn stop(&self) {
        self.rooms().stop();
        self.0.stopping.notify_one();
    }

    /// How many watch here.
    pub fn watchers(&self) -> usize {
        self.rooms().watchers()
    }
}
