//! What a document would become, before anything is kept.

use leptos::prelude::*;
use notebook::imports::Proposal;
use notebook::imports::acts::Foreseen;
use notebook::imports::catalogue::{CatalogueTaken, Does};
use notebook::imports::plans::PlanTaken;

use super::said::{proposed_execution, proposed_validity, proposed_verdict};
use super::slos::of_slos;
use crate::parts::facts::{Fact, Facts};
use crate::parts::prose::Line;
use crate::parts::table::TableRegion;
use crate::paths;

/// Nothing unless the form just asked for it.
#[component]
pub fn ForeseenSection() -> impl IntoView {
    let told = match use_context::<Foreseen>()? {
        Foreseen::Experiment(plan) => of_plan(&plan),
        Foreseen::Slos(taken) => of_slos(&taken),
        Foreseen::Catalogue(taken) => of_catalogue(&taken),
        Foreseen::Run { proposal, experiment, run } => {
            let where_to = match (run, experiment) {
                (Some(run), _) => format!("This document is here already: it is {run}. Nothing would be added."),
                (None, Some(experiment)) => format!("It would become a run of {experiment}."),
                (None, None) => "It would be kept and wait for its experiment, or make a new one.".to_owned(),
            };
            of_run(&proposal, where_to)
        }
    };
    Some(view! {
        <section class="card" id="foreseen" role="status">
            <h2>"What it would become"</h2>
            <p>"Nothing is kept yet."</p>
            {told}
        </section>
    })
}

fn of_run(proposal: &Proposal, where_to: String) -> AnyView {
    let title = proposal.title.clone();
    let words = [proposed_execution(proposal.execution), proposed_validity(&proposal.validity)]
        .map(super::super::parts::words::Word::badge);
    let verdict = proposed_verdict(proposal.verdict);
    view! {
        <p><Line text=where_to/></p>
        <Facts>
            <Fact term="Title">{title}</Fact>
            <Fact term="Proposes">{words.into_iter().collect_view()}" "{verdict}</Fact>
        </Facts>
    }
    .into_any()
}

fn of_catalogue(taken: &CatalogueTaken) -> AnyView {
    let lines = taken.lines.iter().map(|line| {
        let service = line.service.as_ref().map(|slug| {
            let (href, words) = (paths::service(slug), slug.to_string());
            if line.does == Does::Create {
                words.into_any()
            } else {
                view! { <a class="id" href=href>{words}</a> }.into_any()
            }
        });
        view! {
            <tr>
                <th scope="row"><code>{line.entity.clone()}</code></th>
                <td>{line.does.label()}</td>
                <td>{service}</td>
                <td>{line.because.join(" ")}</td>
            </tr>
        }
    });
    let lines = lines.collect_view();
    view! {
        <p>{taken.words()} "."</p>
        <TableRegion id="foreseen-services" caption="What would happen to each entity">
            <thead>
                <tr>
                    <th scope="col">"Entity"</th>
                    <th scope="col">"Would"</th>
                    <th scope="col">"Service"</th>
                    <th scope="col">"Why"</th>
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </TableRegion>
    }
    .into_any()
}

fn of_plan(plan: &PlanTaken) -> AnyView {
    let says = match plan.experiment {
        Some(id) => format!("This experiment is here already: it is {id}. Nothing would be added."),
        None => "It would become the draft of a new experiment. How the tool does it would be kept with the plan."
            .to_owned(),
    };
    let title = plan.title.clone();
    let (steps, checks) = (lines(&plan.steps, "none"), lines(&plan.checks, "none"));
    let (revert, taken_out) =
        (lines(&plan.revert, "not written"), lines(&plan.taken_out, "nothing looked like a secret"));
    view! {
        <p><Line text=says/></p>
        <Facts>
            <Fact term="Title">{title}</Fact>
            <Fact term="Steps">{steps}</Fact>
            <Fact term="Checks">{checks}</Fact>
            <Fact term="Revert">{revert}</Fact>
            <Fact term="Taken out">{taken_out}</Fact>
        </Facts>
    }
    .into_any()
}

fn lines(texts: &[String], none: &'static str) -> AnyView {
    if texts.is_empty() {
        return none.into_any();
    }
    let items: Vec<_> = texts.iter().map(|text| view! { <li>{text.clone()}</li> }).collect();
    view! { <ul class="plain">{items}</ul> }.into_any()
}
