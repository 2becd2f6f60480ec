//! Closing a run: the verdict is signed, every open fix is answered, a decision is recorded.
//! The answers come as one value, so none can be skipped.

use super::{
    decided,
    drafts::{AnswerDraft, Answered, CloseDraft},
    evidence::findings_of,
};
use crate::{
    actor::Act,
    db::Tx,
    decisions::{self, Decision},
    desk::Desk,
    experiments::plan::Outcome,
    fault::{Error, Result},
    findings::Finding,
    fixes::{self, Fix, FixFacts, Revealing},
    id::RunId,
    refusal::{Checking, FieldTrouble, Refusal},
    runs::{
        acts::{Held, second_person},
        facts::{Exercised, FixAnswer, RunFacts},
        steps::Step,
        trail::RunEvent,
        validity::{Validity, validity},
    },
};

/// A fix that was live when the run began, and what the run can say of it.
pub struct OpenFix {
    pub fix: Fix,
    pub finding: Finding,
    /// The condition matches a target on which the fault took effect.
    pub can_exercise: bool,
    /// Held, failed or unknown: the revealing check in this run.
    pub check: Outcome,
    /// The answer given so far.
    pub answer: Option<FixAnswer>,
}

/// The fixes a run must answer for.
pub async fn open_fixes(desk: &Desk, id: RunId) -> Result<Vec<OpenFix>> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    let held = Held::load(&mut tx, id).await?;
    open(&mut tx, &held.facts).await
}

/// Whether a fix was in place where and when a run began.
pub(super) fn is_live(fix: &FixFacts, finding: &Finding, run: &RunFacts) -> bool {
    let live = fix.deployments.iter().any(|deployment| {
        deployment.environment == finding.environment
            && run.started.is_some_and(|started| {
                deployment.at <= started && deployment.rolled_back.is_none_or(|back| back > started)
            })
    });
    live && fix.withdrawn.is_none() && run.identity.environment.as_ref() == Some(&finding.environment)
}

/// Whatever the other runs of the experiment showed: they are not looked at.
pub(super) async fn open(tx: &mut Tx, run: &RunFacts) -> Result<Vec<OpenFix>> {
    let mut list = Vec::new();
    for finding in findings_of(tx, run.experiment).await? {
        for fix in fixes::acts::of_finding(tx, finding.id).await? {
            let facts = fixes::acts::facts_of(tx, fix.id).await?;
            if is_live(&facts, &finding, run) {
                list.push(OpenFix {
                    can_exercise: finding.body.condition.can_exercise(run),
                    check: revealed(run, &finding),
                    answer: run
                        .answers
                        .iter()
                        .find(|answer| answer.fix == fix.id && answer.finding == finding.id)
                        .cloned(),
                    fix,
                    finding: finding.clone(),
                });
            }
        }
    }
    Ok(list)
}

fn revealed(run: &RunFacts, finding: &Finding) -> Outcome {
    match &finding.body.revealing {
        Some(Revealing::Check(key)) => run.outcome(key),
        Some(Revealing::Signal(_)) | None => Outcome::Unknown,
    }
}

/// Closes an ended run. Returns the decision.
pub async fn close(desk: &Desk, id: RunId, draft: &CloseDraft) -> Result<Decision> {
    desk.may(Act::CloseRun)?;
    let mut tx = desk.begin_write().await?;
    let mut held = Held::load_for(desk, &mut tx, id, Step::Close).await?;
    ready(&held.facts)?;
    let open = open(&mut tx, &held.facts).await?;
    let (answers, decision) = checked(desk, &held.facts, &open, draft)?;
    decided::hold(desk, &mut tx, &decision).await?;
    for answer in answers {
        held.note(desk, &mut tx, desk.now(), event(answer)).await?;
    }
    held.note(desk, &mut tx, desk.now(), RunEvent::Closed).await?;
    held.keep(desk, &mut tx).await?;
    let decision = decided::add(desk, &mut tx, &decision).await.map_err(said_here)?;
    desk.commit(tx, id).await?;
    Ok(decision)
}

/// What only shows once the run counts as closed is said beside the same fields as what shows before.
fn said_here(error: Error) -> Error {
    let here = |trouble: FieldTrouble| FieldTrouble { field: field_here(&trouble.field), ..trouble };
    match error {
        Error::Refused(Refusal::Unfit { troubles }) => {
            Error::Refused(Refusal::Unfit { troubles: troubles.into_iter().map(here).collect() })
        }
        other => other,
    }
}

/// What this form calls a field of a decision.
fn field_here(field: &str) -> String {
    if field == "kind" { "decision".to_owned() } else { format!("decision_{field}") }
}

/// A valid run has a signed verdict before it is closed, and no question of validity is open.
fn ready(run: &RunFacts) -> Result<(), Refusal> {
    match validity(run).map(|answer| answer.is) {
        Some(Validity::Valid) if run.signed.is_none() => {
            Err(Refusal::not_now(Act::CloseRun, format!("the verdict of {} is not signed", run.id)))
        }
        Some(Validity::Open) => Err(Refusal::not_now(
            Act::CloseRun,
            format!("the validity of {} is open; give the abort reason or rule on it", run.id),
        )),
        _ => Ok(()),
    }
}

fn checked(
    desk: &Desk,
    run: &RunFacts,
    open: &[OpenFix],
    draft: &CloseDraft,
) -> Result<(Vec<Answered>, decisions::drafts::Draft), Refusal> {
    let mut checking = Checking::default();
    let mut answers = Vec::new();
    for (index, row) in draft.answers.iter().enumerate() {
        let at = format!("answers.{index}.");
        let Some(answered) = row.check(&mut checking, &at) else {
            continue;
        };
        match open.iter().find(|open| open.fix.id == answered.fix && open.finding.id == answered.finding) {
            None => checking.say(format!("{at}fix"), format!("is no fix that {} has to answer for", run.id)),
            Some(open) => fits(open, &answered, &at, &mut checking),
        }
        answers.push(answered);
    }
    for missing in open.iter().filter(|open| {
        !draft
            .answers
            .iter()
            .any(|row| row.fix.trim() == open.fix.id.to_string() && row.finding.trim() == open.finding.id.to_string())
    }) {
        checking.say("answers", format!("lacks {} for {}", missing.fix.id, missing.finding.id));
    }
    let decision = decisions::drafts::Draft {
        kind: draft.decision.clone(),
        title: draft.decision_title.clone(),
        reason: draft.decision_reason.clone(),
        until: draft.decision_until.clone(),
        saving: draft.decision_saving.clone(),
        passive: draft.decision_passive.clone(),
        run: run.id.to_string(),
        claims: vec![run.experiment.to_string()],
        ..decisions::drafts::Draft::default()
    };
    if draft.decision.trim().is_empty() {
        checking.say("decision", "is empty; closing a run takes a decision");
    } else if let Err(refusal) = decisions::acts::claims_of(desk, &decision) {
        for trouble in refusal.troubles() {
            checking.say(field_here(&trouble.field), trouble.says.clone());
        }
    }
    checking.end(Some((answers, decision)))
}

/// What a run can be said to have meant for a fix.
fn fits(open: &OpenFix, answered: &Answered, at: &str, checking: &mut Checking) {
    let field = format!("{at}exercised");
    match answered.exercised {
        Exercised::Held | Exercised::Failed if !open.can_exercise => {
            let condition = open.finding.body.condition.words();
            checking.say(
                field,
                format!("cannot be: the fault took effect on nothing that {} asks for ({condition})", open.finding.id),
            );
        }
        Exercised::Held if open.check == Outcome::Failed => {
            checking.say(field, format!("cannot be \"held\": the check of {} failed in this run", open.finding.id));
        }
        Exercised::Not if open.can_exercise && answered.reason.is_none() => {
            checking.say(format!("{at}reason"), "is empty; the run could have exercised it, so say why it did not");
        }
        Exercised::Held | Exercised::Failed | Exercised::Not => {}
    }
}

fn event(answered: Answered) -> RunEvent {
    let Answered { fix, finding, exercised, reason } = answered;
    RunEvent::FixAnswered { fix, finding, exercised, reason }
}

/// Replaces one answer of a closed run: a visible addition by somebody other than the runner.
pub async fn amend_answer(desk: &Desk, id: RunId, draft: &AnswerDraft) -> Result<()> {
    desk.may(Act::AnswerFix)?;
    let answered = draft.checked()?;
    if answered.reason.is_none() {
        return Err(Refusal::unfit("reason", "is empty; say why the answer changes").into());
    }
    let mut tx = desk.begin_write().await?;
    let mut held = Held::load_for(desk, &mut tx, id, Step::Amend).await?;
    second_person(desk, &mut tx, &held.facts, Act::AnswerFix).await?;
    let open = open(&mut tx, &held.facts).await?;
    let mut checking = Checking::default();
    match open.iter().find(|open| open.fix.id == answered.fix && open.finding.id == answered.finding) {
        None => checking.say("fix", format!("is no fix that {id} has to answer for")),
        Some(open) => fits(open, &answered, "", &mut checking),
    }
    let answered = checking.end(Some(answered))?;
    held.note(desk, &mut tx, desk.now(), event(answered)).await?;
    held.keep(desk, &mut tx).await?;
    desk.commit(tx, id).await
}
