//! The runs of an experiment, newest first, with what each of them answered.

use leptos::prelude::*;
use notebook::id::{ExperimentId, RunId};
use notebook::retrials::acts::RunRow;
use notebook::retrials::targets::TargetHits;
use notebook::services::Change;
use notebook::time::span_words;

use crate::parts::page::Empty;
use crate::parts::table::TableRegion;
use crate::parts::words::Word;
use crate::paths;
use crate::runs::compare::{choosing, earlier, tick};
use crate::times::Times;
use crate::words::{verdict_due, with_reason};

#[component]
pub fn Runs(
    id: ExperimentId,
    /// The newest.
    rows: Vec<RunRow>,
    /// How many there are.
    all: usize,
    targets: Vec<TargetHits>,
    may_plan: bool,
    /// Whether somebody may say that a change means nothing.
    may_judge: bool,
    times: Times,
) -> impl IntoView {
    if rows.is_empty() {
        return view! {
            <Empty heading="Never run" sentence="A hypothesis counts once it is tried.">
                {may_plan.then(|| view! { <a class="button" href=paths::new_run(id)>"Plan run"</a> })}
            </Empty>
        }
        .into_any();
    }
    let count = rows.len();
    let lines: Vec<_> = rows.into_iter().map(|row| line(row, may_judge, &times)).collect();
    let table = view! {
        <TableRegion id="runs" caption="Runs, newest first; relation and changes are to the run before">
            <thead>
                <tr>
                    <th scope="col">"Compare"</th>
                    <th scope="col">"Run"</th>
                    <th scope="col">"Targets hit"</th>
                    <th scope="col">"Execution"</th>
                    <th scope="col">"Validity"</th>
                    <th scope="col">"Verdict"</th>
                    <th scope="col">"Telemetry"</th>
                    <th scope="col">"Relation"</th>
                    <th scope="col">"Time to revert"</th>
                    <th scope="col">"Changes since"</th>
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </TableRegion>
    }
    .into_any();
    let older = (all > count).then(|| {
        let words = format!("All {all} runs of {id}");
        view! { <p><a href=paths::runs_of(id)>{words}</a></p> }
    });
    view! { {choosing(table, count)} {older} {hit(targets)} }.into_any()
}

fn line(row: RunRow, may_judge: bool, times: &Times) -> AnyView {
    let run = row.run;
    let has_ended = run.execution.has_ended();
    let at = run.started_at.or(run.planned_at).map(|at| times.when(at));
    let verdict = verdict_due(run.execution, row.validity, row.verdict).map(Word::badge);
    let telemetry = has_ended.then(|| Word::from(row.telemetry).badge());
    let revert = row.revert_ms.map_or_else(|| dash().into_any(), |ms| span_words(ms).into_any());
    view! {
        <tr>
            <td>{tick(run.id)}</td>
            <td>
                <a class="id" href=paths::run(run.id)>{run.id.to_string()}</a>
                " "
                <span class="id muted">{format!("@{}", run.revision)}</span>
                <br/>
                <span class="muted">{at}</span>
            </td>
            <td>{targets(&row.targets)}</td>
            <td>{Word::from(run.execution).badge()}</td>
            <td>{row.validity.map(|validity| with_reason(validity).badge())}</td>
            <td>{verdict}</td>
            <td>{telemetry}</td>
            <td>{row.relation.map(|relation| Word::from(relation).badge())}</td>
            <td class="num">{revert}</td>
            <td>{changes(row.changes, row.changes_all, may_judge)}</td>
        </tr>
    }
    .into_any()
}

/// Links to runs that stand open; older ones are behind the list of runs.
const LINKED_MAX: usize = 20;

/// What the runs hit, over all of them.
fn hit(targets: Vec<TargetHits>) -> Option<AnyView> {
    if targets.is_empty() {
        return None;
    }
    let lines: Vec<_> = targets.into_iter().map(target).collect();
    Some(
        view! {
            <section>
                <h2>"Targets over all runs"</h2>
                <TableRegion id="hit" caption="Targets and the valid runs whose fault took effect on them; never hit ones first">
                    <thead>
                        <tr>
                            <th scope="col">"Target"</th>
                            <th scope="col">"Hit by"</th>
                            <th scope="col">"Upheld"</th>
                            <th scope="col">"Runs"</th>
                        </tr>
                    </thead>
                    <tbody>{lines}</tbody>
                </TableRegion>
            </section>
        }
        .into_any(),
    )
}

fn target(line: TargetHits) -> AnyView {
    let gone = (line.eligible == Some(false)).then_some(" not there now");
    let hits = match line.runs.len() {
        0 => "never hit".to_owned(),
        1 => "1 run".to_owned(),
        runs => format!("{runs} runs"),
    };
    view! {
        <tr>
            <th scope="row"><code>{line.name}</code><span class="muted">{gone}</span></th>
            <td>{hits}</td>
            <td class="num">{line.upheld.to_string()}</td>
            <td>{linked(&line.runs)}</td>
        </tr>
    }
    .into_any()
}

/// These runs as links, as far as they are few.
pub fn linked(runs: &[RunId]) -> AnyView {
    let links: Vec<_> = runs
        .iter()
        .take(LINKED_MAX)
        .map(|id| view! { <a class="id" href=paths::run(*id)>{id.to_string()}</a> " " }.into_any())
        .collect();
    let more = runs.len().saturating_sub(LINKED_MAX);
    let more = (more > 0).then(|| view! { <span class="muted">{format!("and {more} older")}</span> });
    view! { {links} {more} }.into_any()
}

fn dash() -> impl IntoView {
    view! { <span class="muted" aria-label="not measured">"\u{2013}"</span> }
}

fn targets(names: &[String]) -> AnyView {
    if names.is_empty() {
        return dash_none().into_any();
    }
    let items = names.iter().map(|name| view! { <li><code>{name.clone()}</code></li> }).collect_view();
    view! { <ul class="plain">{items}</ul> }.into_any()
}

fn dash_none() -> impl IntoView {
    view! { <span class="muted">"none"</span> }
}

fn changes(changes: Vec<Change>, all: usize, may_judge: bool) -> AnyView {
    if changes.is_empty() {
        return dash_none().into_any();
    }
    let earlier = earlier(changes.len(), all);
    let items = changes.into_iter().map(|change| {
        let is_irrelevant = change.irrelevant.is_some();
        let irrelevant = is_irrelevant.then_some(" (irrelevant)");
        let (href, summary) = (paths::change(change.id), change.summary.to_string());
        let of = summary.clone();
        let mark = (may_judge && !is_irrelevant).then(|| {
            let form = paths::mark_change(change.id);
            view! { " "<a class="button" href=form>"Mark irrelevant"<span class="unseen">": " {of}</span></a> }
        });
        view! { <li>{change.kind.label()} ": " <a href=href>{summary}</a>{irrelevant}{mark}</li> }
    });
    view! { <ul class="plain">{earlier}{items.collect_view()}</ul> }.into_any()
}
