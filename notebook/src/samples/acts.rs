//! Writing the sample, looking at what there is of it, and removing it whole.

use super::{Counts, Shown, decided, kafka, promises, sql, stage, telemetry, teller::Teller, zookeeper};
use crate::{
    actor::Act,
    db::{Tx, counters},
    desk::{Desk, Joined, Notebook},
    events::{self, about},
    fault::Result,
    refusal::Refusal,
};

/// The sample's own line in the trail, which stays when the sample goes.
const SAMPLE: &str = "sample";

/// Writes the whole story, ending now, as one act: either all of it is there or nothing.
pub async fn write(desk: &Desk) -> Result<Counts> {
    desk.may(Act::ManageSample)?;
    let mut tx = desk.begin_write().await?;
    sql::forget_counters(&mut tx).await?;
    // The counter first: of two at the same time the second waits here, and finds the sample.
    counters::next_of_sample(&mut tx, SAMPLE).await?;
    free(&mut tx).await?;
    for _ in 0..decided::RESERVED {
        counters::next_of_sample(&mut tx, about::DECISION).await?;
    }
    let joined = Joined::around(tx);
    tell(&Teller::new(desk, joined.clone())).await?;
    let mut tx = joined.take()?;
    let counts = sql::counts(&mut tx).await?;
    events::note(desk, &mut tx, (about::SETTING, SAMPLE), "written", desk.now(), &counts).await?;
    desk.commit(tx, SAMPLE).await?;
    Ok(counts)
}

async fn free(tx: &mut Tx) -> Result<()> {
    let no = |state: String| Err(Refusal::not_now(Act::ManageSample, state).into());
    if sql::is_here(tx).await? {
        return no("it is here already; remove it first to have it written anew".into());
    }
    let taken = sql::taken_slugs(tx).await?;
    if taken.is_empty() {
        return Ok(());
    }
    no(format!(
        "the sample needs the names {}, and they are taken by services, environments or teams of yours",
        taken.join(", ")
    ))
}

/// In the order of its numbers.
async fn tell(teller: &Teller) -> Result<()> {
    stage::set(teller).await?;
    promises::made(teller).await?;
    zookeeper::first_try(teller).await?;
    telemetry::blind_spot(teller).await?;
    zookeeper::met_another(teller).await?;
    zookeeper::proof(teller).await?;
    telemetry::heartbeat(teller).await?;
    kafka::ten_weeks(teller).await?;
    decided::both(teller).await?;
    decided::open_question(teller).await?;
    kafka::going_on(teller).await?;
    telemetry::verdict_due(teller).await?;
    kafka::begun(teller).await?;
    promises::up_to_now(teller).await
}

/// Removes everything that belongs to the sample, with what people wrote on it; nothing else changes.
pub async fn remove(desk: &Desk) -> Result<Counts> {
    desk.may(Act::ManageSample)?;
    let mut tx = desk.begin_write().await?;
    if !sql::is_here(&mut tx).await? {
        return Err(Refusal::not_now(Act::ManageSample, "it is not here").into());
    }
    let counts = sql::counts(&mut tx).await?;
    sql::remove(&mut tx).await?;
    events::note(desk, &mut tx, (about::SETTING, SAMPLE), "removed", desk.now(), &counts).await?;
    desk.commit(tx, SAMPLE).await?;
    Ok(counts)
}

/// What there is of the sample.
pub async fn show(desk: &Desk) -> Result<Shown> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    let is_here = sql::is_here(&mut tx).await?;
    let lines = events::of_object(&mut tx, about::SETTING, SAMPLE).await?;
    let written_at = lines.iter().rev().find(|line| line.act == "written").map(|line| line.at).filter(|_| is_here);
    let counts = if is_here { sql::counts(&mut tx).await? } else { Counts::default() };
    Ok(Shown { is_here, counts, written_at })
}

/// Whether it is here. Every page asks, for its bar.
pub async fn is_here(notebook: &Notebook) -> Result<bool> {
    let mut tx = notebook.db.begin_read().await?;
    sql::is_here(&mut tx).await
}
