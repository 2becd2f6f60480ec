//! What waits for somebody, each thing once: the head of the queue of what is due, and what else is asked for.

use std::collections::BTreeSet;

use leptos::prelude::*;
use notebook::findings::Status;
use notebook::retrials::acts::{DueQueue, FindingRow, Today};
use notebook::retrials::due::Due;
use notebook::runs::acts::Row;
use notebook::runs::validity::Validity;

use crate::parts::page::Empty;
use crate::parts::sample::mark;
use crate::parts::words::{Word, stage};
use crate::paths;
use crate::times::Times;
use crate::words::{verdict_due, with_reason};

/// Things of the queue shown; its own page holds the rest.
const DUE_MAX: usize = 6;
/// Items of one kind shown beside them; the lists hold the rest.
const OF_A_KIND_MAX: usize = 5;

/// One thing to do, and where.
struct Item {
    word: Word,
    id: String,
    title: String,
    href: String,
    /// What is asked for: "Sign its verdict".
    asks: Option<AnyView>,
}

/// What is asked for, a list of each kind, in the order in which they should be looked at.
fn asked(today: &Today, times: &Times) -> [Vec<Item>; 5] {
    let due = today.due.iter().map(|row| due(row, times));
    let reviews = today.reviews.iter().map(|experiment| Item {
        word: stage::IN_REVIEW.saying("Review asked"),
        id: experiment.revision_name(experiment.revision),
        title: experiment.title.to_string(),
        href: paths::experiment(experiment.id),
        asks: Some(format!("Read the plan that {} wrote", named(&experiment.owner_name)).into_any()),
    });
    let reruns = today.reruns.iter().map(|row| Item {
        word: row.headline.into(),
        id: row.fix.id.to_string(),
        title: row.fix.title.to_string(),
        href: paths::fix(row.fix.id),
        // Something may follow on the same line, so it is no sentence here.
        asks: Some(row.waits.as_deref().unwrap_or("A rerun is owed").trim_end_matches('.').to_owned().into_any()),
    });
    let open = today.open.iter().map(|row| Item {
        word: row.status.into(),
        id: row.finding.id.to_string(),
        title: row.finding.title.to_string(),
        href: paths::finding(row.finding.id),
        asks: Some(format!("{} severity; {}", row.finding.severity.label(), unfixed(row)).into_any()),
    });
    let shaken = today.shaken.iter().map(|row| Item {
        word: row.standing.into(),
        id: row.decision.id.to_string(),
        title: row.decision.title.to_string(),
        href: paths::decision(row.decision.id),
        asks: Some("Look whether it still holds".into_any()),
    });
    [due.collect(), reviews.collect(), reruns.collect(), open.collect(), shaken.collect()]
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
        asks: Some(view! { {asks} {ended.map(|when| view! { "; ended " {when} })} }.into_any()),
    }
}

/// A thing of the queue with the queue's reason, and with what is asked for if it is asked for as well.
fn pressing(due: Due, asked: Option<Item>) -> Item {
    let weight = due.weight.words();
    let (href, asks) = asked.map_or_else(|| (paths::thing(&due.of), None), |item| (item.href, item.asks));
    let asks = match (asks, weight.is_empty()) {
        (asks, true) => asks,
        (Some(asks), false) => Some(view! { {asks} "; " {weight} }.into_any()),
        (None, false) => Some(weight.into_any()),
    };
    Item { word: due.reason.into(), id: due.of, title: due.title, href, asks }
}

/// Takes an item out of the lists: it is said somewhere else.
fn take(asked: &mut [Vec<Item>], id: &str) -> Option<Item> {
    asked.iter_mut().find_map(|kind| {
        let place = kind.iter().position(|item| item.id == id)?;
        Some(kind.remove(place))
    })
}

/// The most pressing of the queue first; below it stands what is asked for and not said there.
pub fn waiting(today: &Today, queue: DueQueue, times: &Times) -> AnyView {
    let all = if queue.cut { "All that is due".to_owned() } else { format!("All that is due ({})", queue.due.len()) };
    let mut asked = asked(today, times);
    let mut said = BTreeSet::new();
    let head = queue.due.into_iter().filter(|due| said.insert(due.of.clone())).take(DUE_MAX);
    let head: Vec<_> = head
        .map(|due| {
            let item = take(&mut asked, &due.of);
            line(pressing(due, item))
        })
        .collect();
    let besides: Vec<_> = asked.into_iter().flat_map(|kind| kind.into_iter().take(OF_A_KIND_MAX)).map(line).collect();
    let nothing = (head.is_empty() && besides.is_empty()).then(|| {
        let sentence = "No verdict is due, no review is asked, no rerun is owed.";
        view! { <Empty heading="Nothing waits" sentence=sentence/> }
    });
    let is_due = !head.is_empty();
    let head = is_due.then(|| {
        view! {
            <h3>"Due first"</h3>
            <ul class="plain">{head}</ul>
            <p><a href=paths::due()>{all}</a></p>
        }
    });
    let besides = (!besides.is_empty()).then(|| {
        view! {
            {is_due.then(|| view! { <h3>"Also asked for"</h3> })}
            <ul class="plain">{besides}</ul>
        }
    });
    view! { <section class="card"><h2>"Waiting for somebody"</h2>{nothing}{head}{besides}</section> }.into_any()
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
            {item.asks.map(|asks| view! { <br/><small>{asks}</small> })}
        </li>
    }
    .into_any()
}
