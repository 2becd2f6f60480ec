//! The coverage map: services by faults, with the newest verdict in each place, the blind spots first.

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::limits::COVERAGE_RUNS_MAX;
use notebook::retrials::acts::coverage_after;
use notebook::retrials::coverage::{Line, Map, Tried};
use notebook::services::frequency::days_ago;
use notebook::templates::Template;
use notebook::templates::acts::{self as templates, Filter};
use notebook::templates::fitting::fitting;
use notebook::text::Slug;
use notebook::time::Moment;

use crate::ask::{page, query};
use crate::frame::{Crumb, Frame};
use crate::parts::page::{Empty, PageHead};
use crate::parts::pager::Pager;
use crate::parts::sample::mark;
use crate::parts::table::TableRegion;
use crate::parts::words::Word;
use crate::paths;
use crate::safe::PageTitle;
use crate::words::verdict_due;

#[component]
pub fn CoveragePage() -> impl IntoView {
    page(|desk| async move {
        let after = Slug::new(query("after").trim()).ok();
        let map = coverage_after(&desk, after.as_ref()).await?;
        let offered = if desk.shows(Act::WriteExperiment) {
            templates::list(&desk, &Filter::default()).await?
        } else {
            Vec::new()
        };
        let crumbs = vec![
            Crumb { label: "Services".into(), href: Some(paths::services()) },
            Crumb { label: "Coverage map".into(), href: None },
        ];
        let sentence = "What keeps data and rarely changes stands first: nothing exercises it unless somebody does. Faults that nobody tried on any of these services come first. Each place shows the newest run that ended, and what other environments saw.";
        let now = desk.now();
        let cut = map.older_left_out.then(older_left_out);
        // Where nothing comes any more, the place of the table leads back.
        let first = after.as_ref().filter(|_| !map.lines.is_empty()).map(|_| paths::coverage());
        let next = map.next.as_ref().map(paths::coverage_after);
        Ok(view! {
            <Frame crumbs=crumbs>
                <PageTitle text="Coverage map"/>
                <PageHead title="Coverage map"/>
                <div class="stack">
                    <p>{sentence}</p>
                    {cut}
                    {table(map, after.as_ref(), &offered, now)}
                    <Pager label="Pages of the coverage map" first=first next=next/>
                </div>
            </Frame>
        }
        .into_any())
    })
}

/// What is not looked at may have been tried all the same.
fn older_left_out() -> AnyView {
    let sentence = format!(
        "More runs ended on these services than are shown: of each plan the newest in each environment, {COVERAGE_RUNS_MAX} in all. What is only in older ones stands as never tried."
    );
    view! { <p class="hint">{sentence}</p> }.into_any()
}

/// Where the map ended before: not the same as a notebook without services.
fn beyond(after: &Slug) -> AnyView {
    let heading = format!("No services after {after}");
    view! {
        <Empty heading=heading sentence="The coverage map ends there; the most urgent blind spots are on its first page.">
            <a class="button" href=paths::coverage()>"First page"</a>
        </Empty>
    }
    .into_any()
}

fn table(map: Map, after: Option<&Slug>, offered: &[Template], now: Moment) -> AnyView {
    if let Some(after) = after.filter(|_| map.lines.is_empty()) {
        return beyond(after);
    }
    if map.lines.is_empty() {
        return view! {
            <Empty heading="Nothing to cover yet" sentence="The map shows services and what was tried on them.">
                <a class="button" href=paths::services()>"Services"</a>
            </Empty>
        }
        .into_any();
    }
    let faults: Vec<&Slug> = map.untried.iter().chain(&map.faults).collect();
    let heads =
        faults.iter().map(|fault| view! { <th scope="col" class="apart">{fault.to_string()}</th> }).collect_view();
    let lines: Vec<_> = map.lines.iter().map(|line| row(line, &faults, offered, now)).collect();
    view! {
        <div class="map">
            <TableRegion id="coverage" caption="Services by faults, the most urgent blind spots first">
                <thead>
                    <tr>
                        <th scope="col">"Service"</th>
                        <th scope="col" class="together">"Faults"</th>
                        {heads}
                        <th scope="col">"Anything else"</th>
                    </tr>
                </thead>
                <tbody>{lines}</tbody>
            </TableRegion>
        </div>
    }
    .into_any()
}

fn row(line: &Line, faults: &[&Slug], offered: &[Template], now: Moment) -> AnyView {
    let (href, name, slug) = (paths::service(&line.service), line.name.to_string(), line.service.to_string());
    let marks = [(line.stateful, "stateful"), (line.single_point, "single point of failure")];
    let marks: Vec<&str> = marks.into_iter().filter_map(|(is, word)| is.then_some(word)).collect();
    let last = line.changed_at.map(|at| format!("last {}", days_ago(at, now)));
    let cells: Vec<_> =
        faults.iter().map(|fault| view! { <td class="apart">{of_fault(line, fault, offered, now)}</td> }).collect();
    let changes = line.frequency.words();
    let changes = [Some(changes), last].into_iter().flatten().collect::<Vec<_>>().join(", ");
    let others = if line.tried.is_empty() { untried(line) } else { tried(line, None, now) };
    let sample = mark(&slug);
    view! {
        <tr>
            <th scope="row">
                <a href=href>{name}</a> <br/> <span class="id muted">{slug}</span> {sample}
                <div class="muted">{marks.join(", ")}</div>
                <div class="muted">{changes}</div>
            </th>
            <td class="together">{together(line, faults, offered, now)}</td>
            {cells}
            <td><strong class="together">"Anything else"</strong> {others}</td>
        </tr>
    }
    .into_any()
}

/// All faults in one place, for a column as narrow as a phone: those never tried in front.
fn together(line: &Line, faults: &[&Slug], offered: &[Template], now: Moment) -> AnyView {
    let is_tried = |fault: &Slug| line.tried.iter().any(|tried| tried.fault.as_ref() == Some(fault));
    let (tried, untried): (Vec<&Slug>, Vec<&Slug>) = faults.iter().copied().partition(|fault| is_tried(fault));
    let items = untried.into_iter().chain(tried).map(|fault| {
        view! { <li><strong>{fault.to_string()}</strong> {of_fault(line, fault, offered, now)}</li> }
    });
    view! { <ul class="plain">{items.collect_view()}</ul> }.into_any()
}

fn untried(line: &Line) -> AnyView {
    let href = paths::new_experiment_on(&line.service);
    let of = format!(" on {}", line.service);
    view! { <strong>"never tried"</strong> <div><a href=href>"New experiment"<span class="unseen">{of}</span></a></div> }
        .into_any()
}

/// What was tried with one fault, or what it can be tried with.
fn of_fault(line: &Line, fault: &Slug, offered: &[Template], now: Moment) -> AnyView {
    if line.tried.iter().any(|tried| tried.fault.as_ref() == Some(fault)) {
        return tried(line, Some(fault), now);
    }
    let all = fitting(offered, fault, line.stateful);
    let rest = (all.len() > 1).then(|| {
        let of = format!(" templates for {fault}");
        view! { <div><a href=paths::templates_for(fault)>"Others"<span class="unseen">{of}</span></a></div> }
    });
    let first = all.first().map(|template| begin(template, line));
    view! { <div class="muted">"never tried"</div> {first} {rest} }.into_any()
}

fn begin(template: &Template, line: &Line) -> AnyView {
    let href = paths::new_experiment_from(&template.name, Some(&line.service));
    let of = format!(" with {} on {}", template.title, line.service);
    view! { <div><a href=href>"Try it"<span class="unseen">{of}</span></a></div> }.into_any()
}

/// What was tried with one fault, or without one that the plan names. The newest run says how it stands, whichever
/// environment it was in.
fn tried(line: &Line, fault: Option<&Slug>, now: Moment) -> AnyView {
    let mut all: Vec<&Tried> = line.tried.iter().filter(|tried| tried.fault.as_ref() == fault).collect();
    all.sort_by_key(|tried| std::cmp::Reverse((tried.ended_at, tried.run)));
    let all = all.into_iter().enumerate().map(|(place, tried)| one(tried, place == 0, now));
    all.collect_view().into_any()
}

fn one(tried: &Tried, is_newest: bool, now: Moment) -> AnyView {
    let word = verdict_due(tried.execution, tried.validity, tried.verdict)
        .or_else(|| tried.validity.map(Word::from))
        .filter(|_| is_newest)
        .map(Word::badge);
    let also = (!is_newest).then_some("also ");
    let (href, id) = (paths::run(tried.run), tried.run.to_string());
    let place = format!("{}, {}", tried.environment, days_ago(tried.ended_at, now));
    view! {
        <div>{word} <span class="muted">{also}</span> " " <a class="id" href=href>{id}</a> " " <span class="muted">{place}</span></div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_that_looks_at_some_runs_only_says_at_how_many() {
        let html = Owner::new().with(|| older_left_out().to_html());
        assert!(html.contains("1000 in all") && html.contains("stands as never tried"), "{html}");
    }

    #[test]
    fn behind_the_last_service_is_not_before_the_first_one() {
        let html = |after: Option<&Slug>| {
            let now = Moment::from_micros(0);
            Owner::new().with(|| table(Map::default(), after, &[], now).to_html())
        };
        let last = Slug::new("zookeeper").unwrap();
        let beyond = html(Some(&last));
        assert!(beyond.contains("No services after zookeeper") && beyond.contains("href=\"/coverage\""), "{beyond}");
        assert!(html(None).contains("Nothing to cover yet"), "{}", html(None));
    }
}
