//! What can be done and asked about experiments and the revisions of their plans.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{
    Draft, Experiment, Revision, RevisionState, Stage,
    identity::{Compared, relation},
    plan::Plan,
    review::{self, Move},
    sql,
    trail::{self, Asked, Moved, Reviewed, Written, act},
    words::{self, FieldChange},
};
use crate::{
    actor::{Act, PersonId},
    belongs::Belongs,
    db::Tx,
    desk::Desk,
    events::{self, Entry, about},
    fault::{Error, Result},
    id::{DecisionId, ExperimentId},
    paging::Rows,
    people,
    refusal::{Checking, Refusal},
    services,
    text::{Note, Slug, Title},
    time::Moment,
    version::began_from,
};

/// Writes a new experiment with its first draft revision.
pub async fn create(desk: &Desk, draft: &Draft) -> Result<Experiment> {
    desk.may(Act::WriteExperiment)?;
    let mut tx = desk.begin_write().await?;
    let experiment = create_in(desk, &mut tx, draft).await?;
    desk.commit(tx, experiment.id).await?;
    Ok(experiment)
}

/// The same inside another act's transaction.
pub(crate) async fn create_in(desk: &Desk, tx: &mut Tx, draft: &Draft) -> Result<Experiment> {
    let plan = checked(desk, tx, draft).await?;
    let belongs = rests_on(&plan).to_sample("services")?;
    let id = ExperimentId::of(desk.number(tx, about::EXPERIMENT, belongs).await?);
    let experiment = Experiment {
        id,
        title: plan.context.title.clone(),
        services: plan.identity.services.clone(),
        stage: Stage::Draft,
        owner: desk.person_id(),
        owner_name: desk.person().map(|person| person.name.clone()).unwrap_or_default(),
        revision: 1,
        approved: None,
        created_at: desk.now(),
        updated_at: desk.now(),
        version: 1,
    };
    sql::insert(tx, &experiment).await?;
    let revision = drafted(desk, id, 1, plan, draft);
    sql::insert_revision(tx, &revision).await?;
    note(desk, tx, id, act::CREATED, &written(&revision)).await?;
    Ok(experiment)
}

/// Changes the plan. A draft revision is overwritten; one whose review was once requested stays
/// as it is, and a further draft revision is opened.
pub async fn revise(desk: &Desk, id: ExperimentId, draft: &Draft) -> Result<Experiment> {
    desk.may(Act::WriteExperiment)?;
    let mut tx = desk.begin_write().await?;
    let mut experiment = in_tx(&mut tx, id).await?;
    let before = revision_of(&mut tx, id, experiment.revision).await?;
    let after = review::step(&experiment, before.state, Move::Revise)?;
    began_from(&draft.version, experiment.version, NOUN, id)?;
    let plan = checked(desk, &mut tx, draft).await?;
    rests_on(&plan).id(id).stays("services")?;
    if experiment.approved.is_none() {
        experiment.title = plan.context.title.clone();
        experiment.services = plan.identity.services.clone();
    }
    experiment.stage = after.stage;
    experiment.revision += i64::from(after.opens_revision);
    let revision = drafted(desk, id, experiment.revision, plan, draft);
    save(desk, &mut tx, &mut experiment).await?;
    if after.opens_revision {
        if after.newest != before.state {
            sql::set_state(&mut tx, id, before.number, after.newest).await?;
        }
        sql::insert_revision(&mut tx, &revision).await?;
    } else if !sql::overwrite_draft(&mut tx, &revision).await? {
        return Err(overtaken(&mut tx, id).await);
    }
    note(desk, &mut tx, id, act::REVISED, &written(&revision)).await?;
    desk.commit(tx, id).await?;
    Ok(experiment)
}

/// Asks somebody else to look at the newest draft revision. From now on it never changes.
pub async fn request_review(desk: &Desk, id: ExperimentId) -> Result<Experiment> {
    desk.may(Act::WriteExperiment)?;
    let mut tx = desk.begin_write().await?;
    let mut experiment = in_tx(&mut tx, id).await?;
    let newest = revision_of(&mut tx, id, experiment.revision).await?;
    let after = review::step(&experiment, newest.state, Move::RequestReview)?;
    experiment.stage = after.stage;
    save(desk, &mut tx, &mut experiment).await?;
    sql::set_state(&mut tx, id, newest.number, after.newest).await?;
    note(desk, &mut tx, id, act::REVIEW_REQUESTED, &Asked { revision: newest.number }).await?;
    desk.commit(tx, id).await?;
    Ok(experiment)
}

/// Approves a revision: from now on it is the one that runs. `text` may be empty.
pub async fn approve(desk: &Desk, id: ExperimentId, number: i64, text: &str) -> Result<Experiment> {
    answer(desk, id, number, text, Move::Approve).await
}

/// Asks for changes to a revision, and says which.
pub async fn ask_changes(desk: &Desk, id: ExperimentId, number: i64, text: &str) -> Result<Experiment> {
    answer(desk, id, number, text, Move::AskChanges).await
}

async fn answer(desk: &Desk, id: ExperimentId, number: i64, text: &str, step: Move) -> Result<Experiment> {
    desk.may(Act::ReviewPlan)?;
    let mut tx = desk.begin_write().await?;
    let mut experiment = in_tx(&mut tx, id).await?;
    let revision = revision_of(&mut tx, id, number).await?;
    if number != experiment.revision {
        let state = format!(
            "{} was overtaken by {}",
            experiment.revision_name(number),
            experiment.revision_name(experiment.revision)
        );
        return Err(Refusal::NotNow { act: step.label().into(), state }.into());
    }
    let after = review::step(&experiment, revision.state, step)?;
    let no_second_person = second_person(desk, &mut tx, &experiment, step).await?;
    let approves = step == Move::Approve;
    let text = if approves { maybe_note("text", text)? } else { Some(note_of("text", text)?) };
    let replaced = experiment.approved.filter(|_| approves);
    experiment.stage = after.stage;
    if approves {
        experiment.title = revision.plan.context.title.clone();
        experiment.services = revision.plan.identity.services.clone();
        experiment.approved = Some(number);
    }
    save(desk, &mut tx, &mut experiment).await?;
    sql::set_state(&mut tx, id, number, after.newest).await?;
    if let Some(replaced) = replaced {
        sql::set_state(&mut tx, id, replaced, RevisionState::Replaced).await?;
    }
    let word = if approves { act::APPROVED } else { act::CHANGES_ASKED };
    note(desk, &mut tx, id, word, &Reviewed { revision: number, text, no_second_person }).await?;
    desk.commit(tx, id).await?;
    Ok(experiment)
}

/// Whoever wrote a revision does not review it, unless the notebook belongs to one person; then
/// true says that nobody else looked.
async fn second_person(desk: &Desk, tx: &mut Tx, experiment: &Experiment, step: Move) -> Result<bool> {
    let history = events::of_object(tx, about::EXPERIMENT, &experiment.id.to_string()).await?;
    if !trail::wrote(&history, experiment.revision, desk.person_id())? {
        return Ok(false);
    }
    if people::acts::is_solo(tx).await? {
        return Ok(true);
    }
    let state =
        format!("you wrote {}, and a plan is reviewed by somebody else", experiment.revision_name(experiment.revision));
    Err(Refusal::NotNow { act: step.label().into(), state }.into())
}

/// Gives up a draft that was never approved. A ready experiment is retired by a decision.
pub async fn retire(desk: &Desk, id: ExperimentId, reason: &str) -> Result<Experiment> {
    desk.may(Act::RetireExperiment)?;
    let mut tx = desk.begin_write().await?;
    let reason = note_of("reason", reason)?;
    let experiment =
        moved(desk, &mut tx, id, Move::Retire, Moved { reason: Some(reason), decision: None, passive: None }).await?;
    desk.commit(tx, id).await?;
    Ok(experiment)
}

/// Holds an experiment that another act's transaction will move: whoever moves it by itself holds it before the trail,
/// so that act has to do the same before it writes its first line.
pub(crate) async fn hold(tx: &mut Tx, id: ExperimentId) -> Result<()> {
    sql::lock(tx, id).await
}

/// Takes a ready experiment out of use inside the transaction of the decision that says so, with what
/// production exercises instead.
pub async fn retire_by(
    desk: &Desk,
    tx: &mut Tx,
    id: ExperimentId,
    decision: DecisionId,
    passive: Option<Title>,
) -> Result<Experiment> {
    desk.may(Act::RetireExperiment)?;
    moved(desk, tx, id, Move::RetireBy, Moved { reason: None, decision: Some(decision), passive }).await
}

/// Brings a retired experiment back to where it was: ready, or the draft that was given up.
/// `reason` may be empty.
pub async fn reopen(desk: &Desk, id: ExperimentId, reason: &str) -> Result<Experiment> {
    desk.may(Act::RetireExperiment)?;
    let mut tx = desk.begin_write().await?;
    let reason = maybe_note("reason", reason)?;
    let experiment = reopen_in(desk, &mut tx, id, reason).await?;
    desk.commit(tx, id).await?;
    Ok(experiment)
}

/// The same inside another act's transaction.
pub(crate) async fn reopen_in(desk: &Desk, tx: &mut Tx, id: ExperimentId, reason: Option<Note>) -> Result<Experiment> {
    moved(desk, tx, id, Move::Reopen, Moved { reason, decision: None, passive: None }).await
}

async fn moved(desk: &Desk, tx: &mut Tx, id: ExperimentId, step: Move, body: Moved) -> Result<Experiment> {
    let mut experiment = in_tx(tx, id).await?;
    let newest = revision_of(tx, id, experiment.revision).await?;
    experiment.stage = review::step(&experiment, newest.state, step)?.stage;
    save(desk, tx, &mut experiment).await?;
    let word = if step == Move::Reopen { act::REOPENED } else { act::RETIRED };
    note(desk, tx, id, word, &body).await?;
    Ok(experiment)
}

/// An experiment with its plan and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    pub experiment: Experiment,
    pub newest: Revision,
    /// The revision that runs; the newest one itself where that is approved.
    pub approved: Option<Revision>,
    /// Oldest first.
    pub revisions: Vec<RevisionSummary>,
    /// What this person can do with the newest revision now.
    pub moves: Vec<Move>,
    /// Oldest first.
    pub history: Vec<Entry>,
}

/// A revision without its plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct RevisionSummary {
    pub number: i64,
    pub state: RevisionState,
    pub author: Option<PersonId>,
    pub author_name: String,
    pub reason: Option<Note>,
    pub fingerprint: String,
    pub created_at: Moment,
}

/// One experiment.
pub async fn show(desk: &Desk, id: ExperimentId) -> Result<Shown> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    let experiment = in_tx(&mut tx, id).await?;
    let mut newest = revision_of(&mut tx, id, experiment.revision).await?;
    let history = events::of_object(&mut tx, about::EXPERIMENT, &id.to_string()).await?;
    newest.reviews = trail::reviews(&history, newest.number)?;
    let mut approved = None;
    if let Some(number) = experiment.approved {
        let mut revision = revision_of(&mut tx, id, number).await?;
        revision.reviews = trail::reviews(&history, number)?;
        approved = Some(revision);
    }
    let revisions = sql::revisions(&mut tx, id).await?.into_iter().map(summary).collect();
    let may_review = people::acts::is_solo(&mut tx).await? || !trail::wrote(&history, newest.number, desk.person_id())?;
    let moves = possible(desk, &experiment, newest.state, may_review);
    Ok(Shown { experiment, newest, approved, revisions, moves, history })
}

fn possible(desk: &Desk, experiment: &Experiment, newest: RevisionState, may_review: bool) -> Vec<Move> {
    let allowed = |step: Move| match step {
        Move::Revise | Move::RequestReview => desk.shows(Act::WriteExperiment),
        Move::Approve | Move::AskChanges => desk.shows(Act::ReviewPlan) && may_review,
        Move::Retire | Move::RetireBy | Move::Reopen => desk.shows(Act::RetireExperiment),
    };
    Move::ALL.iter().copied().filter(|step| allowed(*step) && review::step(experiment, newest, *step).is_ok()).collect()
}

fn summary(revision: Revision) -> RevisionSummary {
    RevisionSummary {
        number: revision.number,
        state: revision.state,
        author: revision.author,
        author_name: revision.author_name,
        reason: revision.reason,
        fingerprint: revision.fingerprint,
        created_at: revision.created_at,
    }
}

/// One revision with its plan and reviews.
pub async fn show_revision(desk: &Desk, id: ExperimentId, number: i64) -> Result<Revision> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    with_reviews(&mut tx, id, number).await
}

/// Which experiments to list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// Only numbers below this one: the last of the page before.
    pub before: Option<ExperimentId>,
    pub stage: Option<Stage>,
    /// Where the newest revision stands: `InReview` finds every review somebody waits for.
    pub newest: Option<RevisionState>,
    pub service: Option<Slug>,
    pub rows: Rows,
}

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "ExperimentLine"))]
pub struct Row {
    pub experiment: Experiment,
    pub newest: RevisionState,
    pub environment: Option<Slug>,
    /// The fault's kind.
    pub fault: Option<Slug>,
}

/// One page of experiments, newest first, and whether there are older ones.
pub async fn list(desk: &Desk, filter: &Filter) -> Result<(Vec<Row>, bool)> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    let row = |listed: sql::Listed| Row {
        experiment: listed.experiment,
        newest: listed.newest,
        environment: listed.plan.identity.environment,
        fault: listed.plan.identity.fault.map(|fault| fault.kind),
    };
    let (listed, more) = sql::list(&mut tx, filter).await?;
    Ok((listed.into_iter().map(row).collect(), more))
}

/// The experiments with these ids, in this order, as the list shows them.
pub async fn rows_of(desk: &Desk, ids: &[ExperimentId]) -> Result<Vec<Row>> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    let mut rows = Vec::with_capacity(ids.len());
    for id in ids {
        let experiment = in_tx(&mut tx, *id).await?;
        let newest = revision_of(&mut tx, *id, experiment.revision).await?;
        let identity = match experiment.approved {
            Some(number) if number != experiment.revision => plan_of(&mut tx, *id, number).await?.identity,
            Some(_) | None => newest.plan.identity,
        };
        let (environment, fault) = (identity.environment, identity.fault.map(|fault| fault.kind));
        rows.push(Row { experiment, newest: newest.state, environment, fault });
    }
    Ok(rows)
}

/// Two revisions side by side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
pub struct Comparison {
    /// The lower number.
    pub from: Revision,
    pub to: Revision,
    /// What the later plan is to the earlier one.
    pub compared: Compared,
    pub identity_fields: Vec<FieldChange>,
    pub context_fields: Vec<FieldChange>,
}

/// What changed between two revisions, whichever is named first.
pub async fn compare(desk: &Desk, id: ExperimentId, a: i64, b: i64) -> Result<Comparison> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    let from = with_reviews(&mut tx, id, a.min(b)).await?;
    let to = with_reviews(&mut tx, id, a.max(b)).await?;
    let (before, after) = (words::words(&from.plan), words::words(&to.plan));
    Ok(Comparison {
        compared: relation(&to.plan.identity, &from.plan.identity),
        identity_fields: words::changes(&before.identity, &after.identity),
        context_fields: words::changes(&before.context, &after.context),
        from,
        to,
    })
}

/// The experiment with this id.
pub(crate) async fn in_tx(tx: &mut Tx, id: ExperimentId) -> Result<Experiment> {
    Ok(sql::find(tx, id).await?.ok_or_else(|| Refusal::missing("experiment", id))?)
}

/// These experiments, each with its approved plan, or its newest one before any is approved; by one statement.
pub(crate) async fn with_plans(tx: &mut Tx, ids: &BTreeSet<ExperimentId>) -> Result<Vec<(Experiment, Plan)>> {
    Ok(sql::some(tx, ids).await?.into_iter().map(|listed| (listed.experiment, listed.plan)).collect())
}

/// The plan of one revision.
pub(crate) async fn plan_of(tx: &mut Tx, id: ExperimentId, number: i64) -> Result<Plan> {
    Ok(revision_of(tx, id, number).await?.plan)
}

async fn revision_of(tx: &mut Tx, id: ExperimentId, number: i64) -> Result<Revision> {
    Ok(sql::find_revision(tx, id, number)
        .await?
        .ok_or_else(|| Refusal::missing("revision", format!("{id}@{number}")))?)
}

async fn with_reviews(tx: &mut Tx, id: ExperimentId, number: i64) -> Result<Revision> {
    in_tx(tx, id).await?;
    let mut revision = revision_of(tx, id, number).await?;
    let history = events::of_object(tx, about::EXPERIMENT, &id.to_string()).await?;
    revision.reviews = trail::reviews(&history, number)?;
    Ok(revision)
}

/// The draft's plan, once the notebook knows its services and environment; all troubles at once.
async fn checked(desk: &Desk, tx: &mut Tx, draft: &Draft) -> Result<Plan> {
    let plan = draft.check()?;
    let mut checking = Checking::default();
    services::acts::known_services(tx, &mut checking, "services", &plan.identity.services).await?;
    if plan.identity.environment.is_some() {
        services::acts::ensure_environment(desk, tx, &mut checking, "environment", &draft.environment).await?;
    }
    Ok(checking.end(Some(plan))?)
}

/// The services and the environment a plan names.
fn rests_on(plan: &Plan) -> Belongs {
    Belongs::default().slugs(&plan.identity.services).slugs(&plan.identity.environment)
}

fn drafted(desk: &Desk, id: ExperimentId, number: i64, plan: Plan, draft: &Draft) -> Revision {
    Revision {
        experiment: id,
        number,
        state: RevisionState::Draft,
        author: desk.person_id(),
        author_name: desk.person().map(|person| person.name.clone()).unwrap_or_default(),
        // The draft was checked; an empty reason is none.
        reason: Note::new(&draft.reason).ok(),
        fingerprint: plan.identity.fingerprint(),
        plan,
        created_at: desk.now(),
        reviews: Vec::new(),
    }
}

fn written(revision: &Revision) -> Written {
    Written { revision: revision.number, fingerprint: revision.fingerprint.clone(), reason: revision.reason.clone() }
}

/// Saves over the version it was read with, which it then counts up.
async fn save(desk: &Desk, tx: &mut Tx, experiment: &mut Experiment) -> Result<()> {
    experiment.updated_at = desk.now();
    if !sql::save(tx, experiment).await? {
        return Err(overtaken(tx, experiment.id).await);
    }
    experiment.version += 1;
    Ok(())
}

async fn note(desk: &Desk, tx: &mut Tx, id: ExperimentId, word: &str, body: &(impl Serialize + Sync)) -> Result<()> {
    events::note(desk, tx, (about::EXPERIMENT, &id.to_string()), word, desk.now(), body).await?;
    Ok(())
}

const NOUN: &str = "Experiment";

/// Somebody saved between reading and writing.
async fn overtaken(tx: &mut Tx, id: ExperimentId) -> Error {
    match in_tx(tx, id).await {
        Ok(present) => Refusal::stale(NOUN, id, present.version).into(),
        Err(error) => error,
    }
}

fn note_of(field: &str, text: &str) -> Result<Note, Refusal> {
    Note::new(text).map_err(|trouble| Refusal::unfit(field, trouble.to_string()))
}

fn maybe_note(field: &str, text: &str) -> Result<Option<Note>, Refusal> {
    if text.trim().is_empty() { Ok(None) } else { note_of(field, text).map(Some) }
}
