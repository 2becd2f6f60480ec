//! What can be done and asked about SLOs and their measurements. What a budget amounts to is
//! computed whenever somebody looks.

pub mod honeycomb;
mod measuring;
mod packing;
mod pulling;
mod reading;
mod sources;
mod texts;

pub(crate) use self::reading::{ever_promised, in_tx, promised, recorded, stands};
pub(crate) use self::texts::{edit_in, write_in};
pub use self::{
    measuring::{Taken, measure, sign_gap, withdraw},
    packing::{pack, unpacked},
    pulling::{Job, claim, due, settle},
    reading::{Budgets, Recorded, Shown, budgets, compliance, list, measurements, rows_of, show},
    sources::{remove_source, show_source, write_source},
    texts::{approve, edit, retire, write},
};
pub use super::sql::slos::Filter;
use super::{Slo, kept::Kept, sql, trail::SloEvent};
use crate::{
    actor::Act,
    db::Tx,
    desk::Desk,
    events::{self, Entry, about},
    fault::Result,
    id::SloId,
    refusal::Refusal,
};

async fn note(desk: &Desk, tx: &mut Tx, id: SloId, event: &SloEvent) -> Result<()> {
    events::note(desk, tx, (about::SLO, &id.to_string()), event.act(), desk.now(), event).await.map(|_| ())
}

fn refuse_retired(kept: &Kept, act: Act) -> Result<(), Refusal> {
    if kept.retired_at.is_some() { Err(Refusal::not_now(act, format!("{} is retired", kept.id))) } else { Ok(()) }
}

/// The row, the newest text and the approved revision by the lines, and how many lines there are.
pub(crate) async fn followed(tx: &mut Tx, id: SloId) -> Result<(Kept, Option<Slo>, Option<i64>, usize)> {
    let kept = sql::slos::load(tx, id).await?;
    let entries = history(tx, id).await?;
    let lines = events::count(tx, (about::SLO, &id.to_string())).await?;
    let (mut text, mut approved) = (None, None);
    for entry in &entries {
        match entry.read()? {
            SloEvent::Written { text: said, .. } | SloEvent::Edited { text: said, .. } => text = Some(*said),
            SloEvent::Approved { revision, .. } => approved = Some(revision),
            SloEvent::Retired { .. }
            | SloEvent::Measured { .. }
            | SloEvent::Corrected { .. }
            | SloEvent::GapSigned { .. }
            | SloEvent::Withdrawn { .. }
            | SloEvent::SourceWritten { .. }
            | SloEvent::SourceRemoved { .. }
            | SloEvent::HoneycombWritten { .. }
            | SloEvent::HoneycombRemoved { .. }
            | SloEvent::HoneycombBudget { .. }
            | SloEvent::HoneycombAlert { .. } => {}
        }
    }
    Ok((kept, text, approved, lines))
}

/// The SLOs that are called like this in one place, retired ones too, oldest first.
pub(crate) async fn named(tx: &mut Tx, text: &Slo) -> Result<Vec<Kept>> {
    sql::slos::named(tx, text).await
}

/// Holds an SLO until the end of the transaction.
pub(crate) async fn hold(tx: &mut Tx, id: SloId) -> Result<()> {
    sql::slos::load_locked(tx, id).await.map(|_| ())
}

/// Whether a spelling of what a measurement says is known.
pub(crate) fn knows_said(word: &str) -> bool {
    sql::measurements::WORDS.contains(&word)
}

/// Lines of one SLO without those of numbers that programs bring all day.
async fn history(tx: &mut Tx, id: SloId) -> Result<Vec<Entry>> {
    events::of_slo_but_numbers(tx, &id.to_string()).await
}
