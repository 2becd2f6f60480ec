//! One document: what it proposes, why, and the run it became.

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::imports::{Import, Proposal, acts};
use notebook::refusal::Refusal;
use notebook::time::Moment;

use super::form::{AttachForm, Choices};
use super::said::{proposed_execution, proposed_validity, proposed_verdict, tool};
use super::tables::{ChecksTable, StepsTable, lasted};
use crate::ask::{page, param};
use crate::frame::{Crumb, Frame};
use crate::parts::answers::{AnswerTo, Answers};
use crate::parts::facts::{Fact, Facts};
use crate::parts::page::PageHead;
use crate::parts::prose::{Line, Prose};
use crate::parts::why::Why;
use crate::paths;
use crate::safe::PageTitle;
use crate::times::Times;

#[component]
pub fn ImportPage() -> impl IntoView {
    page(|desk| async move {
        let id = param::<i64>("id", "import")?;
        if id < 1 {
            return Err(Refusal::missing("import", id).into());
        }
        let import = acts::show(&desk, id).await?;
        let times = Times::of(&desk);
        let waits = import.run.is_none();
        let attach = if waits && desk.shows(Act::Import) {
            let choices = Choices::load(&desk).await?;
            Some(view! { <section><h2>"Its experiment"</h2><AttachForm id=id choices=choices/></section> }.into_any())
        } else {
            None
        };
        let (title, eyebrow) = (import.proposal.title.clone(), format!("Import {id}"));
        let crumbs = vec![
            Crumb { label: "Import".into(), href: Some(paths::imports()) },
            Crumb { label: eyebrow.clone(), href: None },
        ];
        Ok(view! {
            <Frame crumbs=crumbs>
                <PageTitle text=format!("{eyebrow} · {title}")/>
                <PageHead title=title eyebrow=eyebrow actions=actions(&import)/>
                <div class="page">
                    <div class="stack">
                        {became(&import)}
                        {attach}
                        <section><h2>"What it proposes"</h2>{proposes(&import.proposal)}</section>
                        <section><h2>"Checks"</h2><ChecksTable checks=import.proposal.checks.clone() times=times.clone()/></section>
                        <section><h2>"Steps"</h2><StepsTable steps=import.proposal.steps.clone() times=times.clone()/></section>
                    </div>
                    {aside(&import, &times)}
                </div>
            </Frame>
        }
        .into_any())
    })
}

fn actions(import: &Import) -> AnyView {
    let run =
        import.run.map(|run| view! { <a class="button primary" href=paths::run(run)>"Open "{run.to_string()}</a> });
    view! { <a class="button" href=paths::import_document(import.id)>"Download document"</a>{run} }.into_any()
}

/// One sentence: the run it became, or that it waits.
fn became(import: &Import) -> AnyView {
    match (import.run, import.experiment) {
        (Some(run), Some(experiment)) => {
            let says = format!("This document is {run} of {experiment}. Nothing is signed by it: answer what is open on {run}.");
            view! { <p><Line text=says/></p> }.into_any()
        }
        _ => view! {
            <p>"This document is kept, but it is no run yet: it waits for its experiment. Nothing counts until then."</p>
        }
        .into_any(),
    }
}

fn proposes(proposal: &Proposal) -> AnyView {
    let why: Vec<_> = proposal.why.iter().map(|says| view! { <li>{says.clone()}</li> }).collect();
    let execution = proposed_execution(proposal.execution).badge();
    let validity = proposed_validity(&proposal.validity).badge();
    let verdict = proposed_verdict(proposal.verdict);
    let flags = flags(proposal);
    view! {
        <Answers>
            <AnswerTo question="Execution">{execution}</AnswerTo>
            <AnswerTo question="Validity">{validity}</AnswerTo>
            <AnswerTo question="Verdict">{verdict}</AnswerTo>
        </Answers>
        <Why question="Why is this proposed?">{why}</Why>
        {flags}
    }
    .into_any()
}

fn flags(proposal: &Proposal) -> Option<AnyView> {
    if proposal.flags.is_empty() {
        return None;
    }
    let lines: Vec<_> = proposal
        .flags
        .iter()
        .map(|flag| view! { <li><strong>{flag.kind.label()}</strong>": " {flag.text.clone()}</li> })
        .collect();
    Some(view! { <h3>"Look at this before signing"</h3><ul class="plain">{lines}</ul> }.into_any())
}

fn aside(import: &Import, times: &Times) -> AnyView {
    let proposal = &import.proposal;
    let (started, ended) = (Moment::from_micros(proposal.started_us), Moment::from_micros(proposal.ended_us));
    let lasted = lasted(ended.ms_since(started));
    let text = |text: &str| if text.is_empty() { "not said".to_owned() } else { text.to_owned() };
    let (tool, machine, tags) = (tool(proposal), text(&proposal.node), text(&proposal.tags.join(", ")));
    let (started, ended, received) = (times.when(started), times.when(ended), times.when(import.received_at));
    let described = described(&proposal.description);
    view! {
        <aside class="stack">
            <section class="card">
                <h2>"Facts"</h2>
                <Facts>
                    <Fact term="Tool">{tool}</Fact>
                    <Fact term="Machine">{machine}</Fact>
                    <Fact term="Started">{started}</Fact>
                    <Fact term="Ended">{ended}</Fact>
                    <Fact term="Lasted">{lasted}</Fact>
                    <Fact term="Tags">{tags}</Fact>
                    <Fact term="Received">{received}</Fact>
                </Facts>
            </section>
            {described}
        </aside>
    }
    .into_any()
}

fn described(text: &str) -> Option<AnyView> {
    let text = text.to_owned();
    (!text.is_empty())
        .then(|| view! { <section class="card"><h2>"Its own description"</h2><Prose text=text/></section> }.into_any())
}
