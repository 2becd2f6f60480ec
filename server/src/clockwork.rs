//! Acts that nobody presses: planned runs whose time has passed are missed, people are reminded of those that come,
//! what turned stale or regressed is told, used-up form tokens go, hours of measurements are put together.

use std::time::Duration;

use notebook::{
    actor::{Actor, Via},
    cadences,
    desk::{Desk, Notebook},
    id::SloId,
    retrials::{self, acts::Telling},
    runs::{
        self,
        acts::{Overdue, Reminding},
    },
    slos,
};

const EVERY: Duration = Duration::from_mins(1);

/// Runs until the server stops. What one round could not do, the next one does.
pub async fn run(notebook: Notebook) {
    let mut ticks = tokio::time::interval(EVERY);
    let mut packed = None;
    loop {
        ticks.tick().await;
        let desk = notebook.desk(Actor::System, Via::System);
        match runs::acts::mark_missed(&desk).await {
            Ok(Overdue { missed, frozen, troubles }) => {
                if missed + frozen > 0 {
                    tracing::info!(
                        missed,
                        frozen,
                        "planned runs whose time passed are missed, or kept back by a freeze"
                    );
                }
                for (run, error) in troubles {
                    tracing::warn!(%run, %error, "a planned run whose time passed could not be looked at");
                }
            }
            Err(error) => tracing::warn!(%error, "planned runs could not be looked through"),
        }
        remind(&desk).await;
        tell(&desk).await;
        if let Err(error) = desk.tidy_up().await {
            tracing::warn!(%error, "used form tokens could not be dropped");
        }
        packed = pack(&desk, packed).await;
    }
}

/// What is planned is told before its time, a revert past its deadline, and slots that were missed afterwards, each once.
async fn remind(desk: &Desk) {
    match runs::acts::remind(desk).await {
        Ok(Reminding { reminded, troubles }) => {
            if reminded > 0 {
                tracing::info!(reminded, "people are reminded of runs");
            }
            for (run, error) in troubles {
                tracing::warn!(%run, %error, "nobody could be reminded of a run");
            }
        }
        Err(error) => tracing::warn!(%error, "nobody could be reminded of runs"),
    }
    match cadences::acts::remind(desk).await {
        Ok(0) => {}
        Ok(told) => tracing::info!(told, "slots come without a run, or were missed"),
        Err(error) => tracing::warn!(%error, "nobody could look which slots come without a run"),
    }
}

/// What turned stale, regressed or lost its evidence is told once, as a line in the trail.
async fn tell(desk: &Desk) {
    match retrials::acts::tell(desk).await {
        Ok(Telling { told, reopened, troubles }) => {
            if told + reopened > 0 {
                tracing::info!(told, reopened, "something turned stale, regressed or lost its evidence");
            }
            for (of, error) in troubles {
                tracing::warn!(%of, %error, "nobody could look whether its evidence still holds");
            }
        }
        Err(error) => tracing::warn!(%error, "nobody could look which evidence still holds"),
    }
}

/// A few hours of each SLO, so that what many of them left in a year does not hold up the rest. Says
/// after which one the next round goes on.
async fn pack(desk: &Desk, after: Option<SloId>) -> Option<SloId> {
    let unpacked = match slos::acts::unpacked(desk, after).await {
        Ok(unpacked) => unpacked,
        Err(error) => {
            tracing::warn!(%error, "nobody knows which measurements can be put together");
            return after;
        }
    };
    let last = unpacked.last().copied();
    for slo in unpacked {
        if let Err(error) = slos::acts::pack(desk, slo).await {
            tracing::warn!(%error, %slo, "measurements could not be put together");
        }
    }
    last.or(after)
}
