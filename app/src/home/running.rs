//! Runs that are under way now.

use leptos::prelude::*;
use notebook::runs::acts::Row;

use crate::parts::sample::mark;
use crate::parts::words::Word;
use crate::paths;
use crate::times::Times;

/// Nothing while nothing runs: an empty frame on top of the page would only be in the way.
#[component]
pub fn Running(rows: Vec<Row>, times: Times) -> impl IntoView {
    (!rows.is_empty()).then(|| {
        let cards: Vec<_> = rows.into_iter().map(|row| one(row, &times)).collect();
        view! { <section aria-labelledby="now"><h2 id="now">"Now"</h2>{cards}</section> }.into_any()
    })
}

fn one(row: Row, times: &Times) -> AnyView {
    let badge = Word::from(row.run.execution).badge();
    let (run, targets) = (row.run, row.targets.join(", "));
    let since = run.started_at.map(|at| times.when(at));
    let href = paths::run(run.id);
    view! {
        <div class="card paper">
            <div class="row spread">
                <div class="row">
                    {badge}
                    <span class="id muted">{run.id.to_string()}</span>
                    {mark(&run.id.to_string())}
                    <a href=href.clone()><strong>{run.title}</strong></a>
                    <small>
                        {run.environment.to_string()}
                        {(!targets.is_empty()).then(|| view! { ", " <code>{targets}</code> })}
                    </small>
                </div>
                {since.map(|when| view! { <span>"started " {when}</span> })}
            </div>
        </div>
    }
    .into_any()
}
