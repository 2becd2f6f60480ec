//! The list of runs: each question in a column of its own.

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::desk::Desk;
use notebook::fault::Result;
use notebook::id::{ExperimentId, RunId};
use notebook::runs::acts::{Filter, Row, Week, by_week};
use notebook::runs::facts::Execution;
use notebook::search::lists::{self, Page};
use notebook::search::{Found, Query, Sort};
use notebook::views::shown::{Group, Shown};
use notebook::views::{View, acts as saved_views};

use crate::ask::{page, query};
use crate::frame::{Crumb, Frame};
use crate::keys::steps::NEXT;
use crate::parts::page::{Empty, PageHead};
use crate::parts::pager::Pager;
use crate::parts::sample::mark;
use crate::parts::table::TableRegion;
use crate::parts::tabs::{Tab, Tabs};
use crate::parts::words::Word;
use crate::paths;
use crate::runs::compare::{choosing, tick};
use crate::safe::PageTitle;
use crate::search::shown::{self, Order};
use crate::search::views::{self as kept_views, Opens};
use crate::search::{Typed, unreadable};
use crate::times::Times;
use crate::words::verdict_due;

/// A quarter of a year is looked back over.
const WEEKS: i64 = 13;

/// What the address asks for.
#[derive(Debug, Clone, Default)]
struct Asked {
    execution: Option<Execution>,
    experiment: Option<ExperimentId>,
    before: Option<RunId>,
    typed: Typed,
    shown: Shown,
}

impl Asked {
    async fn here(desk: &Desk) -> Result<Self> {
        Ok(Self {
            // An unknown word filters nothing: the link may come from a later version.
            execution: Execution::named(&query("execution")).ok(),
            experiment: query("experiment").parse().ok(),
            before: query("before").parse().ok(),
            typed: Typed::here(desk, Found::Run).await?,
            shown: shown::here(Found::Run),
        })
    }

    fn filter(&self) -> Filter {
        let Self { execution, experiment, before, .. } = *self;
        Filter { before, execution, experiment, ..Filter::default() }
    }

    /// What narrows the list besides what is typed.
    fn narrowed(&self) -> Vec<(&'static str, String)> {
        let execution = self.execution.map(|execution| ("execution", execution.word().to_owned()));
        execution.into_iter().chain(self.experiment.map(|id| ("experiment", id.to_string()))).collect()
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

    fn address(&self, before: Option<RunId>) -> String {
        let mut parts: Vec<String> = self.narrowed().iter().map(|(name, value)| format!("{name}={value}")).collect();
        parts.extend(self.typed.part());
        parts.extend(shown::parts(&self.shown, Group::Nothing));
        parts.extend(before.map(|id| format!("before={id}")));
        paths::with_query(&paths::runs(), &parts)
    }
}

#[component]
pub fn RunsPage() -> impl IntoView {
    page(|desk| async move {
        let asked = Asked::here(&desk).await?;
        let found = match asked.typed.query() {
            Some(query) => Some(lists::runs(&desk, query, &asked.filter()).await?),
            None => None,
        };
        let weeks = by_week(&desk, &asked.filter(), WEEKS).await?;
        let experiment = asked.experiment;
        let of = |query: &Query| lists::of_runs(query, &asked.filter());
        let form = asked.typed.form(Found::Run, paths::runs(), asked.kept(), of);
        let address = asked.address(None);
        let saved: Vec<View> = saved_views::list(&desk).await?;
        let saved: Vec<View> = saved.into_iter().filter(|view| view.list == Some(Found::Run)).collect();
        let opens = Opens::list(Found::Run, &asked.shown, asked.group());
        let saving = kept_views::of_list(&desk, &saved, asked.typed.whole(of), opens).await?;
        let shown = found.map(|found| listed(&desk, found, &asked));
        let title = experiment.map_or_else(|| "Runs".to_owned(), |id| format!("Runs of {id}"));
        let above = experiment.map_or_else(
            || view! { <Tabs label="Runs by execution" tabs=tabs(&asked)/> }.into_any(),
            |id| view! { <p><a href=paths::experiment(id)>{format!("Back to {id}")}</a></p> }.into_any(),
        );
        Ok(view! {
            <Frame crumbs=crumbs(experiment)>
                <PageTitle text=title.clone()/>
                <PageHead title=title actions=actions(&desk)/>
                <div class="stack">
                    {above}
                    {kept_views::links(&saved, &address)}
                    {form}
                    {strip(&asked, &weeks)}
                    {shown}
                    {saving}
                </div>
            </Frame>
        }
        .into_any())
    })
}

fn listed(desk: &Desk, (rows, next, left_out): Page<Row, RunId>, asked: &Asked) -> AnyView {
    let first = asked.before.map(|_| asked.address(None));
    let next = next.map(|last| asked.address(Some(last)));
    let content = if !rows.is_empty() {
        table(rows, asked, &Times::of(desk))
    } else if asked.typed.is_blank() {
        nothing(desk, asked.execution)
    } else {
        asked.typed.nothing(paths::runs(), "Show all runs")
    };
    let left_out = unreadable(left_out);
    view! { {left_out} {content} <Pager label="Pages of runs" first=first next=next next_word="Older"/> }.into_any()
}

fn crumbs(of: Option<ExperimentId>) -> Vec<Crumb> {
    let runs = Crumb { label: "Runs".into(), href: of.map(|_| paths::runs()) };
    std::iter::once(runs).chain(of.map(|id| Crumb { label: id.to_string(), href: None })).collect()
}

fn actions(desk: &Desk) -> AnyView {
    let plan = desk.shows(Act::PlanRun).then(|| view! { <a class="button" href=paths::choose_run()>"Plan run"</a> });
    let journal =
        desk.shows(Act::Import).then(|| view! { <a class="button" href=paths::imports()>"Import journal"</a> });
    let past = desk
        .shows(Act::RecordRun)
        .then(|| view! { <a class="button primary" href=paths::choose_past_run() data-key=NEXT>"Record past run"</a> });
    view! { <a class="button" href=paths::alerts()>"Alerts"</a>{plan}{journal}{past} }.into_any()
}

fn tabs(asked: &Asked) -> Vec<Tab> {
    let tab = |label: &str, execution: Option<Execution>| Tab {
        label: label.to_owned(),
        href: Asked { execution, ..asked.clone() }.address(None),
        current: execution == asked.execution,
        count: None,
    };
    std::iter::once(tab("All", None))
        .chain(Execution::ALL.iter().map(|execution| tab(execution.label(), Some(*execution))))
        .collect()
}

/// The runs of each week, by links that ask for it; none where no run began.
fn strip(asked: &Asked, weeks: &[Week]) -> Option<AnyView> {
    let tab = |week: &Week| {
        let (monday, iso) = (week.monday, week.monday.iso_week_date());
        let part = format!("q={}", paths::encoded(&format!("started:{}-W{:02}", iso.year(), iso.week())));
        let parts: Vec<String> = asked.kept().iter().map(|(name, value)| format!("{name}={value}")).collect();
        let current = asked.typed.part().as_ref() == Some(&part);
        Tab {
            label: monday.strftime("%-d %b").to_string(),
            href: paths::with_query(&paths::runs(), &[parts, vec![part]].concat()),
            current,
            count: Some(week.runs),
        }
    };
    let any = weeks.iter().any(|week| week.runs > 0);
    any.then(|| {
        let tabs = weeks.iter().map(tab).collect();
        view! {
            <p class="muted">"How many began in the week of"</p>
            <Tabs label="Runs by the week in which they began" tabs=tabs/>
        }
        .into_any()
    })
}

fn nothing(desk: &Desk, execution: Option<Execution>) -> AnyView {
    if let Some(execution) = execution {
        let heading = format!("No runs here that are {}", execution.label().to_lowercase());
        return view! {
            <Empty heading=heading sentence="Others may be planned, under way or over.">
                <a class="button" href=paths::runs()>"Show all runs"</a>
            </Empty>
        }
        .into_any();
    }
    let past = desk
        .shows(Act::RecordRun)
        .then(|| view! { <a class="button" href=paths::choose_past_run()>"Record past run"</a> });
    let journal =
        desk.shows(Act::Import).then(|| view! { <a class="button" href=paths::imports()>"Import journal"</a> });
    view! {
        <Empty heading="No runs yet" sentence="Already ran one? Write it down after the fact.">{past}{journal}</Empty>
    }
    .into_any()
}

fn table(rows: Vec<Row>, asked: &Asked, times: &Times) -> AnyView {
    let (count, group, order) = (rows.len(), asked.group(), asked.order());
    let fields = asked.narrowed().into_iter().chain(asked.typed.kept()).collect();
    let columns = shown::choosing(Found::Run, (&asked.shown, group), paths::runs(), fields, &order);
    let caption = if asked.typed.sort().is_some() { "Runs" } else { "Runs, newest first" };
    let line = |row: Row| line(row, &asked.shown, times);
    let bodies = shown::bodies(Found::Run, &asked.shown, rows, |row| group_of(row, group), line);
    let heads = shown::heads(Found::Run, &asked.shown, "Run", &order);
    let table = view! {
        <TableRegion id="runs" caption=caption unseen_caption=true>
            {heads}
            {bodies}
        </TableRegion>
    }
    .into_any();
    // Without their boxes none can be chosen.
    let count = if asked.shown.shows(Found::Run, "compare") { count } else { 0 };
    view! { {columns} {choosing(table, count)} }.into_any()
}

/// The name of the group that a row stands in.
fn group_of(row: &Row, group: Group) -> Option<String> {
    match group {
        Group::Status => Some(row.run.execution.label().to_owned()),
        Group::Experiment => Some(format!("{} {}", row.run.experiment, row.run.title)),
        // Its services stand in its plan.
        Group::Nothing | Group::Service => None,
    }
}

fn line(row: Row, columns: &Shown, times: &Times) -> AnyView {
    let Row { run, targets, validity, verdict, telemetry } = row;
    let badge = |word: Option<Word>| word.map_or_else(|| "\u{2013}".into_any(), |word| word.badge().into_any());
    let when = match (run.started_at, run.planned_at) {
        (Some(started), _) => times.when(started),
        (None, Some(planned)) => view! { "planned for " {times.when(planned)} }.into_any(),
        (None, None) => view! { "no time yet" }.into_any(),
    };
    let targets =
        if targets.is_empty() { "none yet".into_any() } else { view! { <code>{targets.join(", ")}</code> }.into_any() };
    let ended = run.execution.has_ended();
    let cells = vec![
        ("when", when),
        ("environment", run.environment.to_string().into_any()),
        ("targets", targets),
        ("execution", badge(Some(run.execution.into()))),
        ("validity", badge(validity.map(Word::from))),
        ("verdict", badge(verdict_due(run.execution, validity, verdict))),
        ("telemetry", badge(ended.then(|| telemetry.into()))),
        ("compare", tick(run.id)),
        ("created", times.when(run.created_at)),
    ];
    view! {
        <tr>
            <th scope="row"><span class="id">{run.id.to_string()}</span>{mark(&run.id.to_string())}" "<a href=paths::run(run.id)>{run.title}</a></th>
            {shown::cells(Found::Run, columns, cells)}
        </tr>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_is_asked_for_beside_what_the_list_is_narrowed_to() {
        let week = |date: &str, runs: usize| Week { monday: date.parse().unwrap(), runs };
        let asked = Asked { execution: Some(Execution::Finished), ..Asked::default() };
        let html = |weeks: &[Week]| Owner::new().with(|| strip(&asked, weeks).map(RenderHtml::to_html));
        let shown = html(&[week("2025-12-29", 0), week("2026-11-23", 3)]).unwrap();
        for part in ["/runs?execution=finished&", "q=started%3A2026-W01\"", "q=started%3A2026-W48\"", "23 Nov", ">3<"] {
            assert!(shown.contains(part), "{part} in {shown}");
        }
        assert_eq!(html(&[week("2026-11-23", 0)]), None);
    }

    #[test]
    fn the_address_holds_everything_that_narrows_the_list() {
        let (execution, experiment) = (Some(Execution::Finished), Some(ExperimentId::of(3)));
        let asked = Asked { execution, experiment, ..Asked::default() };
        assert_eq!(asked.address(Some(RunId::of(7))), "/runs?execution=finished&experiment=EXP-3&before=RUN-7");
        assert_eq!(Asked::default().address(None), "/runs");
        let shown = Shown::read(Found::Run, "verdict,when", "experiment");
        let asked = Asked { execution, shown, ..Asked::default() };
        assert_eq!(asked.address(None), "/runs?execution=finished&cols=when,verdict&group=experiment");
    }
}
