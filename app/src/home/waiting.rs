//! What waits for somebody: verdicts, reviews, reruns, findings, decisions.

use leptos::prelude::*;
use notebook::findings::Status;
use notebook::retrials::acts::{FindingRow, Today};
use notebook::runs::acts::Row;
use notebook::runs::validity::Validity;

use crate::parts::page::Empty;
use crate::parts::sample::mark;
use crate::parts::words::{Word, stage};
use crate::paths;
use crate::times::Times;
use crate::words::{verdict_due, with_reason};

/// Items of one kind shown; the lists hold the rest.
const OF_A_KIND_MAX: usize = 5;

/// One thing to do, and where.
pub struct Item {
    word: Word,
    id: String,
    title: String,
    href: String,
    /// What is asked for: "Sign its verdict".
    asks: AnyView,
}

/// In the order in which they should be looked at.
pub fn items(today: &Today, times: &Times) -> Vec<Item> {
    let mut items = Vec::new();
    items.extend(today.due.iter().take(OF_A_KIND_MAX).map(|row| due(row, times)));
    items.extend(today.reviews.iter().take(OF_A_KIND_MAX).map(|experiment| Item {
        word: stage::IN_REVIEW.saying("Review asked"),
        id: experiment.revision_name(experiment.revision),
        title: experiment.title.to_string(),
        href: paths::experiment(experiment.id),
        asks: format!("Read the plan that {} wrote", named(&experiment.owner_name)).into_any(),
    }));
    items.extend(today.reruns.iter().take(OF_A_KIND_MAX).map(|row| Item {
        word: row.headline.into(),
        id: row.fix.id.to_string(),
        title: row.fix.title.to_string(),
        href: paths::fix(row.fix.id),
        asks: row.waits.clone().unwrap_or_else(|| "A rerun is owed".to_owned()).into_any(),
    }));
    items.extend(today.open.iter().take(OF_A_KIND_MAX).map(|row| Item {
        word: row.status.into(),
        id: row.finding.id.to_string(),
        title: row.finding.title.to_string(),
        href: paths::finding(row.finding.id),
        asks: format!("{} severity; {}", row.finding.severity.label(), unfixed(row)).into_any(),
    }));
    items.extend(today.shaken.iter().take(OF_A_KIND_MAX).map(|row| Item {
        word: row.standing.into(),
        id: row.decision.id.to_string(),
        title: row.decision.title.to_string(),
        href: paths::decision(row.decision.id),
        asks: "Look whether it still holds".into_any(),
    }));
    items
}

fn unfixed(row: &FindingRow) -> &'static str {
    match row.status {
        Status::Regressed => "seen again after a fix was verified",
        _ if row.fixes.is_empty() => "no fix is proposed",
        _ => "no fix holds",
    }
}

fn named(name: &str) -> &str {
    if name.is_empty() { "the operator" } else { name }
}

/// A run that is over: its verdict waits, or only its closing does.
fn due(row: &Row, times: &Times) -> Item {
    let run = &row.run;
    let verdict = verdict_due(run.execution, row.validity, row.verdict);
    let word = verdict.or(row.validity.map(with_reason)).unwrap_or_else(|| run.execution.into());
    let asks = match (row.validity, row.verdict) {
        (Some(Validity::Invalid(_)), _) | (_, Some(_)) => "Close the run",
        (Some(Validity::Open), None) => "Say whether it counts, then sign its verdict",
        (Some(Validity::Valid) | None, None) => "Sign its verdict",
    };
    let ended = run.ended_at.map(|at| times.when(at));
    Item {
        word,
        id: run.id.to_string(),
        title: run.title.clone(),
        href: paths::run(run.id),
        asks: view! { {asks} {ended.map(|when| view! { "; ended " {when} })} }.into_any(),
    }
}

#[component]
pub fn Waiting(items: Vec<Item>) -> impl IntoView {
    let content = if items.is_empty() {
        let sentence = "No verdict is due, no review is asked, no rerun is owed.";
        view! { <Empty heading="Nothing waits" sentence=sentence/> }.into_any()
    } else {
        let lines: Vec<_> = items.into_iter().map(line).collect();
        view! { <ul class="plain">{lines}</ul> }.into_any()
    };
    view! { <section class="card"><h2>"Waiting for you"</h2>{content}</section> }.into_any()
}

fn line(item: Item) -> AnyView {
    let sample = mark(&item.id);
    view! {
        <li>
            {item.word.badge()}
            " "
            <span class="id muted">{item.id}</span>
            {sample}
            " "
            <a href=item.href>{item.title}</a>
            <br/>
            <small>{item.asks}</small>
        </li>
    }
    .into_any()
}
