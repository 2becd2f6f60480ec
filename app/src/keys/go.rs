//! One field that leads anywhere: an id, a page, an act, or something by its name; behind a sign, one kind of these.

use std::future::Future;

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::desk::Desk;
use notebook::experiments::acts as experiments;
use notebook::fault::Result;
use notebook::limits::GO_SECONDS_MAX;
use notebook::paging::Rows;
use notebook::people::{Account, acts as people};
use notebook::runs::acts as runs;
use notebook::search::in_time::in_time;
use notebook::search::keys::Key;
use notebook::search::titles::{Titled, called, titles};
use notebook::search::tokens::{has_token, words};
use notebook::search::{Expr, Found, Query};
use notebook::templates::{acts as templates, fitting};
use notebook::text::Slug;
use notebook::views::acts as views;

use super::steps::{AS_OPTIONS, LAST, RECENT_MAX};
use crate::ask::{page, query};
use crate::frame::{Crumb, Frame};
use crate::parts::field::Field;
use crate::parts::page::{Empty, PageHead};
use crate::parts::prose_links::{Piece, pieces};
use crate::paths;
use crate::safe::PageTitle;
use crate::search::address;

/// What is found by the beginnings of its words; the search page finds everything.
const NAMED: [Found; 7] =
    [Found::Experiment, Found::Service, Found::Finding, Found::Run, Found::Fix, Found::Decision, Found::Slo];
/// Words of a name; nobody types more of them to get there.
const WORDS_MAX: usize = 8;

/// Behind these only acts, people or faults are asked for.
const ACT: char = '>';
const PERSON: char = '@';
const FAULT: char = '#';
/// More people with a name like that are on their page.
const PEOPLE_MAX: usize = 10;

/// Words and an address.
type Way = (String, String);

#[component]
pub fn GoPage() -> impl IntoView {
    page(|desk| async move {
        let asked = query("q").trim().to_owned();
        let ways = ways(&desk, &asked, &query(LAST)).await?;
        let says = ways.says(&asked);
        let found = if AS_OPTIONS == format!("as={}", query("as")) {
            options(ways.groups, further(&asked))
        } else {
            links(ways, &asked)
        };
        let hint = format!("{ACT} finds only what can be done, {PERSON} people, {FAULT} faults.");
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
                    <div class="stack" id="found" data-asked=asked data-says=says>{found}</div>
                </div>
            </Frame>
        }
        .into_any())
    })
}

/// Where one can go, by headings, and what did not answer in time.
#[derive(Default)]
struct Ways {
    groups: Vec<(&'static str, Vec<Way>)>,
    late: Vec<&'static str>,
}

impl Ways {
    /// One slow kind keeps nobody from the others.
    async fn ask(&mut self, heading: &'static str, asked: impl Future<Output = Result<Vec<Way>>>) -> Result<()> {
        match in_time(Box::pin(asked)).await? {
            Some(ways) => self.add(heading, ways),
            None => self.late.push(heading),
        }
        Ok(())
    }

    fn add(&mut self, heading: &'static str, ways: Vec<Way>) {
        if !ways.is_empty() {
            self.groups.push((heading, ways));
        }
    }

    /// None where everything answered.
    fn missing(&self) -> Option<String> {
        let late = self.late.join(", ");
        (!late.is_empty()).then(|| format!("No answer within {GO_SECONDS_MAX} s from: {late}. Ask again for these."))
    }

    /// The same for whoever does not see the list.
    fn says(&self, asked: &str) -> String {
        let count: usize = self.groups.iter().map(|(_, ways)| ways.len()).sum();
        let found = match (count, self.late.is_empty()) {
            (0, true) => format!("Nothing found for \u{201c}{asked}\u{201d}"),
            _ => format!("{count} found"),
        };
        match self.missing() {
            Some(missing) => format!("{found}. {missing}"),
            None => found,
        }
    }
}

/// `last` names what was opened last.
async fn ways(desk: &Desk, asked: &str, last: &str) -> Result<Ways> {
    let mut ways = Ways::default();
    if let Some(asked) = asked.strip_prefix(ACT) {
        ways.add("Acts", acts(desk, asked.trim()));
    } else if let Some(asked) = asked.strip_prefix(PERSON) {
        ways.ask("People", named(desk, asked.trim())).await?;
    } else if let Some(asked) = asked.strip_prefix(FAULT) {
        ways.ask("Faults", faults(desk, asked.trim())).await?;
    } else {
        ways.add("By id", by_id(asked));
        if asked.is_empty() {
            ways.ask("Recent", opened(desk, last)).await?;
            ways.ask("Newest runs", newest_runs(desk)).await?;
            ways.ask("Newest experiments", newest_experiments(desk)).await?;
        } else {
            for kind in NAMED {
                ways.ask(kind.label(), things(desk, asked, kind)).await?;
            }
        }
        ways.ask("Saved views", saved(desk, asked)).await?;
        ways.add("Pages", pages(asked, |act| desk.shows(act)));
        ways.add("Acts", acts(desk, asked));
    }
    Ok(ways)
}

/// The same words on the page that searches everything; a sign asks for one kind only.
fn further(asked: &str) -> Option<Way> {
    let is_further = !asked.is_empty() && !asked.starts_with([ACT, PERSON, FAULT]);
    is_further.then(|| (format!("Search for \u{201c}{asked}\u{201d}"), paths::search_for(asked)))
}

fn links(ways: Ways, asked: &str) -> AnyView {
    let nothing = (ways.groups.is_empty() && ways.late.is_empty()).then(|| {
        let heading = format!("Nothing found for \u{201c}{asked}\u{201d}");
        view! { <Empty heading=heading sentence="Write an id like RUN-317, or how the words of a name begin."/> }
    });
    let missing = ways.missing().map(|missing| view! { <p role="status">{missing}</p> });
    let further = further(asked).map(|(words, href)| view! { <p><a href=href>{words}</a></p> });
    let groups = ways.groups.into_iter().map(group).collect_view();
    view! { {groups} {nothing} {missing} {further} }.into_any()
}

fn group((heading, ways): (&'static str, Vec<Way>)) -> AnyView {
    let links = ways.into_iter().map(|(words, href)| view! { <li><a href=href>{words}</a></li> }).collect_view();
    view! { <section><h2>{heading}</h2><ul class="plain">{links}</ul></section> }.into_any()
}

/// The same as the dialog lists it: what it holds is chosen while the focus stays in the field.
fn options(groups: Vec<(&'static str, Vec<Way>)>, further: Option<Way>) -> AnyView {
    let mut count = 0;
    let mut option = |(words, href): Way| {
        let id = format!("option-{count}");
        count += 1;
        view! { <a role="option" aria-selected="false" tabindex="-1" id=id href=href>{words}</a> }.into_any()
    };
    let mut all: Vec<AnyView> = Vec::with_capacity(groups.len() + 1);
    for (heading, ways) in groups {
        let ways: Vec<AnyView> = ways.into_iter().map(&mut option).collect();
        let group = view! {
            <div role="group" aria-label=heading><p class="hint" aria-hidden="true">{heading}</p>{ways}</div>
        };
        all.push(group.into_any());
    }
    all.extend(further.map(option));
    view! { {all} }.into_any()
}

fn by_id(asked: &str) -> Vec<Way> {
    let id = asked.to_uppercase().replace("#O", "#o");
    match pieces(&id).as_slice() {
        [Piece::Record(words, href)] => vec![((*words).to_owned(), href.clone())],
        _ => Vec::new(),
    }
}

fn fits(words: &str, asked: &str) -> bool {
    words.to_lowercase().contains(&asked.to_lowercase())
}

fn pages(asked: &str, may: impl Fn(Act) -> bool) -> Vec<Way> {
    let all = [
        ("Today", paths::today()),
        ("Search", paths::search()),
        ("Seen before", paths::seen(None, None)),
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
        ("People", paths::people()),
        ("Profile", paths::profile()),
        ("Notifications", paths::notifications()),
        ("E-mail to you", paths::own_mail()),
        ("Help", paths::help()),
        ("Keyboard", paths::keyboard()),
    ];
    let kept = [
        (Act::ManagePeople, ("E-mail to people", paths::mail())),
        (Act::ManageWebhooks, ("Webhooks", paths::webhooks())),
    ];
    let kept = kept.into_iter().filter(|(act, _)| may(*act)).map(|(_, page)| page);
    let wanted = all.into_iter().chain(kept).filter(|(words, _)| fits(words, asked));
    wanted.map(|(words, href)| (words.to_owned(), href)).collect()
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

/// People by a part of their name or address: what each owns, and what they wrote in runs.
async fn named(desk: &Desk, asked: &str) -> Result<Vec<Way>> {
    let all = people::list(desk).await?.into_iter().filter(|account| !account.disabled);
    let asked_for = all.filter(|account| fits(&account.name, asked) || fits(&account.email, asked));
    let way = |account: Account| (account.name, paths::search_for(&of_person(&account.email)));
    Ok(asked_for.take(PEOPLE_MAX).map(way).collect())
}

fn of_person(email: &str) -> String {
    let wanted = Expr::any(vec![Expr::only(Key::Owner, email), Expr::only(Key::By, email)]);
    Query { wanted, ..Query::default() }.to_string()
}

/// The faults of templates by a part of their names: what is about each.
async fn faults(desk: &Desk, asked: &str) -> Result<Vec<Way>> {
    let all = templates::list(desk, &templates::Filter::default()).await?;
    let asked_for = fitting::faults(&all).into_iter().filter(|fault| fits(fault.as_str(), asked));
    let way = |fault: Slug| {
        let query = Query { wanted: Some(Expr::only(Key::Fault, fault.as_str())), ..Query::default() };
        (fault.to_string(), paths::search_for(&query.to_string()))
    };
    Ok(asked_for.map(way).collect())
}

/// By the beginnings of their words.
async fn things(desk: &Desk, asked: &str, kind: Found) -> Result<Vec<Way>> {
    let Some(query) = beginnings(asked, kind) else { return Ok(Vec::new()) };
    let found = titles(desk, &query, Rows::few()).await?;
    Ok(found.into_iter().filter_map(way).collect())
}

/// What somebody opened last, as their browser tells it.
async fn opened(desk: &Desk, last: &str) -> Result<Vec<Way>> {
    let names: Vec<&str> = last.split(',').filter(|name| !name.is_empty()).take(RECENT_MAX).collect();
    Ok(called(desk, &names).await?.into_iter().filter_map(way).collect())
}

async fn newest_runs(desk: &Desk) -> Result<Vec<Way>> {
    let (rows, _) = runs::list(desk, &runs::Filter { rows: Rows::few(), ..runs::Filter::default() }).await?;
    let way = |row: runs::Row| (format!("{} {}", row.run.id, row.run.title), paths::run(row.run.id));
    Ok(rows.into_iter().map(way).collect())
}

async fn newest_experiments(desk: &Desk) -> Result<Vec<Way>> {
    let filter = experiments::Filter { rows: Rows::few(), ..experiments::Filter::default() };
    let (rows, _) = experiments::list(desk, &filter).await?;
    let way = |row: experiments::Row| {
        let id = row.experiment.id;
        (format!("{id} {}", row.experiment.title), paths::experiment(id))
    };
    Ok(rows.into_iter().map(way).collect())
}

/// Views by a part of their names; the pinned ones where nothing is asked.
async fn saved(desk: &Desk, asked: &str) -> Result<Vec<Way>> {
    let all = views::list(desk).await?.into_iter();
    let wanted = all.filter(|view| if asked.is_empty() { view.pinned } else { fits(view.name.as_str(), asked) });
    Ok(wanted.map(|view| (view.name.to_string(), paths::opened(&view))).collect())
}

/// What asks for things of one kind by the beginnings of their words. None where there is no letter and no digit.
fn beginnings(asked: &str, kind: Found) -> Option<Query> {
    let asked = asked.to_lowercase();
    let words = words(&asked).into_iter().filter(|word| has_token(word)).take(WORDS_MAX);
    // Half of all words begin with one of a few letters: a letter alone is a word.
    let word = |text: &str| Expr::Word { open: text.chars().count() > 1, text: text.to_owned() };
    let wanted = Expr::all(words.map(word).collect())?;
    Some(Query { wanted: Some(wanted), ..Query::default() }.and(Expr::only(Key::Type, kind.word())))
}

/// The words of a thing, and where it stands.
fn way(found: Titled) -> Option<Way> {
    let Titled { kind, object, title } = found;
    let href = address(kind, &object)?;
    Some((if kind == Found::Service { title } else { format!("{object} {title}") }, href))
}

#[cfg(test)]
mod tests {
    use super::*;
    use notebook::search::parse::parse;

    #[test]
    fn an_id_leads_to_its_page_in_any_case_and_nothing_else_does() {
        assert_eq!(by_id("run-317"), [("RUN-317".to_owned(), "/runs/RUN-317".to_owned())]);
        assert_eq!(by_id("gd-2"), [("GD-2".to_owned(), "/gamedays/GD-2".to_owned())]);
        assert_eq!(by_id("DEMO-EXP-3"), [("DEMO-EXP-3".to_owned(), "/experiments/DEMO-EXP-3".to_owned())]);
        assert_eq!(by_id("exp-42@3"), [("EXP-42@3".to_owned(), "/experiments/EXP-42/plan/3".to_owned())]);
        assert_eq!(by_id("run-317#o12"), [("RUN-317#o12".to_owned(), "/runs/RUN-317#o12".to_owned())]);
        assert_eq!(by_id("exp-42#o1"), [("EXP-42#o1".to_owned(), "/experiments/EXP-42#o1".to_owned())]);
        assert!(by_id("kafka").is_empty() && by_id("").is_empty() && by_id("run-1 run-2").is_empty());
    }

    #[test]
    fn what_did_not_answer_is_named_beside_what_did() {
        let mut ways = Ways { late: vec!["Findings"], ..Ways::default() };
        assert!(ways.says("kafka").starts_with("0 found. No answer within 1 s from: Findings."));
        ways.add("Services", vec![("kafka".into(), paths::services())]);
        ways.late.push("Saved views");
        assert!(ways.says("kafka").starts_with("1 found. No answer within 1 s from: Findings, Saved views."));
        let nothing = Ways::default();
        assert_eq!(
            (nothing.says("kafka").as_str(), nothing.missing()),
            ("Nothing found for \u{201c}kafka\u{201d}", None)
        );
    }

    #[test]
    fn options_are_numbered_over_their_groups_and_the_search_stands_last() {
        let kafka = || vec![("<kafka>".to_owned(), paths::services())];
        let html =
            Owner::new().with(|| options(vec![("Services", kafka()), ("Pages", kafka())], further("kafka")).to_html());
        assert_eq!(html.matches("role=\"option\"").count(), 3, "{html}");
        for part in ["id=\"option-2\"", "href=\"/search?q=kafka\"", "&lt;kafka&gt;", "aria-label=\"Pages\""] {
            assert!(html.contains(part), "{part} in {html}");
        }
        assert!(further("").is_none() && further("@ana").is_none());
    }

    #[test]
    fn names_are_asked_for_by_the_beginnings_of_their_words() {
        let query = |asked: &str| beginnings(asked, Found::Service).map(|query| query.to_string());
        assert_eq!(query("Zoo Ke").as_deref(), Some("zoo* ke* type:service"));
        assert_eq!(query("a (OR) \"type:run").as_deref(), Some("a or* type* run* type:service"));
        assert_eq!(query(" -*"), None);
    }

    #[test]
    fn pages_are_found_by_a_part_of_their_names() {
        let names = |asked: &str| pages(asked, |_| false).into_iter().map(|(words, _)| words).collect::<Vec<_>>();
        assert_eq!(names("COVER"), ["Coverage map"]);
        assert!(names("").len() > 15 && names("zebra").is_empty());
        assert_eq!(names("e-mail"), ["E-mail to you"]);
        assert_eq!(pages("hooks", |act| act == Act::ManageWebhooks), [("Webhooks".to_owned(), "/webhooks".to_owned())]);
    }

    #[test]
    fn somebody_is_asked_for_by_address() {
        let query = of_person("Ana@example.org");
        assert_eq!(query, "owner:ana@example.org OR by:ana@example.org");
        assert_eq!(parse(&query).unwrap().to_string(), query);
    }
}
