//! What a plan says, what it still lacks, and the revisions it went through.

use leptos::prelude::*;
use notebook::experiments::acts::RevisionSummary;
use notebook::experiments::plan::Plan;
use notebook::experiments::words::{AUTOMATION, Line, words};
use notebook::experiments::{Revision, missing_for_run};
use notebook::id::ExperimentId;

use crate::parts::facts::{Fact, Facts};
use crate::parts::page::Empty;
use crate::parts::prose::Prose;
use crate::parts::table::TableRegion;
use crate::parts::words::Word;
use crate::paths;
use crate::times::Times;
use crate::words::sentence;

/// Characters of a fingerprint that tell revisions apart in a list.
const FINGERPRINT_CHARS: usize = 8;

pub fn short(fingerprint: &str) -> String {
    fingerprint.chars().take(FINGERPRINT_CHARS).collect()
}

/// Identity and context apart.
#[component]
pub fn PlanWords(plan: Plan) -> impl IntoView {
    let said = words(&plan);
    // A whole document: the plan's own page folds it away.
    let context = said.context.into_iter().filter(|line| line.key != AUTOMATION).collect();
    let (identity, context) = (facts(said.identity), facts(context));
    view! {
        <section>
            <h3>"Identity: what makes the experiment"</h3>
            {identity}
        </section>
        <section>
            <h3>"Around it: words, people and safety"</h3>
            {context}
        </section>
    }
    .into_any()
}

fn facts(lines: Vec<Line>) -> AnyView {
    let facts = lines.into_iter().map(|line| view! { <Fact term=line.label><Prose text=line.value/></Fact> });
    let facts = facts.collect_view();
    view! { <Facts>{facts}</Facts> }.into_any()
}

/// What keeps the plan from running; nothing if it can.
#[component]
pub fn Lacks(plan: Plan) -> impl IntoView {
    let missing = missing_for_run(&plan);
    (!missing.is_empty()).then(|| {
        let items = missing.into_iter().map(|lack| view! { <li>{sentence(&lack.says)}</li> }).collect_view();
        view! {
            <section class="card" aria-label="Before it can run">
                <h3>"Before it can run"</h3>
                <ul>{items}</ul>
            </section>
        }
    })
}

/// One revision with a word about its place.
#[component]
pub fn PlanOf(revision: Revision, name: String, runs: bool) -> impl IntoView {
    let word = Word::from(revision.state).badge();
    let note = if runs { "This revision runs." } else { "No revision is approved yet, so none runs." };
    view! {
        <section>
            <div class="row"><h2>{name}</h2>{word}</div>
            <p class="muted">{note}</p>
            <Lacks plan=revision.plan.clone()/>
            <PlanWords plan=revision.plan/>
        </section>
    }
    .into_any()
}

#[component]
pub fn Revisions(id: ExperimentId, revisions: Vec<RevisionSummary>, times: Times) -> impl IntoView {
    if revisions.len() < 2 {
        let only = revisions.into_iter().map(|revision| line(id, revision, &times)).collect_view();
        return view! {
            {table(only)}
            <Empty heading="Only one revision so far" sentence="A second one appears with the first change after a review."/>
        }
        .into_any();
    }
    table(revisions.into_iter().rev().map(|revision| line(id, revision, &times)).collect_view()).into_any()
}

fn table(lines: Vec<AnyView>) -> AnyView {
    view! {
        <TableRegion id="revisions" caption="Revisions of the plan" unseen_caption=true>
            <thead>
                <tr>
                    <th scope="col">"Revision"</th>
                    <th scope="col">"State"</th>
                    <th scope="col">"Written"</th>
                    <th scope="col">"Why"</th>
                    <th scope="col">"Fingerprint"</th>
                    <th scope="col">"Compare"</th>
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </TableRegion>
    }
    .into_any()
}

fn line(id: ExperimentId, revision: RevisionSummary, times: &Times) -> AnyView {
    let number = revision.number;
    let before = (number > 1).then(|| {
        let words = format!("with @{}", number - 1);
        view! { <a href=paths::compare(id, number - 1, number)>{words}</a> }
    });
    let author = if revision.author_name.is_empty() { "the operator".to_owned() } else { revision.author_name };
    let why = revision.reason.map(String::from).unwrap_or_default();
    view! {
        <tr>
            <td><a class="id" href=paths::plan(id, number)>{format!("{id}@{number}")}</a></td>
            <td>{Word::from(revision.state).badge()}</td>
            <td>{times.when(revision.created_at)} " by " {author}</td>
            <td>{why}</td>
            <td><code>{short(&revision.fingerprint)}</code></td>
            <td>{before}</td>
        </tr>
    }
    .into_any()
}
