//! What is typed into the composer, understood and written down: an observation, values of checks, and which
//! form is asked for next.

use super::{
    Held,
    during::{
        OBSERVED, check_answer, next_observation, refuse_now, refuse_too_early, refuse_too_late, write_observation,
    },
};
use crate::{
    actor::Act,
    db::Tx,
    desk::Desk,
    events::{self, about},
    fault::Result,
    id::RunId,
    limits::CLOCK_AHEAD_MINUTES_MAX,
    refusal::Refusal,
    runs::{
        drafts::{CheckDraft, NewObservation, ObservationDraft},
        facts::{CheckAnswer, RunFacts},
        slash::{self, Composed, Of},
        sql,
        steps::Step,
        trail::{ObservationKind, RunEvent},
    },
    time::{Moment, Zone},
};

/// What became of one note.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    /// The observation's number; None if only commands were written.
    pub number: Option<i64>,
    /// What was understood, a sentence each.
    pub said: Vec<String>,
    /// The title of the finding to begin.
    pub finding: Option<String>,
    /// Why somebody wants to abort; the form asks them.
    pub abort: Option<String>,
}

/// Writes down what was typed, slash commands and all. Everything of it is written, or nothing.
pub async fn compose(desk: &Desk, id: RunId, draft: &ObservationDraft) -> Result<Written> {
    desk.may(Act::Observe)?;
    let composed = slash::read(&draft.text).map_err(|says| Refusal::unfit("text", says))?;
    let zone = zone_of(desk, draft)?;
    let at = own_time(desk, &composed, draft, &zone)?;
    let mut written =
        Written { finding: composed.finding.clone(), abort: composed.abort.clone(), ..Written::default() };
    if !composed.values.is_empty() {
        return Box::pin(with_values(desk, id, draft, (composed, at, zone), written)).await;
    }
    let Some(new) = observation(draft, &composed, composed.text.clone(), at, (desk, false))? else {
        // Nothing to write, and still a question about this run.
        sql::load(&mut desk.begin_read().await?, id).await?;
        return Ok(written.and_what_is_open());
    };
    let words = understood(&composed, &new, &zone);
    let mut tx = desk.begin_write().await?;
    written.number = Some(write_observation(desk, &mut tx, id, new).await?);
    desk.commit(tx, id).await?;
    written.said.push(words);
    Ok(written.and_what_is_open())
}

/// The values answer checks, so the whole trail is read.
async fn with_values(
    desk: &Desk,
    id: RunId,
    draft: &ObservationDraft,
    (composed, at, zone): (Composed, Moment, Zone),
    mut written: Written,
) -> Result<Written> {
    desk.may(Act::RecordRun)?;
    let mut tx = desk.begin_write().await?;
    let mut held = Held::load_for(desk, &mut tx, id, Step::Observe).await?;
    if held.facts.signed.is_some() {
        let state = format!("the verdict of {id} is signed; amend a value beside its check");
        return Err(Refusal::not_now(Act::RecordRun, state).into());
    }
    let is_now = composed.at.is_none() && draft.at.trim().is_empty();
    let (answers, loose) = answers(desk, &held, &composed, (at, is_now))?;
    let values = loose.iter().map(|(value, _)| value.clone());
    let text = std::iter::once(composed.text.clone()).chain(values).collect::<Vec<_>>().join("\n");
    let new = observation(draft, &composed, text.trim().to_owned(), at, (desk, !answers.is_empty()))?;
    if let Some(new) = new {
        written.said.push(understood(&composed, &new, &zone));
        written.number = Some(note(desk, &mut tx, &mut held, new).await?);
    }
    written.said.extend(loose.iter().map(|(value, why)| format!("{value}: {why}, so it is a note.")));
    for answer in answers {
        written.said.push(recorded(&held.facts, &answer));
        held.note(desk, &mut tx, answer.at, RunEvent::CheckAnswered { answer, amends: None }).await?;
    }
    held.keep(desk, &mut tx).await?;
    desk.commit(tx, id).await?;
    Ok(written.and_what_is_open())
}

impl Written {
    /// What commands asked for and did not do.
    fn and_what_is_open(mut self) -> Self {
        if self.finding.is_some() {
            self.said.push("The finding is not written yet; its form is open.".into());
        }
        if self.abort.is_some() {
            self.said.push("The run is not aborted yet; its form is open.".into());
        }
        self
    }
}

async fn note(desk: &Desk, tx: &mut Tx, held: &mut Held, new: NewObservation) -> Result<i64> {
    let about = (about::RUN, &*held.run.id.to_string());
    let number = next_observation(events::newest_of(tx, about, OBSERVED).await?.as_ref())?;
    let NewObservation { at, kind, text, pinned } = new;
    held.note(desk, tx, at, RunEvent::Observed { number, kind, text, pinned }).await?;
    Ok(number)
}

/// In which zone a time of day is meant: the one in which the writer read the run, else their own.
fn zone_of(desk: &Desk, draft: &ObservationDraft) -> Result<Zone, Refusal> {
    if draft.zone.trim().is_empty() {
        return Ok(desk.zone());
    }
    Zone::named(&draft.zone)
        .ok_or_else(|| Refusal::unfit("zone", "takes a time zone's name, like Europe/Berlin or UTC"))
}

/// When it was so: what a command says, else the field, else when it was written. Whoever writes may have a clock
/// a little ahead of ours.
fn own_time(desk: &Desk, composed: &Composed, draft: &ObservationDraft, zone: &Zone) -> Result<Moment, Refusal> {
    let (field, typed) = match &composed.at {
        Some(typed) => ("text", typed.as_str()),
        None => ("at", draft.at.as_str()),
    };
    let now = desk.now();
    let written = Moment::typed_past(&draft.written_at, zone, now);
    let written = written.map_err(|says| Refusal::unfit("written_at", says))?.min(now);
    let at = Moment::typed_past(typed, zone, written).map_err(|says| Refusal::unfit(field, says))?;
    if at > now.plus_minutes(CLOCK_AHEAD_MINUTES_MAX) {
        return Err(Refusal::unfit(field, "lies in the future"));
    }
    Ok(at.min(now))
}

/// The observation that is left; None where commands are all that was written.
fn observation(
    draft: &ObservationDraft,
    composed: &Composed,
    text: String,
    at: Moment,
    (desk, has_answers): (&Desk, bool),
) -> Result<Option<NewObservation>, Refusal> {
    let text = if text.is_empty() { composed.finding.clone().unwrap_or_default() } else { text };
    if text.is_empty() && (has_answers || composed.abort.is_some()) {
        return Ok(None);
    }
    let kind = composed.kind.map(|kind| kind.word().to_owned()).or_else(|| {
        // What begins a finding is not what was expected, whatever the form begins with.
        let question = draft.kind.trim() == ObservationKind::Question.word();
        (composed.finding.is_some() && !question).then(|| ObservationKind::Unexpected.word().to_owned())
    });
    let pinned = if composed.pinned { "on".to_owned() } else { draft.pinned.clone() };
    let kind = kind.unwrap_or_else(|| draft.kind.clone());
    let whole = ObservationDraft { text, kind, at: at.rfc3339(), pinned, ..ObservationDraft::default() };
    whole.check(&desk.zone(), desk.now()).map(Some)
}

/// What stands as words, and why.
type Loose = (String, &'static str);

/// The checks that are answered, and what stands as words because no check measures it, with the reason.
fn answers(
    desk: &Desk,
    held: &Held,
    composed: &Composed,
    (at, is_now): (Moment, bool),
) -> Result<(Vec<CheckAnswer>, Vec<Loose>), Refusal> {
    let (mut answers, mut loose) = (Vec::new(), Vec::new());
    for value in &composed.values {
        let key = slash::meant(&held.facts, &value.of, at).map_err(|says| Refusal::unfit("text", says))?;
        match (key, &value.of) {
            (Some(key), _) => {
                let draft = CheckDraft {
                    check: key.slot(),
                    seen: value.seen.clone(),
                    at: at.rfc3339(),
                    ..CheckDraft::default()
                };
                let answer = check_answer(desk, &held.facts, &draft);
                let answer = answer.and_then(|answer| {
                    refuse_too_early(&held.facts, &answer)?;
                    refuse_too_late(&held.facts, &answer)?;
                    refuse_now(held, &answer, is_now)?;
                    Ok(answer)
                });
                answers.push(answer.map_err(|refusal| of_value(&value.seen, &refusal))?);
            }
            (None, Of::Measure(measure)) => {
                loose.push((format!("{measure} = {}", value.seen), slash::why_none(&held.facts, measure)));
            }
            // Numbers are always a check's.
            (None, Of::Number(_)) => {}
        }
    }
    Ok((answers, loose))
}

/// What is wrong with a value is said beside the text it stands in.
fn of_value(seen: &str, refusal: &Refusal) -> Refusal {
    let says: Vec<&str> = refusal.troubles().iter().map(|trouble| trouble.says.as_str()).collect();
    Refusal::unfit("text", format!("has the value \"{seen}\" that {}", says.join(", ")))
}

fn understood(composed: &Composed, new: &NewObservation, zone: &Zone) -> String {
    let mut words = Vec::new();
    if composed.kind.is_some() || composed.finding.is_some() {
        words.push(new.kind.label().to_lowercase());
    }
    if composed.pinned {
        words.push("pinned".to_owned());
    }
    if composed.at.is_some() {
        let local = new.at.local_input(zone);
        words.push(format!("of {}", local.split('T').next_back().unwrap_or_default()));
    }
    if words.is_empty() { "Observation added.".into() } else { format!("Observation added: {}.", words.join(", ")) }
}

fn recorded(facts: &RunFacts, answer: &CheckAnswer) -> String {
    let unit = facts.identity.check(&answer.key).and_then(|check| check.unit.as_deref());
    let value = answer.happened.words(unit);
    format!("{}, {}: {value} recorded.", answer.key.measure, answer.key.phase.word())
}
