//! The gate's lines: each check with its answer and reason.

use leptos::prelude::*;
use notebook::experiments::missing_for_run;
use notebook::experiments::plan::Plan;
use notebook::runs::gate::{GateFacts, GateLine, lines};

use crate::parts::words::Word;

/// What the gate would say of this plan now. Targets are the form's own business, so they are left out.
pub fn advice(plan: &Plan) -> Vec<GateLine> {
    let missing: Vec<String> = missing_for_run(plan).into_iter().map(|lack| lack.says).collect();
    let facts = GateFacts { approved: true, retired: false, missing: &missing, targets_hit: 0, targets_planned: None };
    lines(&facts).into_iter().filter(|line| line.check != "targets").collect()
}

/// The panel. `sentence` says when the gate is asked.
pub fn panel(lines: &[GateLine], sentence: &'static str) -> AnyView {
    let rows = lines.iter().map(|line| {
        let word = Word::from(line.answer).badge();
        view! { <li>{word}" "<strong>{line.check.clone()}</strong>": "{line.says.clone()}</li> }
    });
    let rows = rows.collect_view();
    view! {
        <section class="card">
            <h2>"Gate"</h2>
            <p class="muted">{sentence}</p>
            <ul class="plain">{rows}</ul>
        </section>
    }
    .into_any()
}
