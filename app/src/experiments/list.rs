//! All experiments, by stage.

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::experiments::Stage;
use notebook::experiments::acts::{self, Filter, Row};
use notebook::id::ExperimentId;

use crate::ask::{page, query};
use crate::frame::{Crumb, Frame};
use crate::parts::field::Field;
use crate::parts::page::{Empty, PageHead};
use crate::parts::pager::Pager;
use crate::parts::sample::mark;
use crate::parts::table::TableRegion;
use crate::parts::tabs::{Tab, Tabs};
use crate::parts::words::Word;
use crate::paths;
use crate::safe::PageTitle;

#[component]
pub fn ExperimentsPage() -> impl IntoView {
    page(|desk| async move {
        let stage = Stage::named(&query("stage")).ok();
        let before: Option<ExperimentId> = query("before").parse().ok();
        let text = query("q");
        let filter = Filter { before, stage, text: text.clone(), ..Filter::default() };
        let (rows, more) = acts::list(&desk, &filter).await?;
        let may_write = desk.shows(Act::WriteExperiment);
        let is_whole = stage.is_none() && before.is_none() && text.trim().is_empty();
        let nothing_at_all = rows.is_empty() && is_whole;
        let older = rows.last().filter(|_| more).map(|last| address(stage, &text, Some(last.experiment.id)));
        let first = before.map(|_| address(stage, &text, None));
        let add = (may_write && !nothing_at_all).then(|| view! { {template_link()} {new_link()} });
        let content = if nothing_at_all {
            nothing_yet(may_write)
        } else {
            view! {
                <Tabs label="Stages of experiments" tabs=tabs(stage, &text)/>
                <Search stage=stage text=text.clone()/>
                {found(rows, stage, &text)}
                <Pager label="Pages of experiments" first=first next=older next_word="Older"/>
            }
            .into_any()
        };
        Ok(view! {
            <Frame crumbs=vec![Crumb { label: "Experiments".into(), href: None }]>
                <PageTitle text="Experiments"/>
                <PageHead title="Experiments" actions=view! { {add} }.into_any()/>
                <div class="stack">{content}</div>
            </Frame>
        }
        .into_any())
    })
}

fn new_link() -> AnyView {
    view! { <a class="button primary" href=paths::new_experiment()>"New experiment"</a> }.into_any()
}

fn template_link() -> AnyView {
    view! { <a class="button" href=paths::templates()>"Use a template"</a> }.into_any()
}

fn nothing_yet(may_write: bool) -> AnyView {
    view! {
        <Empty heading="No experiments" sentence="Write one question you are afraid to ask production.">
            {may_write.then(|| view! { {new_link()} {template_link()} })}
        </Empty>
    }
    .into_any()
}

fn address(stage: Option<Stage>, text: &str, before: Option<ExperimentId>) -> String {
    let mut query = Vec::new();
    query.extend(stage.map(|stage| format!("stage={}", stage.word())));
    if !text.trim().is_empty() {
        query.push(format!("q={}", paths::encoded(text.trim())));
    }
    query.extend(before.map(|id| format!("before={id}")));
    paths::with_query(&paths::experiments(), &query)
}

fn tabs(now: Option<Stage>, text: &str) -> Vec<Tab> {
    let tab = |stage: Option<Stage>| Tab {
        label: stage.map_or("All", Stage::label).to_owned(),
        href: address(stage, text, None),
        current: stage == now,
        count: None,
    };
    std::iter::once(None).chain(Stage::ALL.iter().copied().map(Some)).map(tab).collect()
}

#[component]
fn Search(stage: Option<Stage>, text: String) -> impl IntoView {
    view! {
        <form method="get" action=paths::experiments() role="search">
            {stage.map(|stage| view! { <input type="hidden" name="stage" value=stage.word()/> })}
            <div class="row">
                <Field form="experiments" name="q" label="Find by title or id" value=text kind="search"/>
                <button>"Find experiments"</button>
            </div>
        </form>
    }
    .into_any()
}

fn found(rows: Vec<Row>, stage: Option<Stage>, text: &str) -> AnyView {
    if rows.is_empty() {
        let heading = match (stage, text.trim()) {
            (Some(stage), "") => format!("Nothing is {} now", stage.label().to_lowercase()),
            (_, text) => format!("Nothing found for \u{201c}{text}\u{201d}"),
        };
        return view! {
            <Empty heading=heading sentence="Look at another stage, or at all experiments.">
                <a class="button" href=paths::experiments()>"All experiments"</a>
            </Empty>
        }
        .into_any();
    }
    let lines: Vec<_> = rows.into_iter().map(line).collect();
    view! {
        <TableRegion id="experiments" caption="Experiments, newest first">
            <thead>
                <tr>
                    <th scope="col">"Experiment"</th>
                    <th scope="col">"Services"</th>
                    <th scope="col">"Fault"</th>
                    <th scope="col">"Environment"</th>
                    <th scope="col">"Stage"</th>
                    <th scope="col">"Owner"</th>
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </TableRegion>
    }
    .into_any()
}

fn line(row: Row) -> AnyView {
    let Row { experiment, newest, environment, fault } = row;
    let id = experiment.id;
    let services: Vec<String> = experiment.services.iter().map(ToString::to_string).collect();
    let unsaid = || view! { <span class="muted">"not said yet"</span> }.into_any();
    let fault = fault.map_or_else(unsaid, |fault| fault.to_string().into_any());
    let environment = environment.map_or_else(unsaid, |environment| environment.to_string().into_any());
    // A ready experiment can have a newer revision on its way.
    let newer = (experiment.approved.is_some_and(|approved| approved != experiment.revision)).then(
        || view! { <br/> <span class="muted">{format!("@{}: ", experiment.revision)} {Word::from(newest).word}</span> },
    );
    view! {
        <tr>
            <td><a href=paths::experiment(id)>{experiment.title.to_string()}</a><br/><span class="id muted">{id.to_string()}</span>{mark(&id.to_string())}</td>
            <td>{services.join(", ")}</td>
            <td>{fault}</td>
            <td>{environment}</td>
            <td>{Word::from(experiment.stage).badge()} {newer}</td>
            <td>{experiment.owner_name}</td>
        </tr>
    }
    .into_any()
}
