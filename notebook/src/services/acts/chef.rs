//! What Chef tells, and what people say its nodes, policies and cookbooks are about.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{ensure_environment, known_services, record_in};
use crate::{
    actor::Act,
    belongs::Belongs,
    db::Tx,
    desk::Desk,
    events::{self, about},
    fault::{Fault, Result},
    limits::{CHEF_CATCH_UP_MAX, CHEF_CATCH_UP_PAGES_MAX},
    refusal::{Checking, Refusal},
    services::{
        chef::{
            Converge, MappedBy, Mapping, MappingDraft, UnmapDraft,
            read::{self, Message},
        },
        sql::chef,
    },
    text::{Slug, Title},
    time::Moment,
};

/// Runs and mappings are taken one after the other, so that neither misses the other.
const TURN: &str = "chef";

/// What became of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// It tells of no change.
    Nothing,
    /// The run was here before.
    Again,
    /// Kept until somebody maps its node, policy or one of its cookbooks.
    Unmapped,
    /// The numbers of the changes it became.
    Changes(Vec<i64>),
}

/// Takes a message of the data collector. What says only that nothing changed is forgotten.
pub async fn take(desk: &Desk, bytes: &[u8]) -> Result<Taken> {
    desk.may(Act::RecordChange)?;
    let bytes = bytes.to_vec();
    // A large node makes it megabytes: not on the threads that answer requests.
    let read = tokio::task::spawn_blocking(move || read::read(&bytes)).await;
    let message = read.map_err(|e| Fault::Work(format!("reading a Chef message: {e}")))??;
    match message {
        Message::Ended(converge) if converge.is_change() => keep(desk, &converge.not_after(desk.now())).await,
        Message::Ended(_) | Message::Started => Ok(Taken::Nothing),
    }
}

async fn keep(desk: &Desk, converge: &Converge) -> Result<Taken> {
    let mut tx = desk.begin_write().await?;
    // Before the mappings are read: one that is just being made would not see this run.
    tx.take_turn(TURN).await?;
    let mappings = chef::mappings(&mut tx).await?;
    let is_mapped = !converge.services(&mappings).is_empty();
    if !chef::insert(&mut tx, converge, is_mapped, desk.person_id(), desk.now()).await? {
        return Ok(Taken::Again);
    }
    if is_mapped {
        desk.hold_numbers(&mut tx, about::CHANGE, false).await?;
    }
    let words = converge.words();
    events::note(desk, &mut tx, (about::CHEF, converge.node.as_str()), "taken", converge.ended_at, &words).await?;
    let changes = record(desk, &mut tx, converge, &mappings).await?;
    desk.commit(tx, format!("chef {}", converge.run)).await?;
    Ok(if is_mapped { Taken::Changes(changes) } else { Taken::Unmapped })
}

async fn record(desk: &Desk, tx: &mut Tx, converge: &Converge, mappings: &[Mapping]) -> Result<Vec<i64>> {
    let mut numbers = Vec::new();
    for new in converge.changes(mappings) {
        let change = record_in(desk, tx, new).await?;
        chef::became(tx, &converge.run, change.id).await?;
        numbers.push(change.id);
    }
    Ok(numbers)
}

/// Says which service a node, policy or cookbook is about. Runs that waited for it become changes.
pub async fn map(desk: &Desk, draft: &MappingDraft) -> Result<Mapping> {
    desk.may(Act::EditServices)?;
    let mut tx = desk.begin_write().await?;
    let mapping = draft.check()?;
    tx.take_turn(TURN).await?;
    if !chef::unmapped(&mut tx, &mapping, None).await?.is_empty() {
        desk.hold_numbers(&mut tx, about::CHANGE, false).await?;
    }
    let mut checking = Checking::default();
    known_services(&mut tx, &mut checking, "service", &BTreeSet::from([mapping.service.clone()])).await?;
    ensure_environment(desk, &mut tx, &mut checking, "environment", &draft.environment).await?;
    checking.end(Some(()))?;
    if Belongs::default().slug(&mapping.service).slug(&mapping.environment).to_sample("service")? {
        return Err(Refusal::unfit("service", "belongs to the sample, which no Chef changes; choose your own").into());
    }
    chef::map(&mut tx, &mapping, desk.person_id(), desk.now()).await?;
    events::note(desk, &mut tx, (about::CHEF, mapping.name.as_str()), "mapped", desk.now(), &mapping).await?;
    catch_up(desk, &mut tx, &mapping).await?;
    desk.commit(tx, "chef").await?;
    Ok(mapping)
}

/// Turns the runs that waited for a mapping into changes, newest first.
async fn catch_up(desk: &Desk, tx: &mut Tx, mapping: &Mapping) -> Result<()> {
    let mappings = chef::mappings(tx).await?;
    let (mut taken, mut last) = (0, None);
    for _ in 0..CHEF_CATCH_UP_PAGES_MAX {
        let page = chef::unmapped(tx, mapping, last.as_ref()).await?;
        for converge in &page {
            if !record(desk, tx, converge, &mappings).await?.is_empty() {
                chef::mark_mapped(tx, &converge.run).await?;
                taken += 1;
            }
        }
        last = page.into_iter().next_back();
        if last.is_none() || taken >= CHEF_CATCH_UP_MAX {
            break;
        }
    }
    Ok(())
}

/// Takes a mapping away. Changes that were recorded by it stay.
pub async fn unmap(desk: &Desk, draft: &UnmapDraft) -> Result<()> {
    desk.may(Act::EditServices)?;
    let mut tx = desk.begin_write().await?;
    let kind = MappedBy::named(&draft.kind).map_err(|says| Refusal::unfit("kind", says))?;
    let (name, service) = (draft.name.trim(), draft.service.trim());
    if !chef::unmap(&mut tx, kind, name, service).await? {
        return Err(Refusal::missing("mapping of Chef", format!("{} {name} to {service}", kind.word())).into());
    }
    events::note(desk, &mut tx, (about::CHEF, name), "unmapped", desk.now(), draft).await?;
    desk.commit(tx, "chef").await
}

/// A node whose runs nobody has mapped yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "store", derive(schemars::JsonSchema), schemars(rename = "ChefNode"))]
pub struct UnmappedNode {
    pub node: Title,
    /// Its newest run that changed something or failed.
    pub last: Converge,
    /// How many such runs wait.
    pub runs: usize,
    pub failures: usize,
}

/// The mappings, and the nodes that wait for one, those with the newest run first.
pub async fn shown(desk: &Desk) -> Result<(Vec<Mapping>, Vec<UnmappedNode>)> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    let mappings = chef::mappings(&mut tx).await?;
    Ok((mappings, nodes(chef::waiting(&mut tx).await?)))
}

fn nodes(newest_first: Vec<(Converge, i64, i64)>) -> Vec<UnmappedNode> {
    let mut known = BTreeSet::new();
    let newest = newest_first.into_iter().filter(|(run, ..)| known.insert(run.node.clone()));
    let count = |number: i64| usize::try_from(number).unwrap_or_default();
    let node = |(last, runs, failures): (Converge, i64, i64)| UnmappedNode {
        node: last.node.clone(),
        runs: count(runs),
        failures: count(failures),
        last,
    };
    newest.map(node).collect()
}

/// Chef runs on these services that failed while a run went on.
pub async fn failed_meanwhile(
    desk: &Desk,
    services: &BTreeSet<Slug>,
    environment: &Slug,
    from: Moment,
    to: Moment,
) -> Result<Vec<Converge>> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    chef::failed(&mut tx, services, environment, (from, to)).await
}
