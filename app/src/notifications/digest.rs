//! The weekly digest as a page.

use leptos::prelude::*;
use notebook::notifications::acts;
use notebook::notifications::digest::{Digest, DigestLine, DigestPart};

use crate::ask::page;
use crate::frame::{Crumb, Frame};
use crate::parts::page::{Empty, PageHead};
use crate::paths;
use crate::safe::PageTitle;
use crate::times::Times;

#[component]
pub fn DigestPage() -> impl IntoView {
    page(|desk| async move {
        let digest = acts::digest(&desk).await?;
        let times = Times::of(&desk);
        let week = format!("The week from {} until {}.", times.day(digest.from), times.day(digest.until));
        let content = content(&digest, &times);
        let crumbs = vec![
            Crumb { label: "Inbox".into(), href: Some(paths::inbox()) },
            Crumb { label: "Weekly digest".into(), href: None },
        ];
        Ok(view! {
            <Frame crumbs=crumbs>
                <PageTitle text="Weekly digest"/>
                <PageHead title="Weekly digest"/>
                <div class="stack">
                    <p class="muted">
                        {week}
                        " It is told on Mondays at 8:00 by your own clock; "
                        <a href=paths::notifications()>"choose whether"</a>
                        "."
                    </p>
                    {content}
                </div>
            </Frame>
        }
        .into_any())
    })
}

fn content(digest: &Digest, times: &Times) -> AnyView {
    if digest.is_empty() {
        let sentence = "Here stands what was learnt, what turned stale, what is due and what comes next.";
        return view! {
            <Empty heading="A quiet week" sentence=sentence>
                <a class="button" href=paths::calendar()>"Open calendar"</a>
            </Empty>
        }
        .into_any();
    }
    digest
        .parts()
        .into_iter()
        .filter(|(_, part)| part.count() > 0)
        .map(|(name, part)| card(name, part, times))
        .collect_view()
        .into_any()
}

fn card(name: &'static str, part: &DigestPart, times: &Times) -> AnyView {
    let lines = part.lines.iter().map(|line| item(line, times)).collect_view();
    let more = (part.more > 0).then(|| view! { <p class="muted">{format!("And {} more.", part.more)}</p> });
    view! { <section class="card"><h2>{name}</h2><ul class="plain">{lines}</ul>{more}</section> }.into_any()
}

fn item(line: &DigestLine, times: &Times) -> AnyView {
    let (of, title) = (line.of.clone(), line.title.clone());
    let says = format!(": {}", line.says);
    let when = line.at.map(|at| view! { ", " {times.when(at)} });
    view! { <li><a class="id" href=paths::thing(&line.of)>{of}</a> " " {title} {says} {when}</li> }.into_any()
}
