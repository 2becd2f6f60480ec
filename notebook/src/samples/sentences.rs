//! The sentences the story is told in: one short call for what people do with a run.

use super::{cast::Who, teller::Teller};
use crate::{
    experiments::{
        self, Draft,
        draft::{CheckRow, SignalRow, StepRow},
    },
    fault::Result,
    findings, fixes,
    gate::drafts::{AttendDraft, LookDraft, LooksDraft},
    id::{ExperimentId, FindingId, FixId, RunId},
    retrials::{
        self,
        drafts::{AnswerDraft, CloseDraft},
    },
    runs::{
        self,
        drafts::{
            AtDraft, CheckDraft, EffectDraft, ObservationDraft, PlanDraft, SignDraft, SignalDraft, StartDraft,
            TargetDraft,
        },
    },
};

/// What kind of remark an observation is.
pub(super) const SEEN: &str = "expected";
pub(super) const STRANGE: &str = "unexpected";
pub(super) const ASKED: &str = "question";

/// From the start of a run to its fault.
pub(super) const FAULT_AFTER_S: i64 = 30;

/// Who stands where when a run begins.
pub(super) struct Crew {
    pub owner: Who,
    pub coordinator: Who,
    pub reporter: Who,
    pub observers: &'static [Who],
}

/// Concrete targets: name and role then; the first one is hit.
pub(super) type Targets<'a> = &'a [(&'a str, &'a str)];

/// One run while it is told.
pub(super) struct Told<'a> {
    teller: &'a Teller,
    pub id: RunId,
    /// Has the hands on the machines, and writes what nobody else is named for.
    by: Who,
    hit: String,
}

/// What a check showed, and what telemetry claimed about it.
pub(super) struct Answer<'a> {
    pub check: &'a str,
    pub seen: &'a str,
    pub source: &'a str,
    /// (claimed, source); None for no claim.
    pub claimed: Option<(&'a str, &'a str)>,
}

/// How a run is closed.
pub(super) struct Closing<'a> {
    /// (fix, finding, exercised, reason)
    pub answers: &'a [(FixId, FindingId, &'a str, &'a str)],
    pub decision: &'a str,
    pub title: &'a str,
    pub reason: &'a str,
}

pub(super) fn check(slot: &str, comparator: &str, threshold: &str, unit: &str) -> CheckRow {
    let mut parts = slot.split('|').map(str::to_owned);
    let mut next = || parts.next().unwrap_or_default();
    CheckRow {
        measure: next(),
        phase: next(),
        aggregate: next(),
        comparator: comparator.into(),
        threshold: threshold.into(),
        unit: unit.into(),
        ..CheckRow::default()
    }
}

pub(super) fn fires(signal: &str, within: &str) -> SignalRow {
    SignalRow { signal: signal.into(), expect: "fire".into(), time: within.into(), ..SignalRow::default() }
}

pub(super) fn step(op: &str, args: &str) -> StepRow {
    StepRow { op: op.into(), args: args.into() }
}

fn targets(list: Targets<'_>, effect: &str) -> Vec<TargetDraft> {
    let row = |(index, (name, role)): (usize, &(&str, &str))| TargetDraft {
        name: (*name).into(),
        role: (*role).into(),
        hit: if index == 0 { "on".into() } else { String::new() },
        effect: if index == 0 { effect.into() } else { String::new() },
    };
    list.iter().enumerate().map(row).collect()
}

fn planned(experiment: ExperimentId, crew: &Crew, note: &str) -> PlanDraft {
    let observers: Vec<&str> = crew.observers.iter().map(|who| who.name()).collect();
    PlanDraft {
        experiment: experiment.to_string(),
        owner: crew.owner.name().into(),
        coordinator: crew.coordinator.name().into(),
        reporter: crew.reporter.name().into(),
        observers: observers.join("\n"),
        note: note.into(),
        ..PlanDraft::default()
    }
}

impl Teller {
    /// Writes an experiment, and has somebody else read and approve it.
    pub async fn experiment(&self, author: Who, draft: &Draft, reviewer: Who, says: &str) -> Result<()> {
        let id = experiments::acts::create(&self.desk(author), draft).await?.id;
        self.pass_s(1_200);
        experiments::acts::request_review(&self.desk(author), id).await?;
        self.pass_s(5_400);
        experiments::acts::approve(&self.desk(reviewer), id, 1, says).await?;
        Ok(())
    }

    /// A run that is planned now and starts a little later.
    pub async fn run(
        &self,
        experiment: ExperimentId,
        crew: &Crew,
        note: &str,
        replaces: Option<RunId>,
        hits: Targets<'_>,
    ) -> Result<Told<'_>> {
        let by = crew.coordinator;
        let mut draft = planned(experiment, crew, note);
        draft.replaces = replaces.map(|id| id.to_string()).unwrap_or_default();
        draft.targets = targets(hits, "");
        let id = runs::acts::plan(&self.desk(by), &draft).await?.id;
        self.deck(id, crew).await?;
        let hit = hits.first().map(|(name, _)| (*name).to_owned()).unwrap_or_default();
        Ok(Told { teller: self, id, by, hit })
    }

    /// Everybody of the crew is there; whoever has the hands on the machines can revert.
    async fn deck(&self, run: RunId, crew: &Crew) -> Result<()> {
        let parts = [(crew.owner, "owner"), (crew.coordinator, "coordinator"), (crew.reporter, "reporter")];
        let parts = parts.into_iter().chain(crew.observers.iter().map(|who| (*who, "observer")));
        let parts: Vec<(Who, &str)> = parts.collect();
        for who in Who::ALL {
            let own: Vec<String> =
                parts.iter().filter(|(is, _)| *is == who).map(|(_, part)| (*part).to_owned()).collect();
            if own.is_empty() {
                continue;
            }
            let person = self.desk(who).person_id().map(|person| person.0.to_string()).unwrap_or_default();
            let can_revert = if who == crew.coordinator { "on" } else { "" };
            let here = AttendDraft { person, parts: own, can_revert: can_revert.into(), present: "on".into() };
            runs::acts::attend(&self.desk(crew.coordinator), run, &here).await?;
        }
        Ok(())
    }

    /// A run another tool did, written down by hand once it was over.
    pub async fn past_run(
        &self,
        experiment: ExperimentId,
        crew: &Crew,
        note: &str,
        hits: Targets<'_>,
        minutes: i64,
    ) -> Result<Told<'_>> {
        let by = crew.coordinator;
        let draft = PlanDraft {
            started_at: self.ago((minutes + 20) * 60),
            ended_at: self.ago(20 * 60),
            targets: targets(hits, "shown"),
            ..planned(experiment, crew, note)
        };
        let id = runs::acts::record_past(&self.desk(by), &draft).await?.id;
        let hit = hits.first().map(|(name, _)| (*name).to_owned()).unwrap_or_default();
        Ok(Told { teller: self, id, by, hit })
    }

    /// A run that was planned earlier.
    pub fn again(&self, id: RunId, by: Who, hit: &str) -> Told<'_> {
        Told { teller: self, id, by, hit: hit.into() }
    }

    pub async fn finding(&self, who: Who, draft: &findings::drafts::Draft) -> Result<FindingId> {
        Ok(findings::acts::write(&self.desk(who), draft).await?.id)
    }

    pub async fn fix(&self, who: Who, finding: FindingId, title: &str, summary: &str) -> Result<FixId> {
        let draft = fixes::drafts::Draft {
            title: title.into(),
            summary: summary.into(),
            findings: vec![finding.to_string()],
            ..fixes::drafts::Draft::default()
        };
        Ok(fixes::acts::propose(&self.desk(who), &draft).await?.id)
    }

    pub async fn deploy(&self, who: Who, fix: FixId, reference: &str) -> Result<()> {
        let draft = fixes::drafts::DeployDraft {
            environment: super::stage::PRODUCTION.into(),
            reference: reference.into(),
            at: String::new(),
        };
        fixes::acts::deploy(&self.desk(who), fix, &draft).await
    }
}

impl Told<'_> {
    fn desk(&self, who: Who) -> crate::desk::Desk {
        self.teller.desk(who)
    }

    /// Looks for incidents, starts, injects the fault half a minute later and sees it take effect.
    pub async fn start(&self, evidence: &str) -> Result<()> {
        self.start_on(&[], evidence).await
    }

    /// The same, with targets that are named only now.
    pub async fn start_on(&self, hits: Targets<'_>, evidence: &str) -> Result<()> {
        let desk = self.desk(self.by);
        let clear = LookDraft { look: "incidents".into(), sight: "clear".into(), text: String::new() };
        runs::acts::look_both_ways(&desk, self.id, &LooksDraft { looks: vec![clear] }).await?;
        let draft = StartDraft { targets: targets(hits, ""), ..StartDraft::default() };
        runs::acts::start(&desk, self.id, &draft).await?;
        self.teller.pass_s(FAULT_AFTER_S);
        runs::acts::begin_fault(&desk, self.id, &AtDraft::default()).await?;
        self.teller.pass_s(5);
        let effect = EffectDraft { name: self.hit.clone(), effect: "shown".into(), evidence: evidence.into() };
        runs::acts::record_effect(&desk, self.id, &effect).await?;
        Ok(())
    }

    /// So many seconds later somebody writes what they see.
    pub async fn says(&self, after_s: i64, who: Who, kind: &str, text: &str) -> Result<()> {
        self.write(after_s, who, kind, text, "").await
    }

    /// The same, and everybody should read it.
    pub async fn pins(&self, after_s: i64, who: Who, kind: &str, text: &str) -> Result<()> {
        self.write(after_s, who, kind, text, "on").await
    }

    async fn write(&self, after_s: i64, who: Who, kind: &str, text: &str, pinned: &str) -> Result<()> {
        self.teller.pass_s(after_s);
        let draft = ObservationDraft {
            text: text.into(),
            kind: kind.into(),
            pinned: pinned.into(),
            ..ObservationDraft::default()
        };
        runs::acts::observe(&self.desk(who), self.id, &draft).await?;
        Ok(())
    }

    pub async fn answers(&self, answer: &Answer<'_>) -> Result<()> {
        self.answers_at(answer, "").await
    }

    /// The same for what was so at another moment.
    pub async fn answers_at(&self, answer: &Answer<'_>, at: &str) -> Result<()> {
        let (claimed, claimed_source) = answer.claimed.unwrap_or_default();
        let draft = CheckDraft {
            check: answer.check.into(),
            seen: answer.seen.into(),
            source: answer.source.into(),
            claimed: claimed.into(),
            claimed_source: claimed_source.into(),
            at: at.into(),
            ..CheckDraft::default()
        };
        runs::acts::answer_check(&self.desk(self.by), self.id, &draft).await?;
        Ok(())
    }

    pub async fn signal_fired(&self, signal: &str, after_s: &str) -> Result<()> {
        self.signal(signal, "fired", after_s).await
    }

    pub async fn signal_silent(&self, signal: &str) -> Result<()> {
        self.signal(signal, "silent", "").await
    }

    async fn signal(&self, signal: &str, seen: &str, after_s: &str) -> Result<()> {
        let draft =
            SignalDraft { signal: signal.into(), seen: seen.into(), after_s: after_s.into(), ..SignalDraft::default() };
        runs::acts::answer_signal(&self.desk(self.by), self.id, &draft).await?;
        Ok(())
    }

    pub async fn end_fault(&self) -> Result<()> {
        runs::acts::end_fault(&self.desk(self.by), self.id, &AtDraft::default()).await?;
        Ok(())
    }

    pub async fn finish(&self) -> Result<()> {
        runs::acts::finish(&self.desk(self.by), self.id, &AtDraft::default()).await?;
        Ok(())
    }

    /// Somebody signs what the values propose, and says what was learnt.
    pub async fn sign(&self, who: Who, verdict: &str, analysis: &str) -> Result<()> {
        let draft = SignDraft { verdict: verdict.into(), analysis: analysis.into(), reason: String::new() };
        runs::acts::sign(&self.desk(who), self.id, &draft).await?;
        Ok(())
    }

    pub async fn close(&self, who: Who, closing: &Closing<'_>) -> Result<()> {
        let answers = closing.answers.iter().map(|(fix, finding, exercised, reason)| AnswerDraft {
            fix: fix.to_string(),
            finding: finding.to_string(),
            exercised: (*exercised).into(),
            reason: (*reason).into(),
        });
        let draft = CloseDraft {
            answers: answers.collect(),
            decision: closing.decision.into(),
            decision_title: closing.title.into(),
            decision_reason: closing.reason.into(),
            ..CloseDraft::default()
        };
        retrials::acts::close(&self.desk(who), self.id, &draft).await?;
        Ok(())
    }
}
