//! Taking other tools' experiments: each becomes a draft of an experiment here, and its document is kept.

use serde::Serialize;

use super::{
    acts::{DECIDE_LATER, NEW_EXPERIMENT, TakeDraft, too_large},
    chaostoolkit::experiment::{NotRead, ReadExperiment},
    reading, sql,
};
use crate::{
    actor::Act,
    db::{Tx, counters},
    desk::Desk,
    events::{self, about},
    experiments::{self, Draft, draft::CheckRow},
    fault::Result,
    id::ExperimentId,
    refusal::Refusal,
    services,
    text::Slug,
    time::Moment,
};

/// A kept experiment document, and the experiment it became.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct PlanImport {
    pub id: i64,
    /// The tool's name as the API spells it: `chaostoolkit`.
    pub tool: String,
    pub experiment: ExperimentId,
    pub title: String,
    /// JSON pointers of what was taken out as a secret.
    pub taken_out: Vec<String>,
    pub received_at: Moment,
}

/// What a document becomes, or would become.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct PlanTaken {
    /// None after a dry run of a document that is new here.
    pub import: Option<i64>,
    pub experiment: Option<ExperimentId>,
    /// The same document was here before; nothing was added.
    pub again: bool,
    /// Nothing was kept.
    pub dry_run: bool,
    pub title: String,
    /// In order.
    pub steps: Vec<String>,
    /// Each measure with its phases.
    pub checks: Vec<String>,
    /// One line for each rollback.
    pub revert: Vec<String>,
    /// JSON pointers of what was taken out as a secret: the tool needs references there.
    pub taken_out: Vec<String>,
}

/// Takes an experiment of Chaos Toolkit, JSON or YAML. Nothing is stored of one that does not read, and
/// nothing at all in a dry run.
pub async fn take(desk: &Desk, bytes: &[u8], draft: &TakeDraft, is_dry: bool) -> Result<PlanTaken> {
    desk.may(Act::Import)?;
    desk.may(Act::WriteExperiment)?;
    let read = reading::experiment(bytes).await?.map_err(refused)?;
    take_read(desk, *read, draft, is_dry).await
}

pub(super) async fn take_read(desk: &Desk, read: ReadExperiment, draft: &TakeDraft, is_dry: bool) -> Result<PlanTaken> {
    desk.may(Act::WriteExperiment)?;
    let mut taken = told(&read, is_dry);
    if is_dry {
        let mut tx = desk.begin_read().await?;
        found(&mut tx, &read, &mut taken).await?;
        return Ok(taken);
    }
    let mut tx = desk.begin_write().await?;
    if found(&mut tx, &read, &mut taken).await? {
        return Ok(taken);
    }
    let wanted = completed(&mut tx, &read, draft).await?;
    let made = experiments::acts::create_in(desk, &mut tx, &wanted).await?;
    let id = counters::next(&mut tx, about::PLAN_IMPORT).await?;
    let import = PlanImport {
        id,
        tool: "chaostoolkit".to_owned(),
        experiment: made.id,
        title: made.title.to_string(),
        taken_out: read.redacted,
        received_at: desk.now(),
    };
    let person = desk.person_id().map(|person| person.0);
    if !sql::insert_plan(&mut tx, &import, &read.key, &read.document, person).await? {
        // Somebody sent the same one at the same moment, and was a little earlier.
        return Err(Refusal::Busy { wait_s: 1 }.into());
    }
    events::note(desk, &mut tx, (about::PLAN_IMPORT, &id.to_string()), "taken", desk.now(), &import.taken_out).await?;
    desk.commit(tx, made.id).await?;
    (taken.import, taken.experiment) = (Some(id), Some(made.id));
    Ok(taken)
}

/// Whether the document is here already: taken before, or exported from a revision as it still is.
async fn found(tx: &mut Tx, read: &ReadExperiment, taken: &mut PlanTaken) -> Result<bool> {
    if let Some(import) = sql::plan_by_key(tx, &read.key).await? {
        (taken.import, taken.experiment, taken.again) = (Some(import.id), Some(import.experiment), true);
    } else if let Some(ids) = read.retrial.as_ref().filter(|ids| ids.fingerprint.is_some())
        && let Some(experiment) = super::home::experiment(tx, ids).await?
        && super::home::is_export(tx, experiment, ids, &read.parts).await?
    {
        (taken.experiment, taken.again) = (Some(experiment), true);
    }
    Ok(taken.again)
}

/// The draft with what whoever imports it says; without that, services that are called like its tags.
async fn completed(tx: &mut Tx, read: &ReadExperiment, draft: &TakeDraft) -> Result<Draft> {
    match draft.experiment.trim() {
        "" | NEW_EXPERIMENT => {}
        DECIDE_LATER => {
            let says = "cannot wait for an experiment: it is one itself; leave this empty";
            return Err(Refusal::unfit("experiment", says).into());
        }
        _ => {
            let says = "takes no experiment's document; leave this empty, or paste the document into the plan's form";
            return Err(Refusal::unfit("experiment", says).into());
        }
    }
    let mut services: Vec<String> = draft.services.iter().filter(|text| !text.trim().is_empty()).cloned().collect();
    if services.is_empty() {
        let meant = read.tags.iter().filter_map(|tag| Slug::new(&tag.to_lowercase()).ok()).collect();
        services = services::acts::known(tx, &meant).await?.into_iter().map(String::from).collect();
    }
    Ok(Draft { services, environment: draft.environment.clone(), ..read.draft.clone() })
}

fn told(read: &ReadExperiment, dry_run: bool) -> PlanTaken {
    let draft = &read.draft;
    let mut checks: Vec<(&str, Vec<&str>)> = Vec::new();
    for CheckRow { measure, phase, .. } in &draft.checks {
        match checks.iter_mut().find(|(known, _)| known == measure) {
            Some((_, phases)) => phases.push(phase),
            None => checks.push((measure, vec![phase])),
        }
    }
    PlanTaken {
        import: None,
        experiment: None,
        again: false,
        dry_run,
        title: draft.title.clone(),
        steps: draft.method.iter().map(|step| step.op.clone()).collect(),
        checks: checks.into_iter().map(|(measure, phases)| format!("{measure}: {}", phases.join(", "))).collect(),
        revert: draft.revert_procedure.lines().map(str::to_owned).collect(),
        taken_out: read.redacted.clone(),
    }
}

pub(super) fn refused(trouble: NotRead) -> Refusal {
    match trouble {
        NotRead::Document(trouble) => too_large(trouble),
        NotRead::Form(troubles) => Refusal::Unfit { troubles },
    }
}

pub async fn show(desk: &Desk, id: i64) -> Result<PlanImport> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    sql::load_plan(&mut tx, id).await
}

/// The document as it is kept: JSON, without its secrets.
pub async fn document(desk: &Desk, id: i64) -> Result<String> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    sql::plan_document(&mut tx, id).await
}

/// The newest documents.
pub async fn list(desk: &Desk) -> Result<Vec<PlanImport>> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    sql::newest_plans(&mut tx).await
}
