//! All decisions and whether each still stands.

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::decisions::acts::Filter;
use notebook::desk::Desk;
use notebook::id::{DecisionId, ExperimentId, RunId};
use notebook::refusal::Refusal;
use notebook::retrials::acts::DecisionRow;
use notebook::search::lists::{self, Page};
use notebook::search::{Found, Query};

use crate::ask::{page, query};
use crate::frame::{Crumb, Frame};
use crate::keys::steps::NEXT;
use crate::parts::page::{Empty, PageHead};
use crate::parts::pager::Pager;
use crate::parts::sample::mark;
use crate::parts::table::TableRegion;
use crate::parts::words::Word;
use crate::paths;
use crate::safe::PageTitle;
use crate::search::{Typed, unreadable};
use crate::times::Times;

/// What the address narrows the list to.
#[derive(Debug, Clone, Copy, Default)]
struct Narrowed {
    run: Option<RunId>,
    experiment: Option<ExperimentId>,
}

impl Narrowed {
    fn here() -> Result<Self, Refusal> {
        let (run, experiment) = (query("run"), query("experiment"));
        Ok(Self {
            run: if run.is_empty() { None } else { Some(run.parse().map_err(|_| Refusal::missing("run", run))?) },
            experiment: if experiment.is_empty() {
                None
            } else {
                Some(experiment.parse().map_err(|_| Refusal::missing("experiment", experiment))?)
            },
        })
    }

    /// As fields of a form that stay when it is sent.
    fn kept(self) -> Vec<(&'static str, String)> {
        let run = self.run.map(|id| ("run", id.to_string()));
        run.into_iter().chain(self.experiment.map(|id| ("experiment", id.to_string()))).collect()
    }

    fn address(self, typed: &Typed, before: Option<DecisionId>) -> String {
        let mut parts: Vec<String> = self.kept().iter().map(|(name, id)| format!("{name}={id}")).collect();
        parts.extend(typed.part());
        parts.extend(before.map(|id| format!("before={id}")));
        paths::with_query(&paths::decisions(), &parts)
    }

    fn words(self) -> Option<String> {
        match (self.run, self.experiment) {
            (None, None) => None,
            (Some(run), None) => Some(format!("taken at {run}")),
            (None, Some(experiment)) => Some(format!("resting on {experiment}")),
            (Some(run), Some(experiment)) => Some(format!("taken at {run}, resting on {experiment}")),
        }
    }
}

#[component]
pub fn DecisionsPage() -> impl IntoView {
    page(|desk| async move {
        let narrowed = Narrowed::here()?;
        let before: Option<DecisionId> = query("before").parse().ok();
        let filter = Filter { before, run: narrowed.run, experiment: narrowed.experiment, ..Filter::default() };
        let typed = Typed::here(&desk, Found::Decision).await?;
        let found = match typed.query() {
            Some(query) => Some(lists::decisions(&desk, query, &filter).await?),
            None => None,
        };
        let may_decide = desk.shows(Act::Decide);
        let is_empty = found.as_ref().is_some_and(|(rows, ..)| rows.is_empty());
        let head = (may_decide && !is_empty).then(record_link).into_any();
        let of = |query: &Query| lists::of_decisions(query, &filter);
        let form = typed.form(Found::Decision, paths::decisions(), narrowed.kept(), of);
        let content = found.map(|found| listed(found, narrowed, before, &typed, &desk));
        Ok(view! {
            <Frame crumbs=vec![Crumb { label: "Decisions".into(), href: None }]>
                <PageTitle text="Decisions"/>
                <PageHead title="Decisions" actions=head/>
                <div class="stack">
                    {form}
                    {content}
                </div>
            </Frame>
        }
        .into_any())
    })
}

fn listed(
    (rows, next, left_out): Page<DecisionRow, DecisionId>,
    narrowed: Narrowed,
    before: Option<DecisionId>,
    typed: &Typed,
    desk: &Desk,
) -> AnyView {
    let first = before.map(|_| narrowed.address(typed, None));
    let next = next.map(|last| narrowed.address(typed, Some(last)));
    let content = if !rows.is_empty() {
        table(rows, narrowed, &Times::of(desk))
    } else if typed.is_blank() {
        none(narrowed, desk.shows(Act::Decide))
    } else {
        typed.nothing(paths::decisions(), "All decisions")
    };
    let left_out = unreadable(left_out);
    view! { {left_out} {content} <Pager label="Pages of decisions" first=first next=next next_word="Older"/> }
        .into_any()
}

fn record_link() -> AnyView {
    view! { <a class="button primary" href=paths::new_decision() data-key=NEXT>"Record decision"</a> }.into_any()
}

fn none(narrowed: Narrowed, may_decide: bool) -> AnyView {
    if let Some(words) = narrowed.words() {
        return view! {
            <Empty heading="No decisions here" sentence=format!("None is {words}.")>
                <a class="button" href=paths::decisions()>"All decisions"</a>
            </Empty>
        }
        .into_any();
    }
    view! {
        <Empty heading="No decisions" sentence="What do you now dare to do?">
            {may_decide.then(record_link)}
        </Empty>
    }
    .into_any()
}

fn table(rows: Vec<DecisionRow>, narrowed: Narrowed, times: &Times) -> AnyView {
    let caption = match narrowed.words() {
        Some(words) => format!("Decisions {words}, newest first"),
        None => "Decisions, newest first".to_owned(),
    };
    let lines: Vec<_> = rows.into_iter().map(|row| line(row, times)).collect();
    view! {
        <TableRegion id="decisions" caption=caption>
            <thead>
                <tr>
                    <th scope="col">"Decision"</th>
                    <th scope="col">"Kind"</th>
                    <th scope="col">"Standing"</th>
                    <th scope="col">"Rests on"</th>
                    <th scope="col">"Taken"</th>
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </TableRegion>
    }
    .into_any()
}

fn line(row: DecisionRow, times: &Times) -> AnyView {
    let decision = row.decision;
    let claims = decision.claims.iter().map(|claim| {
        let id = claim.experiment;
        view! { <li><a class="id" href=paths::experiment(id)>{id.to_string()}</a></li> }
    });
    let claims = if decision.claims.is_empty() {
        view! { <span class="muted">"no claim"</span> }.into_any()
    } else {
        view! { <ul class="plain">{claims.collect_view()}</ul> }.into_any()
    };
    view! {
        <tr>
            <td>
                <span class="id muted">{decision.id.to_string()}</span>
                {mark(&decision.id.to_string())}
                <br/>
                <a href=paths::decision(decision.id)>{decision.title.to_string()}</a>
            </td>
            <td>{decision.kind.label()}</td>
            <td>{Word::from(row.standing).badge()}</td>
            <td>{claims}</td>
            <td>{times.when(decision.created_at)}</td>
        </tr>
    }
    .into_any()
}
