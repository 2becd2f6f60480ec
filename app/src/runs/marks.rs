//! Which lines of the trail the timeline shows, and with which words and hue.

use leptos::prelude::*;
use notebook::experiments::plan::Outcome;
use notebook::experiments::words::step_line;
use notebook::id::RunId;
use notebook::runs::evidence::Evidence;
use notebook::runs::facts::{CheckAnswer, Exited, RunFacts, SignalAnswer};
use notebook::runs::recovery::recovered_with;
use notebook::runs::trail::{ObservationKind, RunEvent};
use notebook::text::Note;
use notebook::time::{Moment, extent_words, span_words};

use crate::parts::badge::Family;
use crate::parts::prose::Prose;
use crate::parts::words::Word;
use crate::runs::evidence;
use crate::runs::loaded::Loaded;
use crate::runs::signals;
use crate::runs::told::Told;

/// What a line of the timeline is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    Injected,
    Observed,
    SteadyState,
    People,
}

impl Lane {
    pub const ALL: [Self; 4] = [Self::Injected, Self::Observed, Self::SteadyState, Self::People];

    pub const fn label(self) -> &'static str {
        match self {
            Self::Injected => "Injected",
            Self::Observed => "Observed",
            Self::SteadyState => "Steady state",
            Self::People => "People",
        }
    }

    const fn of(event: &RunEvent) -> Self {
        match event {
            RunEvent::Targets { .. }
            | RunEvent::Effect { .. }
            | RunEvent::FaultStarted
            | RunEvent::FaultEnded
            | RunEvent::StepBegan { .. }
            | RunEvent::StepEnded { .. }
            | RunEvent::CommandEnded { .. }
            | RunEvent::ToolEnded { .. } => Self::Injected,
            RunEvent::Observed { .. } => Self::Observed,
            RunEvent::CheckAnswered { .. } | RunEvent::SignalAnswered { .. } | RunEvent::ConditionReached { .. } => {
                Self::SteadyState
            }
            _ => Self::People,
        }
    }
}

/// One line of the timeline.
pub struct Mark {
    pub at: Moment,
    pub lane: Lane,
    pub anchor: Option<String>,
    pub family: Family,
    /// An observation nobody pinned may be left out; everything else is the run itself.
    pub is_loose: bool,
    /// Draws the line, with whoever wrote it at its end.
    pub body: Body,
    pub told: Option<Telling>,
}

pub type Body = Box<dyn FnOnce(Option<AnyView>) -> AnyView>;

/// Who wrote it, and when if that was later.
pub struct Telling {
    pub who: String,
    pub recorded_at: Option<Moment>,
}

/// In the order in which it was written down: what comes late stands with what is new, and its clock says when it
/// was so.
pub fn marks(run: &Loaded) -> Vec<Mark> {
    let facts = run.facts();
    let known_with = recovered_with(facts, run.trail.iter().map(|told| (told.entry.seq, told.entry.at, &told.event)));
    let mut marks = Vec::new();
    for told in &run.trail {
        marks.extend(mark(facts, told));
        if known_with == Some(told.entry.seq) {
            marks.extend(recovery(facts));
        }
    }
    for mark in &mut marks {
        // What was pinned later is pinned too.
        if let Some(observation) = run.observation(mark.anchor.as_deref()) {
            mark.is_loose = !observation.pinned;
        }
    }
    marks
}

/// In the order of time, each at its own; what happened at once stays in the order it was written.
pub fn by_clock(run: &Loaded) -> Vec<Mark> {
    let mut marks = marks(run);
    marks.sort_by_key(|mark| mark.at);
    marks
}

fn mark(facts: &RunFacts, told: &Told) -> Option<Mark> {
    let (family, body) = body(facts, &told.event)?;
    let (anchor, is_loose) = match &told.event {
        RunEvent::Observed { number, pinned, .. } => (Some(format!("o{number}")), !pinned),
        RunEvent::Attached { number, .. } => (Some(format!("e{number}")), false),
        _ => (None, false),
    };
    let recorded_at = told.is_late().then_some(told.entry.recorded_at);
    let telling = Telling { who: told.who(), recorded_at };
    let lane = Lane::of(&told.event);
    Some(Mark { at: told.entry.at, lane, anchor, family, is_loose, body, told: Some(telling) })
}

/// When all after-checks held once: computed, so nobody wrote it.
fn recovery(facts: &RunFacts) -> Option<Mark> {
    let (at, took) = (facts.recovered?, extent_words(facts.revert_ms()?));
    let body: Body = Box::new(|who| {
        view! { <p>"All after-checks hold. "<strong>"Time to revert: "{took}"."</strong>{who}</p> }.into_any()
    });
    Some(Mark { at, lane: Lane::SteadyState, anchor: None, family: Family::Good, is_loose: false, body, told: None })
}

fn plain(family: Family, words: String) -> (Family, Body) {
    (family, Box::new(|who| view! { <p>{words}{who}</p> }.into_any()))
}

fn strong(family: Family, words: String) -> (Family, Body) {
    (family, Box::new(|who| view! { <p><strong>{words}</strong>{who}</p> }.into_any()))
}

fn body(facts: &RunFacts, event: &RunEvent) -> Option<(Family, Body)> {
    let with = |text: Option<&Note>| text.map(|text| format!(" {text}")).unwrap_or_default();
    Some(match event {
        RunEvent::Started { .. } => plain(Family::Info, "Run started.".into()),
        RunEvent::Targets { targets } => {
            let hit: Vec<&str> =
                targets.iter().filter(|target| target.hit).map(|target| target.name.as_str()).collect();
            plain(
                Family::Neutral,
                format!("To be hit: {}.", if hit.is_empty() { "none".into() } else { hit.join(", ") }),
            )
        }
        RunEvent::Effect { target, effect, evidence } => {
            plain(Family::Info, format!("{target}: {}.{}", effect.label().to_lowercase(), with(evidence.as_ref())))
        }
        RunEvent::FaultStarted => strong(Family::Info, "Fault began.".into()),
        RunEvent::FaultEnded => strong(Family::Info, "Fault ended. Reverting.".into()),
        RunEvent::StepBegan { number } => {
            plain(Family::Info, format!("Step {number} began{}.", step_name(facts, *number)))
        }
        RunEvent::StepEnded { number } => plain(Family::Info, format!("Step {number} done.")),
        RunEvent::Observed { kind, text, .. } => observed(*kind, text.as_str()),
        RunEvent::Attached { evidence, says, observation, .. } => attached(facts.id, evidence, says, *observation),
        RunEvent::CheckAnswered { answer, amends } => answered(facts, answer, amends.is_some()),
        RunEvent::SignalAnswered { answer, amends } => return signalled(facts, answer, amends.is_some()),
        RunEvent::Deviated { number, text } => strong(Family::Caution, format!("Deviation {number}: {text}")),
        RunEvent::ConditionReached { condition, value, .. } => {
            strong(Family::Danger, format!("Abort condition reached: {condition}. Read: {value}."))
        }
        RunEvent::AbortPressed { reason, text } => {
            let reason = reason.map_or("the reason is open".to_owned(), |reason| reason.label().to_lowercase());
            strong(Family::Danger, format!("Aborted: {reason}.{}", with(text.as_ref())))
        }
        RunEvent::RevertLate { deadline_ms } => {
            let deadline = span_words(*deadline_ms);
            strong(Family::Caution, format!("The revert is past the deadline of {deadline}."))
        }
        RunEvent::RevertFailed { text } => strong(Family::Danger, format!("Revert failed: {text}")),
        RunEvent::CommandEnded { exited } => plain(Family::Neutral, command_ended(*exited)),
        RunEvent::ToolEnded { says, .. } => plain(Family::Neutral, format!("Tool: {says}")),
        RunEvent::Ended { execution } => {
            strong(Word::from(*execution).family, format!("Run {}.", execution.label().to_lowercase()))
        }
        _ => return None,
    })
}

/// What the plan takes a code for is a proposal, as everything that a tool says.
fn command_ended(exited: Exited) -> String {
    let code = exited.code;
    match exited.means {
        Some(means) => format!("Command ended: exit code {code}, which the plan takes for {}.", means.word()),
        None => format!("Command ended: exit code {code}."),
    }
}

/// ": restart (signal=TERM)".
fn step_name(facts: &RunFacts, number: i64) -> String {
    let place = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
    let step = place.and_then(|place| facts.identity.method.get(place));
    step.map(|step| format!(": {}", step_line(step))).unwrap_or_default()
}

fn observed(kind: ObservationKind, text: &str) -> (Family, Body) {
    let word = Word::from(kind);
    let (family, badge, text) = (word.family, word.badge(), text.to_owned());
    (family, Box::new(|who| view! { <Prose text=text/><p>{badge}{who}</p> }.into_any()))
}

fn attached(id: RunId, evidence: &Evidence, says: &Note, observation: Option<i64>) -> (Family, Body) {
    let (evidence, says) = (evidence.clone(), says.to_string());
    (Family::Neutral, Box::new(move |who| evidence::shown(id, &evidence, says, observation, who)))
}

fn answered(facts: &RunFacts, answer: &CheckAnswer, amends: bool) -> (Family, Body) {
    let check = facts.identity.check(&answer.key);
    let outcome = check.map_or(Outcome::Unknown, |check| check.allowed.outcome(&answer.happened));
    let value = answer.happened.words(check.and_then(|check| check.unit.as_deref()));
    let word = Word::from(outcome);
    let (family, badge) = (word.family, word.badge());
    let name = format!("{}, {}, {}: ", answer.key.measure, answer.key.phase.word(), answer.key.aggregate.label());
    let amended = if amends { "Amended. " } else { "" };
    let source = format!(" {},", answer.source);
    let body: Body = Box::new(move |who| {
        view! { <p>{amended}{name}<strong class="num">{value}</strong>" "{badge}<small>{source}</small>{who}</p> }
            .into_any()
    });
    (family, body)
}

fn signalled(facts: &RunFacts, answer: &SignalAnswer, amends: bool) -> Option<(Family, Body)> {
    let signal = facts.identity.signals.iter().find(|signal| signal.signal == answer.signal)?;
    let present = signals::present(facts, signal);
    let name = format!("{}Signal {}: ", if amends { "Amended. " } else { "" }, answer.signal);
    Some((Family::Info, Box::new(|who| view! { <p>{name}{present}{who}</p> }.into_any())))
}
