//! Takes what comes due again and again, each turn by itself and away from whoever answers pages. One that
//! hangs holds up no other while there is a place left.

use std::{future::ready, sync::Arc, time::Duration};

use tokio::{
    sync::Semaphore,
    task::JoinSet,
    time::{MissedTickBehavior, interval},
};

/// Whoever takes turns.
pub(crate) trait Turns: Clone + Send + Sync + 'static {
    /// What has its turn.
    type Turn: Send + 'static;
    /// How often somebody looks whether a turn is due.
    const EVERY: Duration;

    /// Where this turn needs a place: as many are taken at the same time as each of them has.
    fn places(&self, turn: &Self::Turn) -> Vec<Arc<Semaphore>>;

    /// What is to be done before this look, of which the first is number 0.
    fn chores(&self, _look: u64) -> impl Future<Output = ()> + Send {
        ready(())
    }

    /// What is due now, in the order in which it finds places.
    fn due(&self) -> impl Future<Output = Vec<Self::Turn>> + Send;

    fn take(&self, turn: Self::Turn) -> impl Future<Output = ()> + Send;
}

/// Runs until the server stops.
pub(crate) async fn run<T: Turns>(turns: T) {
    let mut ticks = interval(T::EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut taken = JoinSet::new();
    for look in 0_u64.. {
        ticks.tick().await;
        while taken.try_join_next().is_some() {}
        turns.chores(look).await;
        take_due(&turns, &mut taken).await;
    }
}

/// Takes all that is due now, and waits for its end.
pub(crate) async fn round(turns: &impl Turns) {
    let mut taken = JoinSet::new();
    take_due(turns, &mut taken).await;
    taken.join_all().await;
}

/// Begins as many as there are places for; the others stay due, and hold no place meanwhile. Places are given out before
/// any of them begins, so that one that ends at once does not let another one in.
async fn take_due(turns: &impl Turns, taken: &mut JoinSet<()>) {
    let mut begun = Vec::new();
    for turn in turns.due().await {
        let places = turns.places(&turn).into_iter().map(Semaphore::try_acquire_owned);
        let Ok(places) = places.collect::<Result<Vec<_>, _>>() else { continue };
        begun.push((turn, places));
    }
    for (turn, places) in begun {
        let turns = turns.clone();
        taken.spawn(async move {
            turns.take(turn).await;
            drop(places);
        });
    }
}
