//! What a run is held beside: the run before it, changes since then, its findings, its cost, its decision.

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::runs::telemetry::detection_delay_ms;
use notebook::time::{extent_words, span_words};

use crate::parts::facts::{Fact, Facts};
use crate::parts::words::Word;
use crate::paths;
use crate::runs::compare::earlier;
use crate::runs::loaded::Loaded;

/// The relation to the last valid run before, and what was changed since the one that started before.
pub fn section(run: &Loaded) -> Option<AnyView> {
    let (relation, changes) = (relation(run), changes(run));
    if relation.is_none() && changes.is_none() {
        return None;
    }
    Some(view! { <section class="card"><h2>"Beside the run before"</h2>{relation}{changes}</section> }.into_any())
}

/// Failures that share time with the run: they may explain what it saw.
pub fn chef(run: &Loaded) -> Option<AnyView> {
    if run.chef_failed.is_empty() {
        return None;
    }
    let items = run.chef_failed.iter().map(|failed| {
        let (words, ended) = (failed.words(), run.times.when(failed.ended_at));
        view! { <li>{words} " " {ended}</li> }
    });
    let items = items.collect_view();
    Some(
        view! { <section class="card" id="chef-failed"><h2>"Chef failed meanwhile"</h2><ul>{items}</ul></section> }
            .into_any(),
    )
}

/// The dashboards everybody looks at, and the runbooks.
pub fn links(run: &Loaded) -> Option<AnyView> {
    let all = run.links.iter().flat_map(|(slug, links)| links.iter().map(move |link| (slug, link)));
    let items = all.map(|(slug, link)| {
        let (href, title, of) = (link.url.to_string(), link.title.to_string(), format!(" of {slug}"));
        view! { <li><a href=href rel="noreferrer">{title}</a>{of}</li> }
    });
    let items = items.collect_view();
    (!run.links.is_empty()).then(|| {
        view! { <section class="card" id="links"><h2>"Dashboards and runbooks"</h2><ul class="plain">{items}</ul></section> }
            .into_any()
    })
}

/// What was run is not what was planned.
const DEVIATED: &str = "It deviated from its own plan, so the run counts as a different experiment.";

fn relation(run: &Loaded) -> Option<AnyView> {
    let (before, compared) = run.shown.before.as_ref()?;
    let badge = Word::from(compared.relation).badge();
    let (href, id) = (paths::run(before.id), before.id.to_string());
    let revisions = (before.revision, run.shown.run.revision);
    let difference = (revisions.0 != revisions.1).then(|| {
        let href = paths::compare(run.shown.run.experiment, revisions.0.min(revisions.1), revisions.0.max(revisions.1));
        let words = format!("Compare @{} and @{}", revisions.0, revisions.1);
        view! { <p><a href=href>{words}</a></p> }
    });
    let fields = compared.fields.iter().map(|field| view! { <li>{field.says.clone()}</li> }).collect_view();
    let fields = (!compared.fields.is_empty()).then(|| view! { <ul>{fields}</ul> });
    let deviated = (!run.facts().follows_its_plan()).then(|| view! { <p>{DEVIATED}</p> });
    Some(
        view! { <p>{badge}" to the plan of "<a class="id" href=href>{id}</a></p>{deviated}{fields}{difference} }
            .into_any(),
    )
}

fn changes(run: &Loaded) -> Option<AnyView> {
    let since = run.since.as_ref()?;
    let (href, id) = (paths::run(since.from), since.from.to_string());
    if since.changes.is_empty() {
        return Some(view! { <p>"No change is recorded since "<a class="id" href=href>{id}</a>"."</p> }.into_any());
    }
    let own = &run.facts().identity.services;
    let items = since.changes.iter().map(|change| {
        let touched: Vec<&str> =
            change.services.iter().filter(|slug| own.contains(*slug)).map(notebook::text::Slug::as_str).collect();
        let touches = (!touched.is_empty()).then(|| view! { " "<strong>"touches "{touched.join(", ")}</strong> });
        let kind = format!(" {}: ", change.kind.label().to_lowercase());
        let irrelevant = change.irrelevant.is_some().then_some(" (irrelevant)");
        let (href, summary) = (paths::change(change.id), change.summary.to_string());
        view! { <li>{run.times.when(change.at)}{kind}<a href=href>{summary}</a>{touches}{irrelevant}</li> }
    });
    let items = items.collect_view();
    let earlier = earlier(since.changes.len(), since.changes_all);
    let both = paths::compared_runs(&[since.from, run.id()], false);
    Some(
        view! {
            <h3>"Changed since "<a class="id" href=href>{id}</a></h3>
            <ul class="plain">{earlier}{items}</ul>
            <p data-print="none"><a href=both>"Compare both runs"</a></p>
        }
        .into_any(),
    )
}

pub fn findings(run: &Loaded) -> AnyView {
    let items = run.findings.iter().map(|row| {
        let badge = Word::from(row.status).badge();
        let (href, id, title) =
            (paths::finding(row.finding.id), row.finding.id.to_string(), row.finding.title.to_string());
        view! { <li>{badge}" "<span class="id">{id}</span>" "<a href=href>{title}</a></li> }
    });
    let items = items.collect_view();
    let list = if run.findings.is_empty() {
        view! { <p class="muted">"No finding is written yet."</p> }.into_any()
    } else {
        view! { <ul class="plain">{items}</ul> }.into_any()
    };
    let write = run
        .shows(Act::WriteFinding)
        .then(|| view! { <p data-print="none"><a href=paths::new_finding(run.id())>"Write finding"</a></p> });
    view! { <section class="card"><h2>"Found"</h2>{list}{write}</section> }.into_any()
}

/// How long it took to see the fault and to get rid of it, where that is known.
pub fn durations(run: &Loaded) -> Option<AnyView> {
    let facts = run.facts();
    let delay = detection_delay_ms(facts).map(extent_words);
    let revert = facts.revert_ms().map(extent_words);
    let fault =
        facts.fault_ended.zip(facts.fault_started).map(|(ended, began)| span_words(ended.ms_since(began).max(0)));
    if delay.is_none() && revert.is_none() && fault.is_none() {
        return None;
    }
    let line = |term: &'static str, value: Option<String>| {
        value.map(|value| view! { <Fact term=term><span class="num">{value}</span></Fact> })
    };
    let lines = view! { {line("Fault lasted", fault)}{line("Detected after", delay)}{line("Reverted within", revert)} };
    Some(view! { <section class="card"><h2>"How long it took"</h2><Facts>{lines}</Facts></section> }.into_any())
}

pub fn decisions(run: &Loaded) -> Option<AnyView> {
    if run.decisions.is_empty() {
        return None;
    }
    let items = run.decisions.iter().map(|row| {
        let badge = Word::from(row.standing).badge();
        let (href, id, title) =
            (paths::decision(row.decision.id), row.decision.id.to_string(), row.decision.title.to_string());
        view! { <li>{badge}" "<span class="id">{id}</span>" "<a href=href>{title}</a></li> }
    });
    let items = items.collect_view();
    Some(view! { <section class="card"><h2>"Decision"</h2><ul class="plain">{items}</ul></section> }.into_any())
}
