//! One field that leads anywhere: an id, a page, an act, or something by its name.

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::desk::Desk;
use notebook::experiments::acts as experiments;
use notebook::fault::Result;
use notebook::id::{DecisionId, ExperimentId, FindingId, FixId, GameDayId, RunId, SloId};
use notebook::runs::acts as runs;
use notebook::services::acts as services;

use crate::ask::{page, query};
use crate::frame::{Crumb, Frame};
use crate::parts::field::Field;
use crate::parts::page::{Empty, PageHead};
use crate::paths;
use crate::safe::PageTitle;

/// Of each kind of thing: more stand in its own list.
const SHOWN_MAX: usize = 8;

/// Before this, only acts are asked for.
const ACT: char = '>';

/// Words and an address.
type Way = (String, String);

#[component]
pub fn GoPage() -> impl IntoView {
    page(|desk| async move {
        let asked = query("q").trim().to_owned();
        let ways = ways(&desk, &asked).await?;
        let found: Vec<_> = ways.into_iter().filter(|(_, ways)| !ways.is_empty()).map(group).collect();
        let nothing = found.is_empty().then(|| {
            let heading = format!("Nothing found for \u{201c}{asked}\u{201d}");
            view! { <Empty heading=heading sentence="Write an id like RUN-317, or a part of a name."/> }
        });
        let hint = format!("{ACT} finds only what can be done.");
        Ok(view! {
            <Frame crumbs=vec![Crumb { label: "Go to".into(), href: None }]>
                <PageTitle text="Go to"/>
                <PageHead title="Go to"/>
                <div class="stack">
                    <form method="get" action=paths::go() role="search">
                        <div class="row">
                            <Field form="go" name="q" label="An id, a page, an act or a name" value=asked.clone() kind="search"
                                hint=hint/>
                            <button class="primary">"Find"</button>
                        </div>
                    </form>
                    <div class="stack" id="found" data-asked=asked>
                        {found}
                        {nothing}
                    </div>
                </div>
            </Frame>
        }
        .into_any())
    })
}

async fn ways(desk: &Desk, asked: &str) -> Result<Vec<(&'static str, Vec<Way>)>> {
    if let Some(asked) = asked.strip_prefix(ACT) {
        return Ok(vec![("Acts", acts(desk, asked.trim()))]);
    }
    let mut groups = vec![("By id", by_id(asked))];
    groups.extend(things(desk, asked).await?);
    groups.extend([("Pages", pages(asked)), ("Acts", acts(desk, asked))]);
    Ok(groups)
}

fn group((heading, ways): (&'static str, Vec<Way>)) -> AnyView {
    let links = ways.into_iter().map(|(words, href)| view! { <li><a href=href>{words}</a></li> }).collect_view();
    view! { <section><h2>{heading}</h2><ul class="plain">{links}</ul></section> }.into_any()
}

fn by_id(asked: &str) -> Vec<Way> {
    let known = asked.parse::<ExperimentId>().map(paths::experiment);
    let known = known
        .or_else(|_| asked.parse::<RunId>().map(paths::run))
        .or_else(|_| asked.parse::<FindingId>().map(paths::finding))
        .or_else(|_| asked.parse::<FixId>().map(paths::fix))
        .or_else(|_| asked.parse::<DecisionId>().map(paths::decision))
        .or_else(|_| asked.parse::<SloId>().map(paths::slo))
        .or_else(|_| asked.parse::<GameDayId>().map(paths::gameday));
    known.map(|href| (asked.to_uppercase(), href)).into_iter().collect()
}

fn fits(words: &str, asked: &str) -> bool {
    words.to_lowercase().contains(&asked.to_lowercase())
}

fn pages(asked: &str) -> Vec<Way> {
    let all = [
        ("Today", paths::today()),
        ("Due", paths::due()),
        ("Inbox", paths::inbox()),
        ("Calendar", paths::calendar()),
        ("Game days", paths::gamedays()),
        ("Digest", paths::digest()),
        ("Services", paths::services()),
        ("Coverage map", paths::coverage()),
        ("SLOs", paths::slos()),
        ("Ledger", paths::ledger()),
        ("Experiments", paths::experiments()),
        ("Templates", paths::templates()),
        ("Runs", paths::runs()),
        ("Findings", paths::findings()),
        ("Fixes", paths::fixes()),
        ("Decisions", paths::decisions()),
        ("Teams", paths::teams()),
        ("Environments", paths::environments()),
        ("Freezes", paths::freezes()),
        ("Alerts", paths::alerts()),
        ("Gate policy", paths::policy()),
        ("Import", paths::imports()),
        ("Profile", paths::profile()),
        ("Help", paths::help()),
        ("Keyboard", paths::keyboard()),
    ];
    all.into_iter().filter(|(words, _)| fits(words, asked)).map(|(words, href)| (words.to_owned(), href)).collect()
}

fn acts(desk: &Desk, asked: &str) -> Vec<Way> {
    let all = [
        (Act::WriteExperiment, "New experiment", paths::new_experiment()),
        (Act::PlanRun, "Plan a run", paths::choose_run()),
        (Act::RecordRun, "Record a run that is over", paths::choose_past_run()),
        (Act::WriteFinding, "New finding", paths::new_finding_without_run()),
        (Act::WriteFix, "New fix", paths::new_fix_without_finding()),
        (Act::Decide, "Record a decision", paths::new_decision()),
        (Act::WriteSlo, "Define SLO", paths::new_slo()),
        (Act::EditServices, "Add service", paths::new_service()),
        (Act::ManageTeams, "Add team", paths::new_team()),
        (Act::WriteGameDay, "New game day", paths::new_gameday()),
    ];
    let may = all.into_iter().filter(|(act, words, _)| desk.shows(*act) && fits(words, asked));
    may.map(|(_, words, href)| (words.to_owned(), href)).collect()
}

/// By a part of their names; the newest where nothing is asked.
async fn things(desk: &Desk, asked: &str) -> Result<Vec<(&'static str, Vec<Way>)>> {
    let filter = experiments::Filter { text: asked.to_owned(), ..experiments::Filter::default() };
    let (found, _) = experiments::list(desk, &filter).await?;
    let of_experiment = |row: experiments::Row| {
        let id = row.experiment.id;
        (format!("{id} {}", row.experiment.title), paths::experiment(id))
    };
    let experiments = found.into_iter().take(SHOWN_MAX).map(of_experiment).collect();
    if asked.is_empty() {
        let (rows, _) = runs::list(desk, &runs::Filter::default()).await?;
        let newest = rows.into_iter().take(SHOWN_MAX);
        let newest = newest.map(|row| (format!("{} {}", row.run.id, row.run.title), paths::run(row.run.id)));
        return Ok(vec![("Recent runs", newest.collect()), ("Recent experiments", experiments)]);
    }
    let filter = services::Filter { text: asked.to_owned(), ..services::Filter::default() };
    let (known, _) = services::list(desk, &filter).await?;
    let of_service = |row: services::Row| (row.service.name.to_string(), paths::service(&row.service.slug));
    Ok(vec![("Experiments", experiments), ("Services", known.into_iter().take(SHOWN_MAX).map(of_service).collect())])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_leads_to_its_page_in_any_case_and_nothing_else_does() {
        assert_eq!(by_id("run-317"), [("RUN-317".to_owned(), "/runs/RUN-317".to_owned())]);
        assert_eq!(by_id("gd-2"), [("GD-2".to_owned(), "/gamedays/GD-2".to_owned())]);
        assert_eq!(by_id("DEMO-EXP-3"), [("DEMO-EXP-3".to_owned(), "/experiments/DEMO-EXP-3".to_owned())]);
        assert!(by_id("kafka").is_empty() && by_id("").is_empty());
    }

    #[test]
    fn pages_are_found_by_a_part_of_their_names() {
        let names = |asked: &str| pages(asked).into_iter().map(|(words, _)| words).collect::<Vec<_>>();
        assert_eq!(names("COVER"), ["Coverage map"]);
        assert!(names("").len() > 15 && names("zebra").is_empty());
    }
}
