//! The record of a closed run: its head, its answers, what was learnt, seen and put right.

use app::{
    parts::{
        when::absolute,
        words::{self, Word},
    },
    paths,
    runs::loaded::Loaded,
    words::{sentence, with_reason},
};
use maud::{Markup, html};
use notebook::{
    actor::Via,
    experiments::{
        plan::{Aggregate, Check, CheckKey, Outcome, Phase},
        words::{check_words, signal_words},
    },
    retrials::acts::OpenFix,
    runs::{
        facts::{RunTarget, Verdict},
        telemetry::telemetry_gaps,
        trail::RunEvent,
        validity::Validity,
        verdict::recovery,
    },
    text::Title,
    time::span_words,
};

use super::{
    beside, gate,
    marks::{present, timeline},
    parts::{badge, prose, table, when, why},
};

pub fn content(run: &Loaded) -> Markup {
    html! {
        div.stack {
            (hypothesis(run))
            (answers(run))
            div.page {
                div.stack {
                    (learnt(run)) (timeline(run)) (steady(run)) (gaps(run)) (targets(run))
                    (gate::spent(run)) (corrections(run)) (gate::passed(run)) (history(run))
                }
                aside.stack { (beside::aside(run)) }
            }
        }
    }
}

pub fn head(run: &Loaded) -> Markup {
    let row = &run.shown.run;
    let hit: Vec<&str> = run.facts().targets.iter().filter(|t| t.hit).map(|t| t.name.as_str()).collect();
    html! {
        header.page-head {
            div.row {
                span.id.muted { (row.id) " of " (row.experiment) "@" (row.revision) }
                (badge(&Word::from(row.execution)))
                span.muted {
                    @if let Some(started) = run.facts().started { (when(&run.times, started)) }
                    " · " (row.environment)
                    @if !hit.is_empty() { " · " code { (hit.join(", ")) } }
                }
            }
            div.row.spread {
                h1 { (row.title) }
                div.row { a.button href=(paths::report(row.id)) { "Report" } }
            }
        }
    }
}

fn hypothesis(run: &Loaded) -> Markup {
    let sentence = &run.shown.plan.context.hypothesis;
    let verdict = run.shown.verdict.map(Verdict::word);
    let parts = sentence.fault.as_ref().zip(sentence.behaviour.as_ref()).zip(sentence.safeguard.as_ref());
    html! {
        @if let Some(((fault, behaviour), safeguard)) = parts {
            p.hypothesis data-verdict=[verdict] {
                span.keyword { "If" } " " strong { (fault) } " "
                span.keyword { "then" } " " strong { (behaviour) } " "
                span.keyword { "because" } " " (safeguard)
            }
        }
    }
}

/// " by Ben" for the last line that fits.
fn by(run: &Loaded, fits: impl Fn(&RunEvent) -> bool) -> String {
    run.trail.iter().rev().find(|told| fits(&told.event)).map(|told| format!(" by {}", told.who())).unwrap_or_default()
}

fn answers(run: &Loaded) -> Markup {
    let telemetry = &run.shown.telemetry;
    let asked = format!("Why does telemetry say {}?", telemetry.is.label().to_lowercase());
    html! {
        dl.answers {
            @if let Some(answer) = &run.shown.validity {
                div {
                    dt { "Validity" }
                    dd { (badge(&with_reason(answer.is))) (why_valid(run)) }
                    @if run.facts().ruling.is_some() {
                        dd.muted { "ruled" (by(run, |event| matches!(event, RunEvent::ValidityRuled { .. }))) }
                    }
                }
            }
            (verdict(run))
            div { dt { "Telemetry" } dd { (badge(&Word::from(telemetry.is))) (why(&asked, &telemetry.because, &run.times)) } }
            @for open in &run.open { (fix(run, open)) }
        }
    }
}

fn why_valid(run: &Loaded) -> Markup {
    html! {
        @if let Some(answer) = &run.shown.validity {
            (why(&format!("Why is {} {}?", run.id(), answer.is.label().to_lowercase()), &answer.because, &run.times))
        }
    }
}

fn verdict(run: &Loaded) -> Markup {
    if matches!(run.shown.validity.as_ref().map(|answer| answer.is), Some(Validity::Invalid(_))) {
        return html! { div { dt { "Verdict" } dd { span.muted { "An invalid run has no verdict." } } } };
    }
    let signer = by(run, |event| matches!(event, RunEvent::Signed { .. }));
    let judge = by(run, |event| matches!(event, RunEvent::Overruled { .. }));
    html! {
        div {
            dt { "Verdict" }
            dd {
                (badge(&Word::from(run.shown.verdict)))
                @if let Some(answer) = &run.shown.proposed {
                    (why(&format!("Why do the values say {}?", answer.is.label().to_lowercase()), &answer.because, &run.times))
                }
            }
            @match (run.facts().signed, run.facts().overruled) {
                (Some(_), None) => dd.muted { "signed" (signer) },
                (Some(signed), Some(_)) => dd.muted { "signed " (signed.label().to_lowercase()) (signer) ", overruled" (judge) },
                (None, _) => {},
            }
        }
    }
}

fn fix(run: &Loaded, open: &OpenFix) -> Markup {
    let word = open.answer.as_ref().map(|answer| Word::from(answer.exercised));
    let word = word.unwrap_or_else(|| words::verdict::DUE.saying("Not answered"));
    let lacks = run.facts().lacks.contains(&open.fix.id);
    let reason = open.answer.as_ref().map(|answer| answer.reason.as_str()).filter(|reason| !reason.is_empty());
    html! {
        div {
            dt { (open.fix.id) " in this run" }
            dd { (badge(&word)) " " a href=(paths::fix(open.fix.id)) { (open.fix.title) } }
            dd.muted {
                "for " (open.finding.id)
                @if lacks { ", on a version recorded as lacking it" }
                @if let Some(reason) = reason { ": " (reason) }
            }
        }
    }
}

fn learnt(run: &Loaded) -> Markup {
    let signed = run.trail.iter().rev().find_map(|told| match &told.event {
        RunEvent::Signed { analysis, .. } => Some(analysis.as_ref()),
        _ => None,
    });
    html! {
        @if let Some(analysis) = signed.flatten() {
            section { h2 { "What was learnt" } (prose(analysis.as_str())) }
        }
    }
}

fn steady(run: &Loaded) -> Markup {
    let mut measures: Vec<(Title, Aggregate)> = Vec::new();
    for check in &run.facts().identity.checks {
        let measure = (check.key.measure.clone(), check.key.aggregate);
        if !measures.contains(&measure) {
            measures.push(measure);
        }
    }
    let rows = html! {
        @for (measure, aggregate) in &measures {
            tr { th scope="row" { (measure) ", " (aggregate.label()) } @for phase in Phase::ALL { td { (cell(run, measure, *aggregate, *phase)) } } }
        }
        (recovered(run))
        @for signal in &run.facts().identity.signals {
            tr {
                th scope="row" { "Signal " (signal.signal) " " (signal_words(signal)) }
                td { "\u{2013}" } td { (present(run.facts(), signal)) } td { "\u{2013}" }
            }
        }
    };
    let caption = "Steady state before, during and after the fault";
    html! {
        section { h2 { "Steady state" } (table("steady", caption, &["Check", "Before", "During", "After"], &rows)) }
    }
}

fn cell(run: &Loaded, measure: &Title, aggregate: Aggregate, phase: Phase) -> Markup {
    let key = CheckKey { measure: measure.clone(), phase, aggregate };
    let Some(check) = run.facts().identity.check(&key) else { return html! { "\u{2013}" } };
    html! { (value(run, check)) br; small { (check_words(check)) } }
}

fn value(run: &Loaded, check: &Check) -> Markup {
    match run.facts().answer(&check.key) {
        None => badge(&Word::from(Outcome::Unknown).saying("Not answered")),
        Some(answer) => html! {
            span.num { (answer.happened.words(check.unit.as_deref())) } " "
            (badge(&Word::from(run.facts().outcome(&check.key))))
        },
    }
}

fn recovered(run: &Loaded) -> Markup {
    let facts = run.facts();
    let took = facts.recovered.zip(facts.fault_ended).map(|(well, ended)| span_words(well.ms_since(ended).max(0)));
    let took = if facts.revert_failed { Some("the revert failed".to_owned()) } else { took };
    html! {
        @if let Some(outcome) = recovery(facts) {
            tr {
                th scope="row" { "Recovery" }
                td { "\u{2013}" } td { "\u{2013}" }
                td {
                    span.num { @if let Some(took) = took { (took) } } " " (badge(&Word::from(outcome))) br;
                    small { @if let Some(ms) = facts.identity.recovery_ms { "within " (span_words(ms)) } }
                }
            }
        }
    }
}

/// What telemetry left open, for whoever may not begin a finding of it.
fn gaps(run: &Loaded) -> Markup {
    let gaps = telemetry_gaps(run.facts());
    html! {
        @if !gaps.is_empty() {
            section id="heard" {
                h2 { "Telemetry and alerts" }
                h3 { "Gaps" }
                ul.plain {
                    @for gap in &gaps {
                        li {
                            (badge(&Word::from(gap.is))) " "
                            (sentence(gap.says.split_once(": ").map_or(&*gap.says, |(_, says)| says)))
                        }
                    }
                }
            }
        }
    }
}

fn targets(run: &Loaded) -> Markup {
    let rows = html! {
        @for target in &run.facts().targets {
            tr {
                th scope="row" { code { (target.name) } }
                td { @if let Some(role) = &target.role { (role) } @else { "\u{2013}" } }
                td {
                    @if target.hit { (badge(&Word::from(target.effect))) } @else { span.muted { "eligible, not hit" } }
                }
                td { (evidence(run, target)) }
            }
        }
    };
    let heads = ["Target", "Role then", "Fault", "Evidence"];
    html! {
        section {
            h2 { "Targets" }
            @if run.facts().targets.is_empty() { p.muted { "No target is named." } }
            @else { (table("resolved", "Targets and the effect on them", &heads, &rows)) }
        }
    }
}

fn evidence(run: &Loaded, target: &RunTarget) -> Markup {
    let last = run.trail.iter().rev().find_map(|told| match &told.event {
        RunEvent::Effect { target: name, evidence, .. } if *name == target.name => Some(evidence.as_ref()),
        _ => None,
    });
    html! { @if let Some(evidence) = last.flatten() { (evidence) } @else { "\u{2013}" } }
}

fn corrections(run: &Loaded) -> Markup {
    let amended = run.trail.iter().filter_map(|told| match &told.event {
        RunEvent::Amended { text } => Some((told, text)),
        _ => None,
    });
    let amended: Vec<_> = amended.collect();
    html! {
        @if !amended.is_empty() {
            section {
                h2 { "Amendments" }
                ol.plain {
                    @for (told, text) in amended {
                        li { p.muted { (told.who()) ", " (when(&run.times, told.entry.at)) } (prose(text.as_str())) }
                    }
                }
            }
        }
        section.card data-print="none" {
            h2 { "Corrections" }
            p { "This run is closed and does not change. What is put right is added, with its reason, and counts from then on." }
            div.stack {
                @if let Some(answer) = &run.shown.validity {
                    section { h3 { "Validity" } p { (badge(&with_reason(answer.is))) } (why_valid(run)) }
                }
                section id="verdict" { h3 { "Verdict" } (signed(run)) }
            }
        }
    }
}

fn signed(run: &Loaded) -> Markup {
    let Some(signed) = run.facts().signed else {
        return html! { p.muted { "An invalid run has no verdict." } };
    };
    let overruling = run.trail.iter().rev().find_map(|told| match &told.event {
        RunEvent::Overruled { reason, .. } => Some(reason),
        _ => None,
    });
    html! {
        p { (badge(&Word::from(signed))) " signed" (by(run, |event| matches!(event, RunEvent::Signed { .. }))) }
        @if let Some(verdict) = run.facts().overruled {
            p {
                (badge(&Word::from(verdict))) " overruled" (by(run, |event| matches!(event, RunEvent::Overruled { .. })))
                "; no check changed by this"
            }
            @if let Some(reason) = overruling { (prose(reason.as_str())) }
        }
    }
}

fn history(run: &Loaded) -> Markup {
    html! {
        details.fold {
            summary { "History" }
            ol.plain aria-label={ "History of " (run.id()) } {
                @for told in run.trail.iter().rev() {
                    @let (did, text) = told.words();
                    li {
                        span.muted { (when(&run.times, told.entry.at)) } " " strong { (told.who()) } " " (did)
                        @if told.is_late() {
                            " (written down " (absolute(told.entry.recorded_at.micros(), &run.times.zone)) ")"
                        }
                        @if told.entry.via != Via::Form { " (by " (told.entry.via.word()) ")" }
                        @if let Some(text) = text { (prose(&text)) }
                    }
                }
            }
        }
    }
}
