//! Taking what Alertmanager tells, and looking at it.

mod answering;
mod reading;
mod taking;

pub(crate) use answering::answer_signals;
pub use reading::{Listed, OfRun, OfSignal, Source, beside, list, of_run};
pub use taking::{Taken, take};

use super::{Alert, hearing::Hearing, sql};
use crate::{
    db::Tx,
    experiments::{
        matchers::Matchers,
        plan::{Expect, Identity},
    },
    fault::Result,
    text::Slug,
    time::Moment,
};

/// What was heard of one environment around a run.
struct Around {
    /// The newest first.
    alerts: Vec<Alert>,
    heard: Vec<Hearing>,
}

impl Around {
    /// From the beginning of a run until its signals have had their time.
    async fn load(tx: &mut Tx, environment: &Slug, from: Moment, to: Moment) -> Result<Self> {
        Ok(Self {
            alerts: sql::between(tx, environment, from, to).await?,
            heard: sql::heard(tx, environment, from).await?,
        })
    }

    fn fitting(&self, matchers: &Matchers) -> Vec<&Alert> {
        self.alerts.iter().filter(|alert| matchers.fit(&alert.body.labels)).collect()
    }
}

/// Until when the longest of the plan's signals has time.
fn last_expected(identity: &Identity, fault: Moment) -> Moment {
    let times = identity.signals.iter().map(|signal| match signal.expect {
        Expect::Fire { within_ms } => within_ms,
        Expect::Silent { for_ms } => for_ms,
    });
    fault.plus_micros(times.max().unwrap_or_default().saturating_mul(1_000))
}
