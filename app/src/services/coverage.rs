//! The coverage map: services by faults, with the newest verdict in each place, the blind spots first.

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::retrials::acts::coverage;
use notebook::retrials::coverage::{Line, Map, Tried};
use notebook::services::frequency::days_ago;
use notebook::templates::Template;
use notebook::templates::acts::{self as templates, Filter};
use notebook::templates::fitting::fitting;
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

/// Templates named in one place of the map; the others are one press away.
const TEMPLATES_SHOWN_MAX: usize = 2;

#[component]
pub fn CoveragePage() -> impl IntoView {
    page(|desk| async move {
        let map = coverage(&desk).await?;
        let offered = if desk.shows(Act::WriteExperiment) {
            templates::list(&desk, &Filter::default()).await?
        } else {
            Vec::new()
        };
        let crumbs = vec![
            Crumb { label: "Services".into(), href: Some(paths::services()) },
            Crumb { label: "Coverage map".into(), href: None },
        ];
        let sentence = "What keeps data and rarely changes stands first: nothing exercises it unless somebody does. Faults that nobody tried on anything come first. Each place shows the newest run that ended, or with which template it can be tried.";
        let now = desk.now();
        Ok(view! {
            <Frame crumbs=crumbs>
                <PageTitle text="Coverage map"/>
                <PageHead title="Coverage map"/>
                <div class="stack">
                    <p>{sentence}</p>
                    {table(map, &offered, now)}
                </div>
            </Frame>
        }
        .into_any())
    })
}

fn table(map: Map, offered: &[Template], now: Moment) -> AnyView {
    if map.lines.is_empty() {
        return view! {
            <Empty heading="Nothing to cover yet" sentence="The map shows services and what was tried on them.">
                <a class="button" href=paths::services()>"Services"</a>
            </Empty>
        }
        .into_any();
    }
    let faults: Vec<&Slug> = map.untried.iter().chain(&map.faults).collect();
    let heads = faults.iter().map(|fault| view! { <th scope="col">{fault.to_string()}</th> }).collect_view();
    let lines: Vec<_> = map.lines.iter().map(|line| row(line, &faults, offered, now)).collect();
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

fn row(line: &Line, faults: &[&Slug], offered: &[Template], now: Moment) -> AnyView {
    let (href, name, slug) = (paths::service(&line.service), line.name.to_string(), line.service.to_string());
    let marks = [(line.stateful, "stateful"), (line.single_point, "single point of failure")];
    let marks: Vec<&str> = marks.into_iter().filter_map(|(is, word)| is.then_some(word)).collect();
    let last = line.changed_at.map(|at| format!("last {}", days_ago(at, now)));
    let cells: Vec<_> = faults.iter().map(|fault| of_fault(line, fault, offered, now)).collect();
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

/// What was tried with one fault, or what it can be tried with.
fn of_fault(line: &Line, fault: &Slug, offered: &[Template], now: Moment) -> AnyView {
    if line.tried.iter().any(|tried| tried.fault.as_ref() == Some(fault)) {
        return cell(line, Some(fault), now);
    }
    let all = fitting(offered, fault, line.stateful);
    let rest = (all.len() > TEMPLATES_SHOWN_MAX).then(|| {
        let of = format!(" for {fault}");
        view! { <div><a href=paths::templates_for(fault)>"more"<span class="unseen">{of}</span></a></div> }
    });
    let links: Vec<_> = all.into_iter().take(TEMPLATES_SHOWN_MAX).map(|template| begin(template, line)).collect();
    view! { <td><span class="muted">"never tried"</span>{links}{rest}</td> }.into_any()
}

fn begin(template: &Template, line: &Line) -> AnyView {
    let href = paths::new_experiment_from(&template.name, Some(&line.service));
    let (title, of) = (template.title.to_string(), format!(" on {}", line.service));
    view! { <div><a href=href>{title}<span class="unseen">{of}</span></a></div> }.into_any()
}

/// What was tried with one fault, or without one that the plan names.
fn cell(line: &Line, fault: Option<&Slug>, now: Moment) -> AnyView {
    let found: Vec<_> =
        line.tried.iter().filter(|tried| tried.fault.as_ref() == fault).map(|tried| one(tried, now)).collect();
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
