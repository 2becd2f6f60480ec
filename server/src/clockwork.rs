//! Acts that nobody presses: planned runs whose time has passed are missed, unattended ones that passed are signed by
//! the decision to automate them, people are reminded of those that come, what turned stale or regressed is told,
//! used-up form tokens go, hours of measurements are put together.

use std::time::Duration;

use notebook::{
    actor::{Actor, Via},
    cadences,
    desk::{Desk, Notebook},
    id::SloId,
    retrials::{
        self,
        acts::{Telling, Unattended},
    },
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
        sign(&desk).await;
        remind(&desk).await;
        tell(&desk).await;
        tell_of_tokens(&desk).await;
        if let Err(error) = desk.tidy_up().await {
            tracing::warn!(%error, "used form tokens could not be dropped");
        }
        packed = pack(&desk, packed).await;
    }
}

/// What nobody attended and what passed is signed by the decision to automate it.
async fn sign(desk: &Desk) {
    match retrials::acts::sign_unattended(desk).await {
        Ok(Unattended { signed, troubles }) => {
            if signed > 0 {
                tracing::info!(signed, "unattended runs that passed are signed and closed");
            }
            for (run, error) in troubles {
                tracing::warn!(%run, %error, "an unattended run could not be looked at");
            }
        }
        Err(error) => tracing::warn!(%error, "nobody knows which unattended runs passed"),
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

/// Whose token expires in a week hears of it.
async fn tell_of_tokens(desk: &Desk) {
    match notebook::people::acts::tell_expiring(desk).await {
        Ok(0) => {}
        Ok(told) => tracing::info!(told, "people are told that tokens of theirs expire"),
        Err(error) => tracing::warn!(%error, "nobody could look which tokens expire"),
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
