//! What a closed run is held beside: findings, decision, the run before, how long it took, and facts.

use app::{parts::words::Word, paths, runs::loaded::Loaded};
use maud::{Markup, html};
use notebook::{
    experiments::words::blast_words,
    runs::telemetry::detection_delay_ms,
    text::{Slug, Title},
    time::span_words,
};

use super::parts::{badge, fact, when};

pub fn aside(run: &Loaded) -> Markup {
    html! { (found(run)) (decided(run)) (chef(run)) (before(run)) (durations(run)) (facts(run)) }
}

fn found(run: &Loaded) -> Markup {
    html! {
        section.card {
            h2 { "Found" }
            @if run.findings.is_empty() { p.muted { "No finding is written yet." } }
            @else {
                ul.plain {
                    @for row in &run.findings {
                        li {
                            (badge(&Word::from(row.status))) " " span.id { (row.finding.id) } " "
                            a href=(paths::finding(row.finding.id)) { (row.finding.title) }
                        }
                    }
                }
            }
        }
    }
}

fn decided(run: &Loaded) -> Markup {
    html! {
        @if !run.decisions.is_empty() {
            section.card {
                h2 { "Decision" }
                ul.plain {
                    @for row in &run.decisions {
                        li {
                            (badge(&Word::from(row.standing))) " " span.id { (row.decision.id) } " "
                            a href=(paths::decision(row.decision.id)) { (row.decision.title) }
                        }
                    }
                }
            }
        }
    }
}

fn chef(run: &Loaded) -> Markup {
    html! {
        @if !run.chef_failed.is_empty() {
            section.card id="chef-failed" {
                h2 { "Chef failed meanwhile" }
                ul { @for failed in &run.chef_failed { li { (failed.words()) " " (when(&run.times, failed.ended_at)) } } }
            }
        }
    }
}

fn before(run: &Loaded) -> Markup {
    if run.shown.before.is_none() && run.since.is_none() {
        return html! {};
    }
    html! { section.card { h2 { "Beside the run before" } (relation(run)) (changes(run)) } }
}

fn relation(run: &Loaded) -> Markup {
    let Some((before, compared)) = &run.shown.before else { return html! {} };
    let (old, new) = (before.revision, run.shown.run.revision);
    html! {
        p {
            (badge(&Word::from(compared.relation))) " to the plan of "
            a.id href=(paths::run(before.id)) { (before.id) }
        }
        @if !run.facts().follows_its_plan() {
            p { "It deviated from its own plan, so the run counts as a different experiment." }
        }
        @if !compared.fields.is_empty() { ul { @for field in &compared.fields { li { (field.says) } } } }
        @if old != new {
            p {
                a href=(paths::compare(run.shown.run.experiment, old.min(new), old.max(new))) {
                    "Compare @" (old) " and @" (new)
                }
            }
        }
    }
}

fn changes(run: &Loaded) -> Markup {
    let Some(since) = &run.since else { return html! {} };
    let href = paths::run(since.from);
    if since.changes.is_empty() {
        return html! { p { "No change is recorded since " a.id href=(href) { (since.from) } "." } };
    }
    let own = &run.facts().identity.services;
    html! {
        h3 { "Changed since " a.id href=(href) { (since.from) } }
        ul.plain {
            @for change in &since.changes {
                @let touched: Vec<&str> = change.services.iter().filter(|slug| own.contains(*slug)).map(Slug::as_str).collect();
                li {
                    (when(&run.times, change.at)) " " (change.kind.label().to_lowercase()) ": " (change.summary)
                    @if !touched.is_empty() { " " strong { "touches " (touched.join(", ")) } }
                }
            }
        }
        p data-print="none" { a href=(paths::compared_runs(&[since.from, run.shown.run.id], false)) { "Compare both runs" } }
    }
}

fn durations(run: &Loaded) -> Markup {
    let facts = run.facts();
    let span = |from: Option<notebook::time::Moment>, to: Option<notebook::time::Moment>| {
        to.zip(from).map(|(to, from)| span_words(to.ms_since(from).max(0)))
    };
    let delay = detection_delay_ms(facts)
        .map(|(lo, hi)| if lo == hi { span_words(lo) } else { format!("{} to {}", span_words(lo), span_words(hi)) });
    let lines = [
        ("Fault lasted", span(facts.fault_started, facts.fault_ended)),
        ("Detected after", delay),
        ("Reverted within", span(facts.fault_ended, facts.recovered)),
    ];
    if lines.iter().all(|(_, value)| value.is_none()) {
        return html! {};
    }
    html! {
        section.card {
            h2 { "How long it took" }
            dl.facts {
                @for (term, value) in lines {
                    @if let Some(value) = value { (fact(term, &html! { span.num { (value) } })) }
                }
            }
        }
    }
}

fn facts(run: &Loaded) -> Markup {
    let (row, shown) = (&run.shown.run, &run.shown);
    let at = |term: &str, at: Option<notebook::time::Moment>| {
        html! { @if let Some(at) = at { (fact(term, &when(&run.times, at))) } }
    };
    let words =
        |term: &str, words: Option<&str>| html! { @if let Some(words) = words { (fact(term, &html! { (words) })) } };
    let blast = blast_words(&shown.plan);
    let deadline = shown.plan.context.revert.deadline_ms.map(span_words);
    html! {
        section.card {
            h2 { "Facts" }
            dl.facts {
                (fact("Experiment", &html! { a href=(paths::experiment(row.experiment)) { (row.title) } }))
                (fact("Plan", &html! { a.id href=(paths::plan(row.experiment, row.revision)) { (row.experiment) "@" (row.revision) } }))
                (at("Planned for", row.planned_at))
                (at("Started", run.facts().started))
                (at("Ended", run.facts().ended))
                @if let Some(id) = &shown.replaces { (fact("Replaces", &html! { a.id href={ "/" (id) } { (id) } })) }
                (words("Blast radius", blast.as_deref()))
                (words("Revert within", deadline.as_deref()))
                (crew(run))
                (words("Note", shown.note.as_deref()))
            }
        }
    }
}

fn crew(run: &Loaded) -> Markup {
    let crew = &run.shown.crew;
    let named = [("Owner", &crew.owner), ("Coordinator", &crew.coordinator), ("Reporter", &crew.reporter)];
    let observers: Vec<&str> = crew.observers.iter().map(Title::as_str).collect();
    html! {
        @for (term, name) in named { @if let Some(name) = name { (fact(term, &html! { (name) })) } }
        @if !observers.is_empty() { (fact("Observers", &html! { (observers.join(", ")) })) }
    }
}
