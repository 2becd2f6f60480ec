//! All decisions and whether each still stands.

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::decisions::acts::Filter;
use notebook::id::{DecisionId, ExperimentId, RunId};
use notebook::refusal::Refusal;
use notebook::retrials::acts::{DecisionRow, decisions};

use crate::ask::{page, query};
use crate::frame::{Crumb, Frame};
use crate::parts::page::{Empty, PageHead};
use crate::parts::pager::Pager;
use crate::parts::sample::mark;
use crate::parts::table::TableRegion;
use crate::parts::words::Word;
use crate::paths;
use crate::safe::PageTitle;
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

    fn address(self, before: Option<DecisionId>) -> String {
        let mut parts = Vec::new();
        parts.extend(self.run.map(|id| format!("run={id}")));
        parts.extend(self.experiment.map(|id| format!("experiment={id}")));
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
        let (rows, more) = decisions(&desk, &filter).await?;
        let next = rows.last().filter(|_| more).map(|row| narrowed.address(Some(row.decision.id)));
        let first = before.map(|_| narrowed.address(None));
        let may_decide = desk.shows(Act::Decide);
        let head = (may_decide && !rows.is_empty()).then(record_link).into_any();
        let content =
            if rows.is_empty() { none(narrowed, may_decide) } else { table(rows, narrowed, &Times::of(&desk)) };
        Ok(view! {
            <Frame crumbs=vec![Crumb { label: "Decisions".into(), href: None }]>
                <PageTitle text="Decisions"/>
                <PageHead title="Decisions" actions=head/>
                <div class="stack">
                    {content}
                    <Pager label="Pages of decisions" first=first next=next next_word="Older"/>
                </div>
            </Frame>
        }
        .into_any())
    })
}

fn record_link() -> AnyView {
    view! { <a class="button primary" href=paths::new_decision()>"Record decision"</a> }.into_any()
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
