//! What can be done with a run. Each act reads: may, begin, load, rule, note, keep.

mod attending;
mod command;
mod compose;
mod during;
mod evidence;
mod judge;
mod meters;
mod method;
mod overdue;
mod pin;
mod plan;
mod preflight;
mod read;
mod reminding;
mod sampling;
mod series;
mod tool;
mod weeks;

pub use attending::{answer_gate, attend};
pub use command::tell_exit_code;
pub use compose::{Written, compose};
pub(crate) use during::second_person;
pub use during::{
    abort, amend, answer_check, answer_signal, begin_fault, deviate, end_fault, fail_revert, finish, give_abort_reason,
    observe, record_effect, record_lack, resolve_targets,
};
pub use evidence::{Attached, Image, attach_image, attach_link, image, list_evidence};
pub use judge::{overrule, revoke_overruling, rule_deviation, rule_validity, sign};
pub use meters::{Meters, meters};
pub use method::{begin_step, end_step};
pub use overdue::{Overdue, mark_missed};
pub use pin::pin;
pub use plan::{cancel, move_to, plan, record_past, start};
pub(crate) use plan::{enter, plan_in};
pub use preflight::{answer_poll, look_both_ways};
pub use read::{Observation, Row, Shown, list, list_observations, on_service, rows_of, show};
pub(crate) use read::{
    answerable, facts_of, newest_ended_on, newest_started_on, open_in, planned_of, relation_before, started_before,
    started_within, told_in, tried, with_crew, within,
};
pub use reminding::{Reminding, remind};
pub(crate) use reminding::{awaits, awaits_closing};
pub(crate) use sampling::watched;
pub use sampling::{Job, Number, Read, Watched, claim, due, keep_answers, list_readings, settle};
pub(crate) use series::of_experiment;
pub(crate) use tool::{begin_for, say, waiting};
pub use weeks::{Week, by_week};

pub use super::sql::Filter;
use super::{
    Run,
    facts::RunFacts,
    phase::late_revert,
    sql,
    steps::Step,
    trail::{Line, RunEvent},
};
use crate::{
    alerts,
    db::Tx,
    desk::Desk,
    events::{self, Entry, about},
    experiments,
    fault::Result,
    gate::passed::Passed,
    id::RunId,
    time::Moment,
};

/// A run held inside a transaction: its row, its trail and the facts that follow.
pub(crate) struct Held {
    pub run: Run,
    pub facts: RunFacts,
    pub entries: Vec<Entry>,
}

impl Held {
    pub(crate) async fn load(tx: &mut Tx, id: RunId) -> Result<Self> {
        let run = sql::load(tx, id).await?;
        let plan = experiments::acts::plan_of(tx, run.experiment, run.revision).await?;
        let entries = events::of_object(tx, about::RUN, &id.to_string()).await?;
        let mut facts = RunFacts::new(id, run.experiment, run.revision, plan.identity);
        for line in lines(&entries)? {
            facts.take(&line);
        }
        Ok(Self { run, facts, entries })
    }

    /// Loads for a step that the actor may take and the run's state allows.
    pub(crate) async fn load_for(desk: &Desk, tx: &mut Tx, id: RunId, step: Step) -> Result<Self> {
        sql::lock(tx, id).await?;
        let held = Self::load(tx, id).await?;
        step.allowed(&held.facts)?;
        desk.may(step.act())?;
        Ok(held)
    }

    /// The run was over when it was written down.
    pub(crate) fn is_past(&self) -> bool {
        let started = self.entries.iter().rev().find(|entry| entry.act == "started");
        // A tool's clock may say that a fault ended while its start was still being written down.
        let told = started.filter(|entry| entry.is_late()).map(|entry| entry.recorded_at);
        self.facts.fault_ended.zip(told).is_some_and(|(ended, told)| ended <= told)
    }

    /// One that was over when it was written down only waits for its answers.
    fn was_over(&self, passed: Option<&Passed>) -> bool {
        self.is_past() && passed.is_none_or(|passed| !passed.binding)
    }

    /// It goes on, and nobody has aborted it, with a reason or without one.
    pub(super) fn can_be_aborted(&self, passed: Option<&Passed>) -> bool {
        !self.was_over(passed) && !self.facts.abort_open && Step::Abort.allowed(&self.facts).is_ok()
    }

    /// The deadline of a revert that goes on for longer, aborted or not.
    fn late_revert(&self, deadline_ms: Option<i64>, passed: Option<&Passed>, now: Moment) -> Option<i64> {
        late_revert(&self.facts, deadline_ms, now).filter(|_| !self.was_over(passed))
    }

    /// When it begins as far as anybody knows: as planned, unless that has passed.
    pub(crate) fn planned_start(&self, desk: &Desk) -> Moment {
        self.run.planned_at.map_or(desk.now(), |planned| planned.max(desk.now()))
    }

    /// Writes one line and lets the facts follow.
    pub(crate) async fn note(&mut self, desk: &Desk, tx: &mut Tx, at: Moment, event: RunEvent) -> Result<()> {
        let seq = events::note(desk, tx, (about::RUN, &self.run.id.to_string()), event.act(), at, &event).await?;
        self.facts.take(&Line { seq, at, by: desk.person_id(), event });
        Ok(())
    }

    /// The row follows the facts.
    pub(crate) async fn keep(&mut self, desk: &Desk, tx: &mut Tx) -> Result<()> {
        self.run.execution = self.facts.execution;
        self.run.started_at = self.facts.started;
        self.run.ended_at = self.facts.ended;
        if self.facts.closed && self.run.closed_at.is_none() {
            self.run.closed_at = Some(desk.now());
        }
        sql::save(tx, &self.run).await?;
        self.run.version += 1;
        Ok(())
    }

    /// The number of the next observation, as long as none was written since the run was loaded.
    pub(crate) fn next_observation(&self) -> i64 {
        self.next_number("observed")
    }

    /// How many lines of one kind the trail already has, plus one.
    fn next_number(&self, act: &str) -> i64 {
        i64::try_from(self.entries.iter().filter(|entry| entry.act == act).count()).unwrap_or(i64::MAX - 1) + 1
    }
}

/// The run's trail as the rules read it.
pub(crate) fn lines(entries: &[Entry]) -> Result<Vec<Line>> {
    entries
        .iter()
        .map(|entry| Ok(Line { seq: entry.seq, at: entry.at, by: entry.person, event: entry.read()? }))
        .collect()
}

/// One line for one run, from loading to committing: what most acts are.
async fn one(
    desk: &Desk,
    id: RunId,
    step: Step,
    write: impl FnOnce(&Held) -> Result<(Moment, RunEvent)> + Send,
) -> Result<Run> {
    desk.may(step.act())?;
    let mut tx = desk.begin_write().await?;
    let mut held = Held::load_for(desk, &mut tx, id, step).await?;
    let (at, event) = write(&held)?;
    held.note(desk, &mut tx, at, event).await?;
    if matches!(step, Step::BeginFault | Step::EndFault | Step::Finish) {
        Box::pin(alerts::acts::answer_signals(desk, &mut tx, &mut held)).await?;
    }
    held.keep(desk, &mut tx).await?;
    desk.commit(tx, id).await?;
    Ok(held.run)
}
