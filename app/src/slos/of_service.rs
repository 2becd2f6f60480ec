//! The SLOs of one service, on its page.

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::desk::Desk;
use notebook::fault::Result;
use notebook::slos::acts::{self, Filter};
use notebook::slos::kept::Kept;
use notebook::text::Slug;

use crate::parts::page::Empty;
use crate::parts::words::Word;
use crate::paths;

pub async fn section(desk: &Desk, service: &Slug) -> Result<AnyView> {
    let filter = Filter { service: Some(service.clone()), ..Filter::default() };
    let (rows, more) = acts::list(desk, &filter).await?;
    let define = desk.shows(Act::WriteSlo).then(|| {
        view! { <a class="button" href=paths::new_slo_of(service)>"Define SLO"</a> }
    });
    let content = if rows.is_empty() {
        view! { <Empty heading="No SLO" sentence="Say what good enough means.">{define}</Empty> }.into_any()
    } else {
        let lines = rows.into_iter().map(line).collect_view();
        let all = more.then(|| view! { <a class="button" href=paths::slos_of(service)>"All SLOs of it"</a> });
        view! { <ul>{lines}</ul> <div class="row">{define}{all}</div> }.into_any()
    };
    Ok(view! { <section id="slos"><h2>"SLOs"</h2>{content}</section> }.into_any())
}

fn line(kept: Kept) -> AnyView {
    let state = Word::from(kept.state());
    let (id, slo) = (kept.id, kept.text);
    let says = format!("{} over {} in {}", slo.target.words(), slo.window.words(), slo.environment);
    view! {
        <li>
            <a href=paths::slo(id)>{slo.name.to_string()}</a>
            " " <span class="id muted">{id.to_string()}</span> " " {state.badge()} " " <span class="muted">{says}</span>
        </li>
    }
    .into_any()
}
