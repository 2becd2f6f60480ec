//! The report of a run: one column of plain sentences, for screens and for paper.

use leptos::prelude::*;
use notebook::id::RunId;
use notebook::reports::{self, Report};

use crate::ask::{page, param};
use crate::frame::Frame;
use crate::parts::because::readable;
use crate::parts::page::PageHead;
use crate::parts::prose::Line;
use crate::paths;
use crate::runs::new::crumbs;
use crate::safe::PageTitle;
use crate::times::Times;

#[component]
pub fn ReportPage() -> impl IntoView {
    page(|desk| async move {
        let id: RunId = param("id", "run")?;
        let report = reports::of_run(&desk, id).await?;
        let times = Times::of(&desk);
        let title = format!("Report of {id}");
        let eyebrow = report.title.clone();
        let run = view! { <a class="button" href=paths::run(id)>"Go to run"</a> }.into_any();
        let content = content(report, &times);
        Ok(view! {
            <Frame crumbs=crumbs(&id.to_string())>
                <PageTitle text=title.clone()/>
                <PageHead title=title eyebrow=eyebrow actions=run/>
                <div class="stack">{content}</div>
            </Frame>
        }
        .into_any())
    })
}

fn content(report: Report, times: &Times) -> AnyView {
    let Report { promised, tried, not_run, observed, changed, proven, cost, .. } = report;
    let parts = [
        ("promised", "What we promise", promised),
        ("tried", "What we tried", tried),
        ("not-run", "What was planned and not run", not_run),
        ("observed", "What we saw", observed),
        ("changed", "What changed", changed),
        ("proven", "What is proven, and until when", proven),
        ("cost", "What it cost", cost),
    ];
    let told = parts.into_iter().filter(|(_, _, says)| !says.is_empty());
    told.map(|(id, heading, says)| part(id, heading, &says, times)).collect_view().into_any()
}

fn part(id: &'static str, heading: &'static str, says: &[String], times: &Times) -> AnyView {
    let lines = says.iter().map(|sentence| {
        let sentence = readable(sentence, &times.zone);
        view! { <li><Line text=sentence/></li> }
    });
    let lines = lines.collect_view();
    view! { <section id=id><h2>{heading}</h2><ul>{lines}</ul></section> }.into_any()
}
