//! All experiments, by stage.

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::experiments::Stage;
use notebook::experiments::acts::{Filter, Row};
use notebook::id::ExperimentId;
use notebook::search::Found;
use notebook::search::lists::{self, Page};

use crate::ask::{page, query};
use crate::frame::{Crumb, Frame};
use crate::parts::page::{Empty, PageHead};
use crate::parts::pager::Pager;
use crate::parts::sample::mark;
use crate::parts::table::TableRegion;
use crate::parts::tabs::{Tab, Tabs};
use crate::parts::words::Word;
use crate::paths;
use crate::safe::PageTitle;
use crate::search::{Typed, unreadable};

#[component]
pub fn ExperimentsPage() -> impl IntoView {
    page(|desk| async move {
        let stage = Stage::named(&query("stage")).ok();
        let before: Option<ExperimentId> = query("before").parse().ok();
        let typed = Typed::here(&desk, Found::Experiment).await?;
        let filter = Filter { before, stage, ..Filter::default() };
        let listed = match typed.query() {
            Some(query) => Some(lists::experiments(&desk, query, &filter).await?),
            None => None,
        };
        let form = typed
            .form(Found::Experiment, paths::experiments(), kept(stage), |query| lists::of_experiments(query, &filter));
        let may_write = desk.shows(Act::WriteExperiment);
        let is_whole = stage.is_none() && before.is_none() && typed.is_blank();
        let nothing_at_all = is_whole && listed.as_ref().is_some_and(|(rows, ..)| rows.is_empty());
        let add = (may_write && !nothing_at_all).then(|| view! { {template_link()} {new_link()} });
        let content = if nothing_at_all {
            nothing_yet(may_write)
        } else {
            view! {
                <Tabs label="Stages of experiments" tabs=tabs(stage, &typed)/>
                {form}
                {listed.map(|listed| found(listed, stage, before, &typed))}
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

/// The stage as a field of a form that stays when it is sent.
fn kept(stage: Option<Stage>) -> Vec<(&'static str, String)> {
    stage.map(|stage| ("stage", stage.word().to_owned())).into_iter().collect()
}

fn address(stage: Option<Stage>, typed: &Typed, before: Option<ExperimentId>) -> String {
    let mut query = Vec::new();
    query.extend(stage.map(|stage| format!("stage={}", stage.word())));
    query.extend(typed.part());
    query.extend(before.map(|id| format!("before={id}")));
    paths::with_query(&paths::experiments(), &query)
}

fn tabs(now: Option<Stage>, typed: &Typed) -> Vec<Tab> {
    let tab = |stage: Option<Stage>| Tab {
        label: stage.map_or("All", Stage::label).to_owned(),
        href: address(stage, typed, None),
        current: stage == now,
        count: None,
    };
    std::iter::once(None).chain(Stage::ALL.iter().copied().map(Some)).map(tab).collect()
}

fn found(
    (rows, next, left_out): Page<Row, ExperimentId>,
    stage: Option<Stage>,
    before: Option<ExperimentId>,
    typed: &Typed,
) -> AnyView {
    let first = before.map(|_| address(stage, typed, None));
    let next = next.map(|last| address(stage, typed, Some(last)));
    let content = if rows.is_empty() { nothing(stage, typed) } else { table(rows) };
    let left_out = unreadable(left_out);
    view! { {left_out} {content} <Pager label="Pages of experiments" first=first next=next next_word="Older"/> }
        .into_any()
}

fn nothing(stage: Option<Stage>, typed: &Typed) -> AnyView {
    if let Some(stage) = stage.filter(|_| typed.is_blank()) {
        let heading = format!("Nothing is {} now", stage.label().to_lowercase());
        return view! {
            <Empty heading=heading sentence="Look at another stage, or at all experiments.">
                <a class="button" href=paths::experiments()>"All experiments"</a>
            </Empty>
        }
        .into_any();
    }
    typed.nothing(paths::experiments(), "All experiments")
}

fn table(rows: Vec<Row>) -> AnyView {
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
