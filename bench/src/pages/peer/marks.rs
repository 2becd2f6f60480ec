//! The timeline of the peer's page.

use app::{
    parts::{badge::Family, when::absolute, words::Word},
    paths,
    runs::{clock::clock, loaded::Loaded, told::Told},
};
use maud::{Markup, html};
use notebook::{
    experiments::{
        plan::{Outcome, Signal},
        words::step_line,
    },
    runs::{
        facts::{RunFacts, SignalSeen},
        telemetry::{is_late, telemetry_signal},
        trail::RunEvent,
    },
    text::Note,
    time::{Moment, span_words},
};

use super::parts::{badge, prose};

struct Mark {
    at: Moment,
    anchor: Option<String>,
    family: Family,
    is_loose: bool,
    drawn: Markup,
}

pub fn timeline(run: &Loaded) -> Markup {
    let marks = marks(run);
    let (all, kept) = (marks.len(), marks.iter().filter(|mark| !mark.is_loose).count());
    let has_pins = run.shown.observations.iter().any(|observation| observation.pinned);
    let zone = run.desk.zone();
    let label = format!("Timeline of {}", run.id());
    html! {
        section id="log" {
            div.row.spread {
                h2 { "Timeline" }
                @if kept < all && has_pins {
                    a href=(paths::run_pinned(run.id())) data-print="none" { "Show pinned only (" (kept) ")" }
                }
            }
            ol.log.paper aria-label=(label) {
                @for mark in &marks {
                    li id=[mark.anchor.as_deref()] data-family=(mark.family.as_str()) {
                        span.clock { (clock(run.facts(), mark.at, &zone)) }
                        div { (mark.drawn) }
                    }
                }
            }
        }
    }
}

/// In the order of time; the computed recovery stands before the end.
fn marks(run: &Loaded) -> Vec<Mark> {
    let mut marks = Vec::with_capacity(run.trail.len());
    let mut recovery = recovery(run.facts());
    for told in &run.trail {
        let Some(mark) = mark(run, told) else { continue };
        if matches!(told.event, RunEvent::Ended { .. }) {
            marks.extend(recovery.take());
        }
        marks.push(mark);
    }
    marks.extend(recovery);
    marks.sort_by_key(|mark| mark.at);
    marks
}

fn recovery(facts: &RunFacts) -> Option<Mark> {
    let (at, ended) = facts.recovered.zip(facts.fault_ended)?;
    let took = span_words(at.ms_since(ended).max(0));
    let drawn = html! { p { "All after-checks hold. " strong { "Time to revert: " (took) "." } } };
    Some(Mark { at, anchor: None, family: Family::Good, is_loose: false, drawn })
}

fn mark(run: &Loaded, told: &Told) -> Option<Mark> {
    let late = told.is_late().then(|| absolute(told.entry.recorded_at.micros(), &run.times.zone));
    let who = html! { small { " " (told.who()) @if let Some(at) = late { ", written " (at) } } };
    let (family, drawn) = drawn(run.facts(), &told.event, &who)?;
    let (anchor, is_loose) = match &told.event {
        RunEvent::Observed { number, pinned, .. } => (Some(format!("o{number}")), !pinned),
        _ => (None, false),
    };
    Some(Mark { at: told.entry.at, anchor, family, is_loose, drawn })
}

fn drawn(facts: &RunFacts, event: &RunEvent, who: &Markup) -> Option<(Family, Markup)> {
    let with = |text: Option<&Note>| text.map(|text| format!(" {text}")).unwrap_or_default();
    let plain = |family, words: &str| (family, html! { p { (words) (who) } });
    let strong = |family, words: &str| (family, html! { p { strong { (words) } (who) } });
    Some(match event {
        RunEvent::Started { .. } => plain(Family::Info, "Run started."),
        RunEvent::Targets { targets } => {
            let hit: Vec<&str> = targets.iter().filter(|target| target.hit).map(|t| t.name.as_str()).collect();
            let hit = if hit.is_empty() { "none".to_owned() } else { hit.join(", ") };
            plain(Family::Neutral, &format!("To be hit: {hit}."))
        }
        RunEvent::Effect { target, effect, evidence } => {
            let words = format!("{target}: {}.{}", effect.label().to_lowercase(), with(evidence.as_ref()));
            plain(Family::Info, &words)
        }
        RunEvent::FaultStarted => strong(Family::Info, "Fault began."),
        RunEvent::FaultEnded => strong(Family::Info, "Fault ended. Reverting."),
        RunEvent::StepBegan { number } => plain(Family::Info, &began(facts, *number)),
        RunEvent::StepEnded { number } => plain(Family::Info, &format!("Step {number} done.")),
        RunEvent::Observed { kind, text, .. } => {
            let word = Word::from(*kind);
            (word.family, html! { (prose(text.as_str())) p { (badge(&word)) (who) } })
        }
        RunEvent::CheckAnswered { .. } => answered(facts, event, who)?,
        RunEvent::SignalAnswered { answer, amends } => {
            let signal = facts.identity.signals.iter().find(|signal| signal.signal == answer.signal)?;
            let amended = if amends.is_some() { "Amended. " } else { "" };
            (Family::Info, html! { p { (amended) "Signal " (answer.signal) ": " (present(facts, signal)) (who) } })
        }
        RunEvent::Deviated { number, text } => strong(Family::Caution, &format!("Deviation {number}: {text}")),
        RunEvent::AbortPressed { reason, text } => {
            let reason = reason.map_or("the reason is open".to_owned(), |reason| reason.label().to_lowercase());
            strong(Family::Danger, &format!("Aborted: {reason}.{}", with(text.as_ref())))
        }
        RunEvent::RevertFailed { text } => strong(Family::Danger, &format!("Revert failed: {text}")),
        RunEvent::ToolEnded { says, .. } => plain(Family::Neutral, &format!("Tool: {says}")),
        RunEvent::Ended { execution } => {
            strong(Word::from(*execution).family, &format!("Run {}.", execution.label().to_lowercase()))
        }
        _ => return None,
    })
}

fn began(facts: &RunFacts, number: i64) -> String {
    let steps = (1_i64..).zip(&facts.identity.method);
    let name = steps.filter(|(place, _)| *place == number).map(|(_, step)| format!(": {}", step_line(step)));
    format!("Step {number} began{}.", name.collect::<String>())
}

fn answered(facts: &RunFacts, event: &RunEvent, who: &Markup) -> Option<(Family, Markup)> {
    let RunEvent::CheckAnswered { answer, amends } = event else { return None };
    let check = facts.identity.check(&answer.key);
    let word = Word::from(check.map_or(Outcome::Unknown, |check| check.allowed.outcome(&answer.happened)));
    let value = answer.happened.words(check.and_then(|check| check.unit.as_deref()));
    let key = &answer.key;
    let drawn = html! {
        p {
            @if amends.is_some() { "Amended. " }
            (key.measure) ", " (key.phase.word()) ", " (key.aggregate.label()) ": "
            strong.num { (value) } " " (badge(&word)) small { " " (answer.source) "," } (who)
        }
    };
    Some((word.family, drawn))
}

/// What a signal did, and whether it told the truth.
pub fn present(facts: &RunFacts, signal: &Signal) -> Markup {
    let Some(answer) = facts.signals.get(signal.signal.as_str()) else {
        return badge(&Word::from(Outcome::Unknown).saying("Not answered"));
    };
    let word = Word::from(telemetry_signal(facts, signal));
    let word = if is_late(facts, signal) { word.saying("Blind spot, late") } else { word };
    let did = match answer.seen {
        SignalSeen::Fired { lo_ms, hi_ms } if lo_ms == hi_ms => format!("fired after {}", span_words(lo_ms)),
        SignalSeen::Fired { lo_ms, hi_ms } => format!("fired after {} to {}", span_words(lo_ms), span_words(hi_ms)),
        SignalSeen::Silent => "stayed silent".to_owned(),
        SignalSeen::NoData => "no data".to_owned(),
    };
    html! { span.num { (did) } " " (badge(&word)) }
}
