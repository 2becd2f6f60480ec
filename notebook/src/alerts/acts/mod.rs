//! Taking what Alertmanager tells, and looking at it.

mod answering;
mod reading;
mod taking;

pub(crate) use answering::answer_signals;
pub use reading::{Listed, OfRun, OfSignal, Source, beside, list, of_run};
pub use taking::{Taken, take};

use super::{Alert, hearing::Hearing, sql, telling::Fitting};
use crate::{
    db::Tx,
    experiments::{
        matchers::Matchers,
        plan::{Expect, Identity},
    },
    fault::Result,
    limits::ALERTS_OF_RUN_MAX,
    text::Slug,
    time::Moment,
};

/// What was heard of one environment around a run.
struct Around {
    environment: Slug,
    /// From the beginning of the run until its signals have had their time.
    span: (Moment, Moment),
    heard: Vec<Hearing>,
}

impl Around {
    async fn load(tx: &mut Tx, environment: &Slug, from: Moment, to: Moment) -> Result<Self> {
        let heard = sql::heard(tx, environment, from).await?;
        Ok(Self { environment: environment.clone(), span: (from, to), heard })
    }

    /// All alerts, or those of one name: the newest first, and whether these are all.
    async fn alerts(&self, tx: &mut Tx, name: Option<&str>) -> Result<(Vec<Alert>, bool)> {
        let mut alerts = sql::between(tx, &self.environment, self.span, name).await?;
        let max = usize::try_from(ALERTS_OF_RUN_MAX).unwrap_or(usize::MAX);
        let is_whole = alerts.len() <= max;
        alerts.truncate(max);
        Ok((alerts, is_whole))
    }

    async fn fitting(&self, tx: &mut Tx, matchers: &Matchers) -> Result<Fitting> {
        let (mut alerts, is_whole) = self.alerts(tx, matchers.alert_name()).await?;
        alerts.retain(|alert| matchers.fit(&alert.body.labels));
        Ok(Fitting { alerts, is_whole })
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
