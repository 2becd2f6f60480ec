//! All experiments, by stage.

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::desk::Desk;
use notebook::experiments::Stage;
use notebook::experiments::acts::{Filter, Row};
use notebook::fault::Result;
use notebook::id::ExperimentId;
use notebook::search::lists::{self, Page};
use notebook::search::{Found, Query, Sort};
use notebook::views::shown::{Group, Shown};
use notebook::views::{View, acts as saved_views};

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
use crate::search::shown::{self, Order};
use crate::search::views::{self as kept_views, Opens};
use crate::search::{Typed, unreadable};
use crate::times::Times;

/// What the address asks for.
#[derive(Debug, Clone, Default)]
struct Asked {
    stage: Option<Stage>,
    before: Option<ExperimentId>,
    typed: Typed,
    shown: Shown,
}

impl Asked {
    async fn here(desk: &Desk) -> Result<Self> {
        Ok(Self {
            stage: Stage::named(&query("stage")).ok(),
            before: query("before").parse().ok(),
            typed: Typed::here(desk, Found::Experiment).await?,
            shown: shown::here(Found::Experiment),
        })
    }

    fn filter(&self) -> Filter {
        Filter { before: self.before, stage: self.stage, ..Filter::default() }
    }

    /// What narrows the list besides what is typed.
    fn narrowed(&self) -> Vec<(&'static str, String)> {
        self.stage.map(|stage| ("stage", stage.word().to_owned())).into_iter().collect()
    }

    /// As fields of a form that stay when it is sent.
    fn kept(&self) -> Vec<(&'static str, String)> {
        self.narrowed().into_iter().chain(shown::kept(&self.shown, Group::Nothing)).collect()
    }

    fn group(&self) -> Group {
        self.shown.group.unwrap_or(Group::Nothing)
    }

    fn order(&self) -> Order {
        let address = |sort| Self { typed: self.typed.sorted(sort), ..self.clone() }.address(None);
        Order::of(self.typed.sort().or(Some(Sort::Created)), address)
    }

    fn address(&self, before: Option<ExperimentId>) -> String {
        let mut parts: Vec<String> = self.narrowed().iter().map(|(name, value)| format!("{name}={value}")).collect();
        parts.extend(self.typed.part());
        parts.extend(shown::parts(&self.shown, Group::Nothing));
        parts.extend(before.map(|id| format!("before={id}")));
        paths::with_query(&paths::experiments(), &parts)
    }
}

#[component]
pub fn ExperimentsPage() -> impl IntoView {
    page(|desk| async move {
        let asked = Asked::here(&desk).await?;
        let filter = asked.filter();
        let listed = match asked.typed.query() {
            Some(query) => Some(lists::experiments(&desk, query, &filter).await?),
            None => None,
        };
        let of = |query: &Query| lists::of_experiments(query, &filter);
        let form = asked.typed.form(Found::Experiment, paths::experiments(), asked.kept(), of);
        let may_write = desk.shows(Act::WriteExperiment);
        let is_whole = asked.stage.is_none() && asked.before.is_none() && asked.typed.is_blank();
        let nothing_at_all = is_whole && listed.as_ref().is_some_and(|(rows, ..)| rows.is_empty());
        let add = (may_write && !nothing_at_all).then(|| view! { {template_link()} {new_link()} });
        let content = if nothing_at_all {
            nothing_yet(may_write)
        } else {
            let saved: Vec<View> = saved_views::list(&desk).await?;
            let saved: Vec<View> = saved.into_iter().filter(|view| view.list == Some(Found::Experiment)).collect();
            let opens = Opens::list(Found::Experiment, &asked.shown, asked.group());
            let saving = kept_views::of_list(&desk, &saved, asked.typed.whole(of), opens).await?;
            view! {
                <Tabs label="Stages of experiments" tabs=tabs(&asked)/>
                {kept_views::links(&saved, &asked.address(None))}
                {form}
                {listed.map(|listed| found(listed, &asked, &Times::of(&desk)))}
                {saving}
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

fn tabs(asked: &Asked) -> Vec<Tab> {
    let tab = |stage: Option<Stage>| Tab {
        label: stage.map_or("All", Stage::label).to_owned(),
        href: Asked { stage, ..asked.clone() }.address(None),
        current: stage == asked.stage,
        count: None,
    };
    std::iter::once(None).chain(Stage::ALL.iter().copied().map(Some)).map(tab).collect()
}

fn found((rows, next, left_out): Page<Row, ExperimentId>, asked: &Asked, times: &Times) -> AnyView {
    let first = asked.before.map(|_| asked.address(None));
    let next = next.map(|last| asked.address(Some(last)));
    let content = if rows.is_empty() { nothing(asked.stage, &asked.typed) } else { table(rows, asked, times) };
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

fn table(rows: Vec<Row>, asked: &Asked, times: &Times) -> AnyView {
    const LIST: Found = Found::Experiment;
    let (group, order) = (asked.group(), asked.order());
    let fields = asked.narrowed().into_iter().chain(asked.typed.kept()).collect();
    let columns = shown::choosing(LIST, (&asked.shown, group), paths::experiments(), fields, &order);
    let caption = if asked.typed.sort().is_some() { "Experiments" } else { "Experiments, newest first" };
    let line = |row: Row| line(row, &asked.shown, times);
    let bodies = shown::bodies(LIST, &asked.shown, rows, |row| group_of(row, group), line);
    let heads = shown::heads(LIST, &asked.shown, "Experiment", &order);
    view! {
        {columns}
        <TableRegion id="experiments" caption=caption>
            {heads}
            {bodies}
        </TableRegion>
    }
    .into_any()
}

/// The name of the group that a row stands in.
fn group_of(row: &Row, group: Group) -> Option<String> {
    match group {
        Group::Status => Some(row.experiment.stage.label().to_owned()),
        Group::Service => Some(shown::services(&row.experiment.services)),
        // Each stands alone.
        Group::Nothing | Group::Experiment => None,
    }
}

fn line(row: Row, columns: &Shown, times: &Times) -> AnyView {
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
    let cells = vec![
        ("services", services.join(", ").into_any()),
        ("fault", fault),
        ("environment", environment),
        ("stage", view! { {Word::from(experiment.stage).badge()} {newer} }.into_any()),
        ("owner", experiment.owner_name.into_any()),
        ("created", times.when(experiment.created_at)),
        ("updated", times.when(experiment.updated_at)),
    ];
    view! {
        <tr>
            <td><a href=paths::experiment(id)>{experiment.title.to_string()}</a><br/><span class="id muted">{id.to_string()}</span>{mark(&id.to_string())}</td>
            {shown::cells(Found::Experiment, columns, cells)}
        </tr>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_holds_what_is_chosen() {
        let shown = Shown::read(Found::Experiment, "updated,stage", "service");
        let asked = Asked { stage: Some(Stage::Ready), shown, ..Asked::default() };
        let address = asked.address(Some(ExperimentId::of(7)));
        assert_eq!(address, "/experiments?stage=ready&cols=stage,updated&group=service&before=EXP-7");
        assert_eq!(Asked::default().address(None), "/experiments");
    }
}
