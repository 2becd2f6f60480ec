//! Abort conditions of all runs that go on, as their newest readings have them: for pages that show many runs.

use std::collections::BTreeMap;

use crate::{
    actor::Act,
    desk::Desk,
    experiments::{plan::Plan, probes::ConditionProbe},
    fault::Result,
    id::RunId,
    runs::{
        readings::{Readings, Standing, looks_back_ms, standing},
        sql::readings as kept,
    },
    text::Note,
    time::Moment,
};

/// What makes everybody stop one run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meters {
    /// What a query watches, by its newest reading alone. A run's page knows for how long it has been so.
    pub measured: Vec<(ConditionProbe, Standing)>,
    /// What people watch.
    pub watched: Vec<Note>,
}

/// Of each run that goes on; all of it is one statement.
pub async fn meters(desk: &Desk) -> Result<BTreeMap<RunId, Meters>> {
    desk.may(Act::Look)?;
    let now = desk.now();
    let mut tx = desk.begin_read().await?;
    let going = kept::of_going(&mut tx, now.plus_micros(-1_000 * looks_back_ms())).await?;
    Ok(going.into_iter().map(|(run, (plan, readings))| (run, of_run(plan, &readings, now))).collect())
}

fn of_run(plan: Plan, readings: &Readings, now: Moment) -> Meters {
    let Some(probes) = plan.context.probes else {
        return Meters { measured: Vec::new(), watched: plan.context.abort_conditions };
    };
    let watched = probes.watched().into_iter();
    let stands = |(number, probe): (i64, &ConditionProbe)| {
        let own = readings.of(number);
        // Older readings were not looked for.
        let standing = if own.is_empty() {
            Standing::Unknown("nobody measured it of late".into())
        } else {
            standing(probe, &own, probes.every_ms, now)
        };
        (probe.clone(), standing)
    };
    Meters { measured: watched.map(stands).collect(), watched: plan.context.abort_conditions }
}
