//! The import page: one form, and the documents that came before.

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::imports::Import;
use notebook::imports::acts::{self, Filter};
use notebook::imports::plans::{self, PlanImport};

use super::foreseen::ForeseenSection;
use super::form::{Choices, TakeForm};
use super::said::{proposed_verdict, tool};
use crate::ask::page;
use crate::frame::{Crumb, Frame};
use crate::parts::page::{Empty, PageHead};
use crate::parts::table::TableRegion;
use crate::paths;
use crate::safe::PageTitle;
use crate::times::Times;

#[component]
pub fn ImportsPage() -> impl IntoView {
    page(|desk| async move {
        let ((imports, _), experiments) = (acts::list(&desk, &Filter::default()).await?, plans::list(&desk).await?);
        let times = Times::of(&desk);
        let form = if desk.shows(Act::Import) {
            let choices = Choices::load(&desk).await?;
            Some(view! { <section><h2>"Take a document"</h2><TakeForm choices=choices/></section> }.into_any())
        } else {
            None
        };
        Ok(view! {
            <Frame crumbs=vec![Crumb { label: "Import".into(), href: None }]>
                <PageTitle text="Import"/>
                <PageHead title="Import"/>
                <div class="stack">
                    <p>"A journal becomes a run with the tool's own times. It proposes validity and verdict; a person signs. An experiment becomes a draft here, and so does each SLO of OpenSLO or Sloth. A catalogue file of Backstage adds services and brings those that are here up to date. Secrets are taken out before anything is kept. "
                        <a href=format!("{}#import", paths::help())>"Send journals from a pipeline"</a>"."</p>
                    <ForeseenSection/>
                    {form}
                    <section><h2>"Imported so far"</h2>{earlier(imports, &times)}</section>
                    {plans_so_far(experiments, &times)}
                </div>
            </Frame>
        }
        .into_any())
    })
}

fn earlier(imports: Vec<Import>, times: &Times) -> AnyView {
    if imports.is_empty() {
        return view! {
            <Empty heading="Nothing imported yet" sentence="Chaos Toolkit, OpenSLO and Sloth are read; other runs can be recorded by hand.">
                <a class="button" href=paths::choose_past_run()>"Record past run"</a>
            </Empty>
        }
        .into_any();
    }
    let rows: Vec<_> = imports.into_iter().map(|import| row(import, times)).collect();
    view! {
        <TableRegion id="imports" caption="The 50 newest documents, newest first">
            <thead>
                <tr>
                    <th scope="col">"Document"</th>
                    <th scope="col">"Tool"</th>
                    <th scope="col">"Received"</th>
                    <th scope="col">"Proposes"</th>
                    <th scope="col">"Became"</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </TableRegion>
    }
    .into_any()
}

/// Experiments of other tools; nothing while there are none.
fn plans_so_far(imports: Vec<PlanImport>, times: &Times) -> Option<AnyView> {
    if imports.is_empty() {
        return None;
    }
    let rows: Vec<_> = imports
        .into_iter()
        .map(|import| {
            let taken_out = match import.taken_out.len() {
                0 => "nothing".to_owned(),
                1 => "1 value".to_owned(),
                n => format!("{n} values"),
            };
            view! {
                <tr>
                    <th scope="row"><a href=paths::experiment(import.experiment)><span class="id">{import.experiment.to_string()}</span>" "{import.title}</a></th>
                    <td>{times.when(import.received_at)}</td>
                    <td>{taken_out}</td>
                    <td><a href=paths::imported_experiment(import.id)>"Download"</a></td>
                </tr>
            }
        })
        .collect();
    Some(
        view! {
            <section>
                <h2>"Experiments imported so far"</h2>
                <TableRegion id="plan-imports" caption="The 50 newest experiments of Chaos Toolkit, newest first">
                    <thead>
                        <tr>
                            <th scope="col">"Experiment"</th>
                            <th scope="col">"Received"</th>
                            <th scope="col">"Taken out as secrets"</th>
                            <th scope="col">"Document"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </TableRegion>
            </section>
        }
        .into_any(),
    )
}

fn row(import: Import, times: &Times) -> AnyView {
    let proposal = &import.proposal;
    let (verdict, tool) = (proposed_verdict(proposal.verdict), tool(proposal));
    let became = match (import.run, import.experiment) {
        (Some(run), Some(experiment)) => view! {
            <a class="id" href=paths::run(run)>{run.to_string()}</a>
            " of "
            <a class="id" href=paths::experiment(experiment)>{experiment.to_string()}</a>
        }
        .into_any(),
        _ => "waits for its experiment".into_any(),
    };
    view! {
        <tr>
            <th scope="row">
                <span class="id">{format!("Import {}", import.id)}</span>
                " "
                <a href=paths::import(import.id)>{import.proposal.title}</a>
            </th>
            <td>{tool}</td>
            <td>{times.when(import.received_at)}</td>
            <td>{verdict}</td>
            <td>{became}</td>
        </tr>
    }
    .into_any()
}
