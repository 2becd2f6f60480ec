//! Taking SLOs of other tools: what is new is written, what differs is a new revision, what is the same
//! is passed over. Each becomes a draft that somebody approves.

mod chosen;
mod taking;

use serde::{Deserialize, Serialize};

use self::taking::Taking;

use super::{
    acts::{DECIDE_LATER, NEW_EXPERIMENT, TakeDraft, too_large},
    openslo::{Is, Item, ReadSlos, SloFormat},
    reading,
};
use crate::{
    actor::Act,
    desk::Desk,
    experiments::plan::vocabulary,
    fault::Result,
    id::SloId,
    refusal::{FieldTrouble, Refusal},
};

vocabulary! {
    /// What is done with one thing of a text.
    SloAction {
        Create = "create", "Create";
        Update = "update", "Update";
        Skip = "skip", "Skip";
        Refuse = "refuse", "Refuse";
    }
}

/// One thing of a text, and what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[schemars(rename = "SloImportLine")]
pub struct Line {
    /// The document in the text, counted from one.
    pub document: usize,
    /// The line on which that begins.
    pub line: usize,
    /// `SLO`, `Service`, or what the document calls itself.
    pub kind: String,
    pub name: String,
    pub action: SloAction,
    pub because: String,
    /// The SLO it became, or is already; none after a dry run that would make it.
    pub slo: Option<SloId>,
    /// What of it is not kept, or is proposed, each with its path.
    pub notes: Vec<String>,
}

/// What a text becomes, or would become.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct SlosTaken {
    pub format: SloFormat,
    /// Nothing was kept.
    pub dry_run: bool,
    pub create: usize,
    pub update: usize,
    pub skip: usize,
    pub refuse: usize,
    /// In the order of the text.
    pub lines: Vec<Line>,
}

impl SlosTaken {
    fn of(format: SloFormat, dry_run: bool, lines: Vec<Line>) -> Self {
        let count = |action| lines.iter().filter(|line| line.action == action).count();
        Self {
            format,
            dry_run,
            create: count(SloAction::Create),
            update: count(SloAction::Update),
            skip: count(SloAction::Skip),
            refuse: count(SloAction::Refuse),
            lines,
        }
    }

    /// "2 created, 1 updated, 3 skipped, 0 refused", or what would be.
    pub fn words(&self) -> String {
        let Self { create, update, skip, refuse, .. } = self;
        let would = if self.dry_run { " would be" } else { "" };
        format!("{create}{would} created, {update} updated, {skip} skipped, {refuse} refused")
    }

    pub fn changes(&self) -> bool {
        self.create + self.update > 0
    }

    /// Something of the text is wrong, and nothing of it comes in or is here already.
    fn fits_nowhere(&self) -> bool {
        self.refuse > 0 && !self.changes() && self.lines.iter().all(|line| line.slo.is_none())
    }
}

/// Takes OpenSLO or Sloth. Nothing is stored of a text that does not read, and nothing at all in a dry run.
pub async fn take(desk: &Desk, bytes: &[u8], draft: &TakeDraft, is_dry: bool) -> Result<SlosTaken> {
    desk.may(Act::Import)?;
    desk.may(Act::WriteSlo)?;
    let read = reading::slos(bytes).await?.map_err(too_large)?;
    take_read(desk, read, draft, is_dry).await
}

pub(super) async fn take_read(desk: &Desk, read: ReadSlos, draft: &TakeDraft, is_dry: bool) -> Result<SlosTaken> {
    desk.may(Act::WriteSlo)?;
    if !["", NEW_EXPERIMENT].contains(&draft.experiment.trim()) {
        let waits = draft.experiment.trim() == DECIDE_LATER;
        let says = if waits {
            "cannot wait: SLOs belong to no experiment; leave this empty"
        } else {
            "takes no SLOs; leave this empty"
        };
        return Err(Refusal::unfit("experiment", says).into());
    }
    let mut tx = if is_dry { desk.begin_read().await? } else { desk.begin_write().await? };
    if !is_dry {
        // Two pipelines would each find that an SLO is not here, and make it twice.
        tx.take_turn("slo imports").await?;
    }
    let items = placed(read.items, draft)?;
    let mut taking = Taking::of(desk, tx, is_dry);
    if !is_dry {
        taking.hold(&items).await?;
    }
    let lines = taking.all(&items).await?;
    let taken = SlosTaken::of(read.format, is_dry, lines);
    if is_dry {
        return Ok(taken);
    }
    if taken.fits_nowhere() {
        return Err(nothing_fits(&taken).into());
    }
    if taken.changes() {
        desk.commit(taking.tx, "slos").await?;
    }
    Ok(taken)
}

/// Every trouble, if nothing of a text can be taken and something of it is wrong.
fn nothing_fits(taken: &SlosTaken) -> Refusal {
    let refused = taken.lines.iter().filter(|line| line.action == SloAction::Refuse);
    let trouble = |line: &Line| {
        let says =
            format!("document {} (line {}), {} {}: {}", line.document, line.line, line.kind, line.name, line.because);
        FieldTrouble::new(format!("/{}", line.document), says)
    };
    Refusal::Unfit { troubles: refused.map(trouble).collect() }
}

/// Gives each SLO the environment that whoever imports it says, where its document names none.
fn placed(mut items: Vec<Item>, draft: &TakeDraft) -> Result<Vec<Item>> {
    for item in &mut items {
        if let Is::Slo(said) = &mut item.is
            && said.draft.environment.trim().is_empty()
        {
            if draft.environment.trim().is_empty() {
                let says = "is empty; OpenSLO and Sloth name none, so say where these SLOs hold";
                return Err(Refusal::unfit("environment", says).into());
            }
            said.draft.environment.clone_from(&draft.environment);
        }
    }
    Ok(items)
}
