//! The gate as the run passed it, and what the run cost the promises it touched.

use app::{
    gate::lines::{name_of, word},
    paths,
    runs::loaded::Loaded,
};
use maud::{Markup, html};
use notebook::{
    gate::{
        answers::{Outcome, Reply, Settled},
        passed::{BudgetFit, BudgetSeen},
    },
    ledger::Cost,
    slos::words::bad_events,
    time::span_words,
};

use super::parts::{badge, table};

pub fn passed(run: &Loaded) -> Markup {
    let Some(passed) = &run.shown.passed else { return html! {} };
    let here: Vec<String> = passed.present.iter().map(|one| name_of(&run.names, one.person)).collect();
    let bound = if passed.binding {
        "What the gate said when the run started."
    } else {
        "What the gate would have said. The run had begun when it was written down, so nothing was kept from starting."
    };
    let policy = match passed.policy {
        0 => "the usual limits".to_owned(),
        version => format!("policy version {version}"),
    };
    html! {
        details.fold id="gate" {
            summary { "Gate at the start" }
            p.muted { (bound) }
            ul.plain { @for settled in &passed.checks { (line(run, settled)) } }
            @if !here.is_empty() { p { "Present: " (here.join(", ")) "." } }
            p.muted { "By " a href=(paths::policy()) { (policy) } "." }
        }
    }
}

fn line(run: &Loaded, settled: &Settled) -> Markup {
    let line = &settled.line;
    html! {
        li data-check=(line.check.word()) {
            (badge(&word(line))) " " strong { (line.check.label()) } ": " (line.says)
            @if let Some(words) = outcome(run, settled) { p.muted { (words) } }
        }
    }
}

fn outcome(run: &Loaded, settled: &Settled) -> Option<String> {
    let alone = if settled.no_second_person { " (no second person)" } else { "" };
    let said = |reply: &Reply, did: &str| format!("{} {did}{alone}: {}", name_of(&run.names, reply.by), reply.text);
    match &settled.outcome {
        Outcome::Answered(reply) => Some(said(reply, "answered")),
        Outcome::Overridden(reply) => Some(said(reply, "overrode this")),
        Outcome::Waits => Some("Waits for an answer by a second person.".to_owned()),
        Outcome::Go | Outcome::Refused => None,
    }
}

/// Nothing where nothing was promised.
pub fn spent(run: &Loaded) -> Markup {
    let Some(first) = run.costs.first() else { return html! {} };
    let heads = ["SLO", "At most, at the start", "Measured", "Of what was left", "Usual"];
    let rows = html! { @for cost in &run.costs { (cost_row(run, cost)) } };
    html! {
        section id="spent" {
            h2 { "What it cost" }
            p.muted {
                "Bad events from the start of the fault, " (first.until.words()) ". Measurements that reach over an end "
                "make it a range. Usual is what as much time costs at the rate of the day before."
            }
            (table("spent-table", "Cost of the run to each SLO", &heads, &rows))
        }
    }
}

fn cost_row(run: &Loaded, cost: &Cost) -> Markup {
    let (worst, share) = match seen(run, cost).map(|seen| &seen.fits) {
        None => ("not asked".to_owned(), "unknown".to_owned()),
        Some(BudgetFit::Unknown(_)) => ("unknown".to_owned(), "unknown".to_owned()),
        Some(BudgetFit::Known { worst, still_allowed, .. }) => (bad_events(*worst), cost.share_of(*still_allowed)),
    };
    let gap = cost.spend.unmeasured_ms;
    html! {
        tr {
            td { a.id href=(paths::slo(cost.slo)) { (cost.slo) } br; (cost.title) }
            td.num { (worst) }
            td.num {
                (cost.words())
                @if cost.spend.bad.most.is_none() {
                    br;
                    span.muted { @if gap > 0 { (span_words(gap)) " not measured" } @else { "not measured" } }
                }
            }
            td.num { (share) }
            td.num { (cost.usual_words()) }
        }
    }
}

fn seen<'a>(run: &'a Loaded, cost: &Cost) -> Option<&'a BudgetSeen> {
    run.shown.passed.as_ref()?.budgets.iter().find(|budget| budget.slo == cost.slo)
}
