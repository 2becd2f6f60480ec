//! The coverage map: services by faults, with the newest verdict in each place, the blind spots first.

use leptos::prelude::*;
use notebook::retrials::acts::coverage;
use notebook::retrials::coverage::{Line, Map, Tried};
use notebook::services::frequency::days_ago;
use notebook::text::Slug;
use notebook::time::Moment;

use crate::ask::page;
use crate::frame::{Crumb, Frame};
use crate::parts::page::{Empty, PageHead};
use crate::parts::sample::mark;
use crate::parts::table::TableRegion;
use crate::parts::words::Word;
use crate::paths;
use crate::safe::PageTitle;
use crate::words::verdict_due;

#[component]
pub fn CoveragePage() -> impl IntoView {
    page(|desk| async move {
        let map = coverage(&desk).await?;
        let crumbs = vec![
            Crumb { label: "Services".into(), href: Some(paths::services()) },
            Crumb { label: "Coverage map".into(), href: None },
        ];
        let sentence = "What keeps data and rarely changes stands first: nothing exercises it unless somebody does. Each place shows the newest run that ended.";
        let now = desk.now();
        Ok(view! {
            <Frame crumbs=crumbs>
                <PageTitle text="Coverage map"/>
                <PageHead title="Coverage map"/>
                <div class="stack">
                    <p>{sentence}</p>
                    {table(map, now)}
                </div>
            </Frame>
        }
        .into_any())
    })
}

fn table(map: Map, now: Moment) -> AnyView {
    if map.lines.is_empty() {
        return view! {
            <Empty heading="Nothing to cover yet" sentence="The map shows services and what was tried on them.">
                <a class="button" href=paths::services()>"Services"</a>
            </Empty>
        }
        .into_any();
    }
    let heads = map.faults.iter().map(|fault| view! { <th scope="col">{fault.to_string()}</th> }).collect_view();
    let lines: Vec<_> = map.lines.iter().map(|line| row(line, &map.faults, now)).collect();
    view! {
        <TableRegion id="coverage" caption="Services by faults, the most urgent blind spots first">
            <thead>
                <tr>
                    <th scope="col">"Service"</th>
                    <th scope="col">"Changes"</th>
                    {heads}
                    <th scope="col">"Anything else"</th>
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </TableRegion>
    }
    .into_any()
}

fn row(line: &Line, faults: &[Slug], now: Moment) -> AnyView {
    let (href, name, slug) = (paths::service(&line.service), line.name.to_string(), line.service.to_string());
    let marks = [(line.stateful, "stateful"), (line.single_point, "single point of failure")];
    let marks: Vec<&str> = marks.into_iter().filter_map(|(is, word)| is.then_some(word)).collect();
    let last = line.changed_at.map(|at| format!("last {}", days_ago(at, now)));
    let cells: Vec<_> = faults.iter().map(|fault| cell(line, Some(fault), now)).collect();
    let others =
        if line.tried.is_empty() { view! { <td>{untried(line)}</td> }.into_any() } else { cell(line, None, now) };
    let sample = mark(&slug);
    view! {
        <tr>
            <th scope="row">
                <a href=href>{name}</a> <br/> <span class="id muted">{slug}</span> {sample}
                <br/> <span class="muted">{marks.join(", ")}</span>
            </th>
            <td>{line.frequency.words()} <br/> <span class="muted">{last}</span></td>
            {cells}
            {others}
        </tr>
    }
    .into_any()
}

fn untried(line: &Line) -> AnyView {
    let href = paths::new_experiment_on(&line.service);
    view! { <strong>"never tried"</strong> <br/> <a href=href>"New experiment"</a> }.into_any()
}

/// What was tried with one fault, or without one that the plan names.
fn cell(line: &Line, fault: Option<&Slug>, now: Moment) -> AnyView {
    let found: Vec<_> =
        line.tried.iter().filter(|tried| tried.fault.as_ref() == fault).map(|tried| one(tried, now)).collect();
    if found.is_empty() && fault.is_some() {
        return view! { <td class="muted">"never tried"</td> }.into_any();
    }
    view! { <td>{found}</td> }.into_any()
}

fn one(tried: &Tried, now: Moment) -> AnyView {
    let word = verdict_due(tried.execution, tried.validity, tried.verdict)
        .or_else(|| tried.validity.map(Word::from))
        .map(Word::badge);
    let (href, id) = (paths::run(tried.run), tried.run.to_string());
    let place = format!("{}, {}", tried.environment, days_ago(tried.ended_at, now));
    view! { <div>{word} " " <a class="id" href=href>{id}</a> " " <span class="muted">{place}</span></div> }.into_any()
}
