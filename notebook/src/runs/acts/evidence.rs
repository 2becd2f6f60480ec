//! Links and images that show how a run was. Nothing takes them away again: a run is its lines.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Serialize;

use super::during::{OBSERVED, next_observation};
use crate::{
    actor::Act,
    db::Tx,
    desk::{Desk, sha256_hex},
    events::{self, Entry, about},
    fault::{Fault, Result},
    id::RunId,
    limits::{EVIDENCE_BYTES_MAX, EVIDENCE_MAX, EVIDENCE_RUN_BYTES_MAX},
    refusal::{Checking, Refusal},
    runs::{
        drafts::{ImageDraft, LinkDraft, at},
        evidence::{Evidence, ImageKind, image_kind},
        sql::{self, NewImage},
        steps::Step,
        trail::RunEvent,
    },
    text::{Link, Note},
    time::Moment,
};

/// The act's word of evidence's line.
const ATTACHED: &str = "attached";

/// One piece of evidence of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Attached {
    /// 1, 2… of its run.
    pub number: i64,
    pub evidence: Evidence,
    /// What it shows.
    pub says: String,
    /// The observation it belongs to.
    pub observation: Option<i64>,
    /// When it was so.
    pub at: Moment,
    pub recorded_at: Moment,
    pub by: String,
}

/// An image as it was sent.
pub struct Image {
    pub kind: ImageKind,
    pub content: Vec<u8>,
}

/// What is said of evidence of either kind.
struct Said {
    at: Moment,
    says: Note,
    observation: Option<i64>,
}

/// A page elsewhere that shows how a run was.
pub async fn attach_link(desk: &Desk, id: RunId, draft: &LinkDraft) -> Result<Attached> {
    desk.may(Act::Observe)?;
    let mut checking = Checking::default();
    let link = checking.need("link", Link::new(&draft.link));
    let said = said(&mut checking, desk, (&draft.says, &draft.at, &draft.observation));
    let (link, said) = checking.end(link.zip(said))?;
    let mut tx = desk.begin_write().await?;
    let attached = write(desk, &mut tx, id, Evidence::Link { link }, said).await?;
    desk.commit(tx, id).await?;
    Ok(attached)
}

/// The same image sent again to the same run is kept once and stands in the trail twice.
pub async fn attach_image(desk: &Desk, id: RunId, content: &[u8], draft: &ImageDraft) -> Result<Attached> {
    desk.may(Act::Observe)?;
    let bytes = i64::try_from(content.len()).unwrap_or(i64::MAX);
    no_more_than(EVIDENCE_BYTES_MAX, bytes, "The image")?;
    let mut checking = Checking::default();
    let kind = image_kind(content).map_err(|says| checking.say("image", says)).ok();
    let said = said(&mut checking, desk, (&draft.says, &draft.at, &draft.observation));
    let (format, said) = checking.end(kind.zip(said))?;
    let sha256 = sha256_hex(content);
    let text = STANDARD.encode(content);
    let mut tx = desk.begin_write().await?;
    let number = desk.number(&mut tx, "evidence", id.is_sample()).await?;
    let new = NewImage { id: number, run: id, sha256: &sha256, kind: format, bytes, content: &text };
    let evidence = Evidence::Image { format, bytes, sha256: sha256.clone() };
    // First the line: it holds the run, and refuses.
    let attached = write(desk, &mut tx, id, evidence, said).await?;
    let all = sql::image_bytes(&mut tx, id).await?.saturating_add(bytes);
    no_more_than(EVIDENCE_RUN_BYTES_MAX, all, &format!("What the images of {id} would be"))?;
    sql::keep_image(&mut tx, &new, desk.person_id(), desk.now()).await?;
    desk.commit(tx, id).await?;
    Ok(attached)
}

fn no_more_than(most: i64, bytes: i64, what: &str) -> Result<(), Refusal> {
    if bytes <= most {
        return Ok(());
    }
    Err(Refusal::TooMuch { what: what.into(), limit: format!("the limit of {} MiB", most / 1024 / 1024) })
}

fn said(checking: &mut Checking, desk: &Desk, (says, when, observation): (&str, &str, &str)) -> Option<Said> {
    let says = checking.need("says", Note::new(says));
    let when = at(checking, "at", when, &desk.zone(), desk.now());
    if when.is_some_and(|when| when > desk.now()) {
        checking.say("at", "lies in the future");
    }
    let observation = observation.trim().trim_start_matches('o');
    let number = if observation.is_empty() { None } else { Some(observation.parse::<i64>().unwrap_or_default()) };
    let (says, at) = says.zip(when)?;
    Some(Said { at, says, observation: number })
}

/// By the row and the newest lines: evidence changes no fact.
async fn write(desk: &Desk, tx: &mut Tx, id: RunId, evidence: Evidence, said: Said) -> Result<Attached> {
    Step::Observe.allowed(&sql::hold(tx, id).await?)?;
    let about = (about::RUN, &*id.to_string());
    let number = match events::newest_of(tx, about, ATTACHED).await?.map(|entry| entry.read()).transpose()? {
        Some(RunEvent::Attached { number, .. }) => number + 1,
        _ => 1,
    };
    if number > EVIDENCE_MAX {
        let state = format!("{id} has {EVIDENCE_MAX} pieces of evidence; put the rest behind a link in an observation");
        return Err(Refusal::not_now(Act::Observe, state).into());
    }
    if let Some(observation) = said.observation {
        let next = next_observation(events::newest_of(tx, about, OBSERVED).await?.as_ref())?;
        if !(1..next).contains(&observation) {
            return Err(Refusal::unfit("observation", format!("is no observation of {id}")).into());
        }
    }
    let Said { at, says, observation } = said;
    let event = RunEvent::Attached { number, evidence: evidence.clone(), says: says.clone(), observation };
    events::note(desk, tx, about, ATTACHED, at, &event).await?;
    let by = desk.person().map(|person| person.name.clone()).unwrap_or_default();
    Ok(Attached { number, evidence, says: says.into(), observation, at, recorded_at: desk.now(), by })
}

/// All evidence of a run, in the order attached.
pub async fn list_evidence(desk: &Desk, id: RunId) -> Result<Vec<Attached>> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    let run = sql::load(&mut tx, id).await?.id.to_string();
    let entries = events::some_of(&mut tx, (about::RUN, &run), ATTACHED, 0, EVIDENCE_MAX).await?;
    attached(&entries)
}

fn attached(entries: &[Entry]) -> Result<Vec<Attached>> {
    let mut list = Vec::new();
    for entry in entries {
        if let RunEvent::Attached { number, evidence, says, observation } = entry.read()? {
            let (at, recorded_at, by) = (entry.at, entry.recorded_at, entry.name.clone());
            list.push(Attached { number, evidence, says: says.into(), observation, at, recorded_at, by });
        }
    }
    Ok(list)
}

/// An image of a run by the SHA-256 of its content.
pub async fn image(desk: &Desk, id: RunId, sha256: &str) -> Result<Image> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_read().await?;
    let found = sql::image(&mut tx, id, sha256).await?;
    let (kind, text) = found.ok_or_else(|| Refusal::missing("image", sha256))?;
    let bad = |what: String| Fault::bad_row("evidence", sha256, what);
    let kind = ImageKind::named(&kind).map_err(bad)?;
    let content = STANDARD.decode(text).map_err(|trouble| bad(trouble.to_string()))?;
    Ok(Image { kind, content })
}
