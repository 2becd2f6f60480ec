//! What was seen, and the key facts beside it.

use leptos::prelude::*;
use notebook::findings::Finding;
use notebook::runs::acts::Shown as RunShown;

use super::revealing;
use super::words::condition_sentence;
use crate::parts::facts::{Fact, Facts};
use crate::parts::prose::Prose;
use crate::paths;
use crate::times::Times;

pub fn seen(finding: &Finding, origin: Option<&RunShown>) -> AnyView {
    let summary = match &finding.body.summary {
        Some(summary) => view! { <Prose text=summary.to_string()/> }.into_any(),
        None => view! { <p class="muted">"Nothing more is written about it yet."</p> }.into_any(),
    };
    let revealed = match (&finding.body.revealing, finding.origin) {
        (Some(revealing), _) => {
            let words = revealing::words(revealing, origin.map(|shown| &shown.facts));
            view! { <p>"Revealed by " <strong>{words}</strong> "."</p> }.into_any()
        }
        (None, Some(_)) => view! {
            <p>"No check reveals it yet. Until one does, no rerun can verify a fix: edit the finding and choose one."</p>
        }
        .into_any(),
        (None, None) => view! {
            <p>"No run showed it, so no check reveals it, and no rerun can verify a fix."</p>
        }
        .into_any(),
    };
    view! {
        <section>
            <h2>"What was seen"</h2>
            {summary}
            {revealed}
            <p>{condition_sentence(&finding.body.condition)}</p>
        </section>
    }
    .into_any()
}

pub fn aside(finding: &Finding, origin: Option<&RunShown>, times: &Times) -> AnyView {
    let run = finding.origin.map(|run| {
        let title = origin.map(|shown| shown.run.title.clone());
        view! {
            <Fact term="Seen first in">
                <a class="id" href=paths::run(run)>{run.to_string()}</a>
                " "
                {title}
            </Fact>
        }
    });
    let experiment = finding.experiment.map(|id| {
        view! { <Fact term="Experiment"><a class="id" href=paths::experiment(id)>{id.to_string()}</a></Fact> }
    });
    let introduced_by = finding.body.introduced_by.map(|fix| {
        view! { <Fact term="Introduced by"><a class="id" href=paths::fix(fix)>{fix.to_string()}</a></Fact> }
    });
    let kind = finding.kind.label();
    let environment = finding.environment.to_string();
    let (services, written) = (services(finding), times.when(finding.created_at));
    view! {
        <section class="card">
            <h2>"Facts"</h2>
            <Facts>
                <Fact term="Kind">{kind}</Fact>
                {run}
                {experiment}
                <Fact term="Environment">{environment}</Fact>
                <Fact term="Services">{services}</Fact>
                {introduced_by}
                <Fact term="Written">{written}</Fact>
            </Facts>
        </section>
    }
    .into_any()
}

fn services(finding: &Finding) -> AnyView {
    if finding.services.is_empty() {
        return view! { <span class="muted">"none named"</span> }.into_any();
    }
    let items = finding.services.iter().map(|slug| {
        view! { <li><a href=paths::service(slug)>{slug.to_string()}</a></li> }
    });
    view! { <ul class="plain">{items.collect_view()}</ul> }.into_any()
}
