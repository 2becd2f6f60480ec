//! One revision of a plan; with two numbers in the address, both beside each other.

use leptos::prelude::*;
use notebook::experiments::Revision;
use notebook::experiments::acts::{self, Shown};
use notebook::experiments::review::Move;
use notebook::id::{ExperimentId, number_of};
use notebook::refusal::Refusal;

use super::compare;
use super::plan_view::{Lacks, PlanWords};
use super::review_form::{ReviewForm, Reviews};
use super::tool_view::ByTool;
use crate::ask::{page, param, param_text};
use crate::frame::{Crumb, Frame};
use crate::parts::facts::{Fact, Facts};
use crate::parts::page::PageHead;
use crate::parts::words::Word;
use crate::paths;
use crate::safe::PageTitle;
use crate::times::Times;

#[component]
pub fn RevisionPage() -> impl IntoView {
    page(|desk| async move {
        let id: ExperimentId = param("id", "experiment")?;
        let which = param_text("number");
        if let Some((from, to)) = which.split_once("..") {
            let (from, to) = (number(id, from)?, number(id, to)?);
            return Ok(compare::shown(acts::compare(&desk, id, from, to).await?));
        }
        let revision = acts::show_revision(&desk, id, number(id, &which)?).await?;
        let shown = acts::show(&desk, id).await?;
        Ok(one(&shown, revision, &Times::of(&desk)))
    })
}

fn number(id: ExperimentId, text: &str) -> Result<i64, Refusal> {
    number_of(text).ok_or_else(|| Refusal::missing("revision", format!("{id}@{text}")))
}

fn one(shown: &Shown, revision: Revision, times: &Times) -> AnyView {
    let Revision { experiment: id, number, .. } = revision;
    let name = shown.experiment.revision_name(number);
    let waits = number == shown.experiment.revision && shown.moves.contains(&Move::Approve);
    let badges = view! { {Word::from(revision.state).badge()} }.into_any();
    let facts = facts(shown, &revision, times);
    let compare = (number > 1).then(|| {
        let words = format!("Compare with @{}", number - 1);
        view! { <a class="button" href=paths::compare(id, number - 1, number)>{words}</a> }
    });
    let review = waits.then(|| view! { <ReviewForm id=id number=number/> });
    let (reviews, times) = (revision.reviews.clone(), times.clone());
    let (title, plan) = (revision.plan.context.title.to_string(), revision.plan.clone());
    view! {
        <Frame crumbs=crumbs(id, &name)>
            <PageTitle text=format!("{name} \u{b7} {title}")/>
            <PageHead title=title eyebrow=name badges=badges actions=view! { {compare} }.into_any()/>
            <div class="stack">
                {facts}
                <section>
                    <h2>"What it says"</h2>
                    <Lacks plan=plan.clone()/>
                    <PlanWords plan=plan/>
                </section>
                <ByTool revision=revision/>
                <Reviews reviews=reviews times=times/>
                {review}
            </div>
        </Frame>
    }
    .into_any()
}

pub fn crumbs(id: ExperimentId, name: &str) -> Vec<Crumb> {
    vec![
        Crumb { label: "Experiments".into(), href: Some(paths::experiments()) },
        Crumb { label: id.to_string(), href: Some(paths::experiment(id)) },
        Crumb { label: name.to_owned(), href: None },
    ]
}

fn facts(shown: &Shown, revision: &Revision, times: &Times) -> AnyView {
    let author = if revision.author_name.is_empty() { "the operator".to_owned() } else { revision.author_name.clone() };
    let at = times.when(revision.created_at);
    let reason = revision.reason.as_ref().map(|reason| {
        let text = reason.to_string();
        view! { <Fact term="Why">{text}</Fact> }
    });
    let runs = if shown.experiment.approved == Some(revision.number) { "yes" } else { "no" };
    let fingerprint = revision.fingerprint.clone();
    view! {
        <Facts>
            <Fact term="Written">{at} " by " {author}</Fact>
            {reason}
            <Fact term="Runs now">{runs}</Fact>
            <Fact term="Fingerprint"><code>{fingerprint}</code></Fact>
        </Facts>
    }
    .into_any()
}
