//! The head of the queue of what is due.

use leptos::prelude::*;
use notebook::retrials::acts::DueQueue;
use notebook::retrials::due::Due;

use crate::parts::sample::mark;
use crate::parts::words::Word;
use crate::paths;

/// Rows shown; the queue's own page holds the rest.
const ROWS_MAX: usize = 6;

/// Nothing stands here while nothing is due: the card beside it says so already.
pub fn due(queue: DueQueue) -> Option<AnyView> {
    let all = match queue.due.len() {
        0 => return None,
        _ if queue.cut => "All that is due".to_owned(),
        many => format!("All that is due ({many})"),
    };
    let lines: Vec<_> = queue.due.into_iter().take(ROWS_MAX).map(line).collect();
    let view = view! {
        <section class="card">
            <h2>"Due first"</h2>
            <ul class="plain">{lines}</ul>
            <p><a href=paths::due()>{all}</a></p>
        </section>
    };
    Some(view.into_any())
}

fn line(due: Due) -> AnyView {
    let (badge, sample, weight) = (Word::from(due.reason).badge(), mark(&due.of), due.weight.words());
    view! {
        <li>
            {badge}
            " "
            <a class="id" href=paths::thing(&due.of)>{due.of.clone()}</a>
            {sample}
            " "
            {due.title}
            {(!weight.is_empty()).then(|| view! { <br/><small class="muted">{weight}</small> })}
        </li>
    }
    .into_any()
}
