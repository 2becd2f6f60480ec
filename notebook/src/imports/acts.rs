//! Taking other tools' documents: kept once, entered as a run of an experiment, never signed.

use serde::{Deserialize, Serialize};

pub use super::sql::Filter;
use super::{
    Import, Proposal,
    catalogue::{self, CatalogueTaken},
    enter, home,
    plans::{self, PlanTaken},
    reading::{self, Either, Understood},
    slos::{self, SlosTaken},
    sql,
};
use crate::{
    actor::Act,
    db::{Tx, counters},
    desk::Desk,
    events::{self, about},
    experiments,
    fault::Result,
    id::{ExperimentId, NoId, RunId},
    imports::ReadTrouble,
    limits::{IMPORT_BYTES_MAX, SLO_TEXT_BYTES_MAX},
    refusal::Refusal,
};

/// As a draft's experiment: one is made of what the document says.
pub const NEW_EXPERIMENT: &str = "new";
/// As a draft's experiment: the document waits, whatever it says of itself.
pub const DECIDE_LATER: &str = "later";

/// Where a document's run belongs.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct TakeDraft {
    /// An id, [`NEW_EXPERIMENT`], [`DECIDE_LATER`], or empty to go by what the document says.
    pub experiment: String,
    /// For `new`.
    pub services: Vec<String>,
    /// For `new`.
    pub environment: String,
    /// Names of the targets that were hit, separated by commas; journals do not say.
    pub targets: String,
    /// The run of the experiment that waits for the result, planned or under way, whatever the document says.
    #[cfg_attr(feature = "store", schemars(with = "crate::shapes::Param<RunId>"))]
    pub run: String,
}

impl TakeDraft {
    fn waiting(&self) -> Result<Option<RunId>, Refusal> {
        let text = Some(self.run.trim()).filter(|text| !text.is_empty());
        text.map(|text| text.parse().map_err(|no: NoId| Refusal::unfit("run", no.to_string()))).transpose()
    }
}

/// What became of a document.
pub struct Taken {
    pub import: Import,
    /// The same document was here before; at most its run was added now.
    pub again: bool,
    /// Its run was made now.
    pub entered: bool,
}

/// Takes a Chaos Toolkit journal. Nothing is stored of one that does not read.
pub async fn take_journal(desk: &Desk, bytes: &[u8], draft: &TakeDraft) -> Result<Taken> {
    desk.may(Act::Import)?;
    let understood = reading::journal(bytes).await?.map_err(too_large)?;
    take_understood(desk, &understood, draft).await
}

/// What a document of any kind became.
pub enum TakenAny {
    Run(Box<Taken>),
    Experiment(Box<PlanTaken>),
    Slos(SlosTaken),
    Catalogue(CatalogueTaken),
}

/// Takes a journal, an experiment or SLOs, in JSON or YAML, or a catalogue file, whichever it is.
pub async fn take_any(desk: &Desk, bytes: &[u8], draft: &TakeDraft) -> Result<TakenAny> {
    desk.may(Act::Import)?;
    match reading::either(bytes).await?.map_err(plans::refused)? {
        Either::Journal(understood) => Ok(TakenAny::Run(Box::new(take_understood(desk, &understood, draft).await?))),
        Either::Experiment(read) => {
            Ok(TakenAny::Experiment(Box::new(plans::take_read(desk, *read, draft, false).await?)))
        }
        Either::Slos(read) => Ok(TakenAny::Slos(slos::take_read(desk, read, draft, false).await?)),
        Either::Catalogue(entries) => Ok(TakenAny::Catalogue(catalogue::take_read(desk, entries, false).await?)),
    }
}

/// What a document of any kind would become.
#[derive(Debug, Clone)]
pub enum Foreseen {
    /// Its proposal, the experiment it belongs to, and the run it is already.
    Run {
        proposal: Box<Proposal>,
        experiment: Option<ExperimentId>,
        run: Option<RunId>,
    },
    Experiment(Box<PlanTaken>),
    Slos(SlosTaken),
    Catalogue(CatalogueTaken),
}

/// Reads a document and keeps nothing.
pub async fn foresee(desk: &Desk, bytes: &[u8], draft: &TakeDraft) -> Result<Foreseen> {
    desk.may(Act::Import)?;
    let understood = match reading::either(bytes).await?.map_err(plans::refused)? {
        Either::Journal(understood) => understood,
        Either::Experiment(read) => {
            return Ok(Foreseen::Experiment(Box::new(plans::take_read(desk, *read, draft, true).await?)));
        }
        Either::Slos(read) => return Ok(Foreseen::Slos(slos::take_read(desk, read, draft, true).await?)),
        Either::Catalogue(entries) => {
            return Ok(Foreseen::Catalogue(catalogue::take_read(desk, entries, true).await?));
        }
    };
    let mut tx = desk.begin_read().await?;
    let kept = sql::by_key(&mut tx, &understood.proposal.key).await?;
    let experiment = match draft.experiment.trim() {
        "" => named(&mut tx, &understood.proposal).await?,
        text => text.parse().ok(),
    };
    let run = kept.and_then(|import| import.run);
    Ok(Foreseen::Run { proposal: Box::new(understood.proposal), experiment, run })
}

/// Keeps a journal that was read, and enters its run where it belongs.
pub(super) async fn take_understood(desk: &Desk, understood: &Understood, draft: &TakeDraft) -> Result<Taken> {
    let mut tx = desk.begin_write().await?;
    if let Some(import) = sql::by_key(&mut tx, &understood.proposal.key).await? {
        return again(desk, tx, import, draft).await;
    }
    if let Some(mut import) = keep(desk, &mut tx, understood).await? {
        if let Some(experiment) = meant(desk, &mut tx, &import, draft).await? {
            attach_in(desk, &mut tx, &mut import, experiment, draft).await?;
        }
        desk.commit(tx, thing(&import)).await?;
        return Ok(Taken { again: false, entered: import.run.is_some(), import });
    }
    // Somebody sent the same one at the same moment, and was a little earlier.
    drop(tx);
    let mut tx = desk.begin_write().await?;
    let earlier = sql::by_key(&mut tx, &understood.proposal.key).await?;
    again(desk, tx, earlier.ok_or(Refusal::Busy { wait_s: 1 })?, draft).await
}

/// None if the same document is kept already.
async fn keep(desk: &Desk, tx: &mut Tx, understood: &Understood) -> Result<Option<Import>> {
    let id = counters::next(tx, about::IMPORT).await?;
    let person = desk.person_id().map(|person| person.0);
    let proposal = &understood.proposal;
    if !sql::insert(tx, id, proposal, &understood.document, person, desk.now()).await? {
        return Ok(None);
    }
    events::note(desk, tx, (about::IMPORT, &id.to_string()), "taken", desk.now(), &understood.redacted).await?;
    Ok(Some(Import { id, run: None, experiment: None, proposal: proposal.clone(), received_at: desk.now() }))
}

/// The same document a second time: one run, unless it still waits for its experiment.
async fn again(desk: &Desk, mut tx: Tx, mut import: Import, draft: &TakeDraft) -> Result<Taken> {
    let mut entered = false;
    let named = import.run.is_none() && !draft.experiment.trim().is_empty();
    if named && let Some(experiment) = meant(desk, &mut tx, &import, draft).await? {
        attach_in(desk, &mut tx, &mut import, experiment, draft).await?;
        desk.commit(tx, thing(&import)).await?;
        entered = true;
    }
    Ok(Taken { import, again: true, entered })
}

/// Gives a kept document its experiment.
pub async fn attach(desk: &Desk, id: i64, draft: &TakeDraft) -> Result<Import> {
    desk.may(Act::Import)?;
    let mut tx = desk.begin_write().await?;
    let mut import = sql::load(&mut tx, id).await?;
    if let Some(run) = import.run {
        return Err(Refusal::not_now(Act::Import, format!("the document is {run} already")).into());
    }
    let Some(experiment) = meant(desk, &mut tx, &import, draft).await? else {
        return Err(Refusal::unfit("experiment", "is empty; choose one, or a new one").into());
    };
    attach_in(desk, &mut tx, &mut import, experiment, draft).await?;
    desk.commit(tx, thing(&import)).await?;
    Ok(import)
}

/// Where a repeat of the same form is led to.
fn thing(import: &Import) -> String {
    format!("import/{}", import.id)
}

/// The experiment a draft or the document itself names; a new one is written where asked for.
async fn meant(desk: &Desk, tx: &mut Tx, import: &Import, draft: &TakeDraft) -> Result<Option<ExperimentId>> {
    let text = draft.experiment.trim();
    if text == DECIDE_LATER {
        return Ok(None);
    }
    if text == NEW_EXPERIMENT {
        let made = experiments::acts::create_in(desk, tx, &enter::new_experiment(&import.proposal, draft)).await?;
        return Ok(Some(made.id));
    }
    if !text.is_empty() {
        let id: ExperimentId = text.parse().map_err(|no: NoId| Refusal::unfit("experiment", no.to_string()))?;
        experiments::acts::in_tx(tx, id).await?;
        return Ok(Some(id));
    }
    named(tx, &import.proposal).await
}

/// The experiment the document itself names.
async fn named(tx: &mut Tx, proposal: &Proposal) -> Result<Option<ExperimentId>> {
    match &proposal.retrial {
        Some(ids) => home::experiment(tx, ids).await,
        None => Ok(None),
    }
}

async fn attach_in(
    desk: &Desk,
    tx: &mut Tx,
    import: &mut Import,
    experiment: ExperimentId,
    draft: &TakeDraft,
) -> Result<()> {
    let run = enter::run(desk, tx, import, experiment, draft.waiting()?, &draft.targets).await?;
    if !sql::attach(tx, import.id, run, experiment).await? {
        return Err(Refusal::Busy { wait_s: 1 }.into());
    }
    events::note(desk, tx, (about::IMPORT, &import.id.to_string()), "attached", desk.now(), &run).await?;
    import.run = Some(run);
    import.experiment = Some(experiment);
    Ok(())
}

pub async fn show(desk: &Desk, id: i64) -> Result<Import> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    sql::load(&mut tx, id).await
}

/// The document as it is kept: JSON, without its secrets.
pub async fn document(desk: &Desk, id: i64) -> Result<String> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    sql::document(&mut tx, id).await
}

/// One page of documents, newest first, and whether there are older ones.
pub async fn list(desk: &Desk, filter: &Filter) -> Result<(Vec<Import>, bool)> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    Ok(filter.rows.page(sql::page(&mut tx, filter).await?))
}

/// A document over a limit is too much; everything else that does not read is said with its place.
pub(super) fn too_large(trouble: ReadTrouble) -> Refusal {
    match trouble {
        ReadTrouble::TooLarge { limit_bytes } => {
            let limit = match limit_bytes {
                IMPORT_BYTES_MAX => format!("the limit of {} MiB", IMPORT_BYTES_MAX / 1024 / 1024),
                SLO_TEXT_BYTES_MAX => format!("the limit of {} MiB for SLOs", SLO_TEXT_BYTES_MAX / 1024 / 1024),
                _ => format!("the limit of {limit_bytes} characters for experiments"),
            };
            Refusal::TooMuch { what: "The document".into(), limit }
        }
        other => Refusal::unfit(other.field().unwrap_or("document"), other.to_string()),
    }
}
