//! Asking and what is found, all of it in the address.

use leptos::prelude::*;
use notebook::desk::Desk;
use notebook::fault::{Error, Result};
use notebook::limits::SEARCH_RANKED_MAX;
use notebook::refusal::Refusal;
use notebook::search::acts::{Asked, Facet, Finds, Hit, search};
use notebook::search::keys::Key;
use notebook::search::names::understood;
use notebook::search::{Expr, Found, Query, Sort, Trouble};
use notebook::views::{self, View};

use super::hit::line;
use super::views::{Opens, changeable, links, saving};
use crate::ask::{page, query};
use crate::form::FormState;
use crate::frame::{Crumb, Frame};
use crate::parts::field::Field;
use crate::parts::page::{Empty, PageHead};
use crate::parts::pager::Pager;
use crate::parts::tabs::{Tab, Tabs};
use crate::paths;
use crate::safe::{self, PageTitle};
use crate::times::Times;

/// Values of one key that are offered.
const FACETS_SHOWN: usize = 8;

#[component]
pub fn SearchPage() -> impl IntoView {
    page(|desk| async move {
        let views = views::acts::list(&desk).await?;
        let typed = opened(&views, &desk);
        let read = understood(&desk, &typed).await?;
        let refused = if is_shown(&read) { None } else { refused(&desk, &typed, &views).await? };
        let (content, trouble) = match read {
            Err(trouble) => {
                safe::status(400);
                (pointed_at(&typed, &trouble), Some(trouble.says))
            }
            Ok(asked) if asked == Query::default() => (help(), None),
            Ok(asked) => match found(&desk, asked.clone(), &views).await {
                Err(Error::Refused(refusal @ Refusal::TooLong { .. })) => {
                    safe::status(refusal.status());
                    (cut_off(&asked), Some(refusal.to_string()))
                }
                shown => (shown?, None),
            },
        };
        Ok(view! {
            <Frame crumbs=vec![Crumb { label: "Search".into(), href: None }]>
                <PageTitle text="Search"/>
                <PageHead title="Search"/>
                <div class="stack">
                    {links(&views, &paths::search_for(&typed))}
                    {form(typed, trouble)}
                    {content}
                    {refused}
                </div>
            </Frame>
        }
        .into_any())
    })
}

/// What the address asks for, or a view that was refused; without a word of it, the view that the person chose.
fn opened(views: &[View], desk: &Desk) -> String {
    let saving = FormState::of(paths::views());
    if saving.came_back() {
        return saving.value("query", "");
    }
    let typed = query("q");
    let home = views.iter().find(|view| view.home && desk.person_id() == Some(view.owner));
    match home {
        Some(home) if typed.trim().is_empty() => home.query.clone(),
        _ => typed,
    }
}

/// Whether something is looked for, so that the form of a view stands beside what is found.
fn is_shown(read: &Result<Query, Trouble>) -> bool {
    read.as_ref().is_ok_and(|asked| !asked.is_everything())
}

/// The form of a view that was refused, or whose query is not understood any more, so that it can be changed and
/// dropped where there is nothing found beside which that form would stand.
async fn refused(desk: &Desk, typed: &str, views: &[View]) -> Result<Option<AnyView>> {
    let view = changeable(desk, views, typed, None);
    if view.is_none() && !FormState::of(paths::views()).came_back() {
        return Ok(None);
    }
    saving(desk, typed, view, Opens::default()).await.map(Some)
}

fn form(typed: String, trouble: Option<String>) -> AnyView {
    view! {
        <form method="get" action=paths::search() role="search">
            <div class="row">
                <Field form="search" name="q" label="Words, \"phrases\", qualifiers" value=typed error=trouble kind="search"/>
                <button class="primary">"Search"</button>
            </div>
        </form>
    }
    .into_any()
}

/// What was typed, with the place that was not understood marked.
fn pointed_at(typed: &str, trouble: &Trouble) -> AnyView {
    let part = |from: usize, length: usize| typed.chars().skip(from).take(length).collect::<String>();
    let (before, at) = (part(0, trouble.at), part(trouble.at, trouble.length));
    let after = part(trouble.at + trouble.length, usize::MAX);
    // Behind the last character there is nothing to mark.
    let at = if at.is_empty() { "\u{2026}".to_owned() } else { at };
    view! {
        <p><code>{before}<mark>{at}</mark>{after}</code></p>
        {help()}
    }
    .into_any()
}

async fn found(desk: &Desk, asked: Query, views: &[View]) -> Result<AnyView> {
    let after = query("after").parse().ok();
    let ask = Asked { query: asked.clone(), after, facets: true, ..Asked::default() };
    let finds = search(desk, &ask).await?;
    let text = asked.to_string();
    let saving = saving(desk, &text, changeable(desk, views, &text, None), Opens::default()).await?;
    if finds.hits.is_empty() && finds.next.is_none() {
        return Ok(view! { {nothing(&asked, &text)} {saving} }.into_any());
    }
    let times = Times::of(desk);
    let first = after.map(|_| paths::search_for(&text));
    let next = finds.next.map(|place| paths::search_after(&text, &place.to_string()));
    Ok(view! {
        <p role="status">{how_many(&asked, &finds)}</p>
        {conditions(&asked)}
        {chips(&asked, &finds.facets)}
        {order(&asked)}
        {groups(&finds.hits, &times)}
        <Pager label="Pages of what was found" first=first next=next/>
        <p>
            <a href=paths::search_csv(&text) download="search.csv">"Take it along as CSV"</a>", or page by page "
            <a href=paths::search_json(&text)>"as JSON"</a>
        </p>
        {saving}
    }
    .into_any())
}

/// What is judged is counted by nobody: that would take as long as looking at all of it.
fn how_many(asked: &Query, finds: &Finds) -> String {
    let Finds { matches, bounded, unjudged, .. } = finds;
    let matched = match (matches, bounded, asked.is_judged()) {
        (_, true, false) => {
            // Every other order goes through all of them.
            let are = if asked.order() == Sort::Relevance { "ranked and counted" } else { "counted" };
            format!("More than {SEARCH_RANKED_MAX} things match; the newest {SEARCH_RANKED_MAX} are {are}.")
        }
        (1, false, false) => "1 thing matches.".to_owned(),
        (matches, false, false) => format!("{matches} things match."),
        (_, true, true) => format!("More than {SEARCH_RANKED_MAX} things may match; those that do are shown."),
        (1, false, true) => "At most 1 thing matches.".to_owned(),
        (matches, false, true) => format!("At most {matches} things match; those that do are shown."),
    };
    let left = if *unjudged { " States are computed a part at a time: the next page goes on." } else { "" };
    matched + left
}

fn nothing(asked: &Query, text: &str) -> AnyView {
    let heading = format!("Nothing found for \u{201c}{text}\u{201d}");
    let fewer = asked.without_each().into_iter().map(|(without, rest)| {
        let href = paths::search_for(&rest.to_string());
        view! { <a class="button" href=href>"Without "<code>{without}</code></a> }
    });
    let fewer = fewer.collect_view();
    let sentence = "Try fewer words, or leave a condition out.";
    view! { <Empty heading=heading sentence=sentence>{fewer}</Empty> }.into_any()
}

/// What stands in the place of what took too long to find: the same among the things of one kind.
fn cut_off(asked: &Query) -> AnyView {
    let narrower = Found::ALL.iter().filter(|kind| asked.misfit(&[**kind]).is_none()).map(|kind| {
        let href = paths::search_for(&asked.clone().and(Expr::only(Key::Type, kind.word())).to_string());
        view! { <li><a href=href>{kind.label()}</a></li> }
    });
    view! {
        <nav class="tabs" aria-label="Narrow what is looked for">
            <ul>{narrower.collect_view()}</ul>
        </nav>
    }
    .into_any()
}

/// Links that add a condition to the query.
fn chips(asked: &Query, facets: &[Facet]) -> AnyView {
    let groups = [(Key::Type, "What"), (Key::Service, "Service"), (Key::Environment, "Environment")];
    let groups = groups.into_iter().filter_map(|(key, label)| {
        let of_key: Vec<&Facet> = facets.iter().filter(|facet| facet.key == key.word()).take(FACETS_SHOWN).collect();
        (of_key.len() > 1).then(|| {
            let links = of_key.into_iter().map(|facet| {
                let narrowed = asked.clone().and(Expr::only(key, &facet.value));
                let href = paths::search_for(&narrowed.to_string());
                // Where things are judged, not all that are counted would be opened.
                let (value, count) = (facet.value.clone(), facet.count);
                let count = (!asked.is_judged()).then(|| view! { " "<span class="num muted">{count}</span> });
                view! { <li><a href=href>{value}{count}</a></li> }
            });
            view! {
                <nav class="tabs" aria-label=format!("{label}: narrow what was found")>
                    <span class="muted">{label}</span>
                    <ul>{links.collect_view()}</ul>
                </nav>
            }
        })
    });
    groups.collect_view().into_any()
}

/// Links that leave a condition out of the query. Without its only one it would ask for nothing in particular.
fn conditions(asked: &Query) -> Option<AnyView> {
    let fewer = asked.without_each();
    (fewer.len() > 1).then(|| {
        let links = fewer.into_iter().map(|(without, rest)| {
            let href = paths::search_for(&rest.to_string());
            let sign = view! { <span aria-hidden="true">"\u{d7}"</span> };
            view! { <li><a href=href><span class="unseen">"Without "</span><code>{without}</code>" "{sign}</a></li> }
        });
        view! {
            <nav class="tabs" aria-label="Conditions: leave one out">
                <ul>{links.collect_view()}</ul>
            </nav>
        }
        .into_any()
    })
}

fn order(asked: &Query) -> AnyView {
    let tabs = Sort::ALL.iter().filter(|sort| **sort != Sort::Relevance || asked.has_words()).map(|sort| {
        let sorted = Query { sort: Some(*sort), ..asked.clone() };
        Tab {
            label: sort.label().to_owned(),
            href: paths::search_for(&sorted.to_string()),
            current: asked.order() == *sort,
            count: None,
        }
    });
    view! { <Tabs label="Order" tabs=tabs.collect()/> }.into_any()
}

fn groups(hits: &[Hit], times: &Times) -> AnyView {
    let groups = Found::ALL.iter().filter_map(|kind| {
        let of_kind: Vec<&Hit> = hits.iter().filter(|hit| hit.kind == *kind).collect();
        (!of_kind.is_empty()).then(|| {
            let lines = of_kind.into_iter().map(|hit| line(hit, times)).collect_view();
            view! { <section><h2>{kind.label()}</h2><ul class="plain stack">{lines}</ul></section> }
        })
    });
    groups.collect_view().into_any()
}

/// What can be asked for.
fn help() -> AnyView {
    let keys = Key::ALL.iter().map(|key| {
        view! { <dt><code>{key.word()}":"</code></dt><dd>{key.explained()}</dd> }
    });
    view! {
        <section>
            <h2>"How to ask"</h2>
            <p>
                "Words are looked for in questions, plans, observations, findings, fixes, decisions, services and SLOs, and in what was said of them, without case and accents. "
                <code>"AND"</code>", "<code>"OR"</code>", "<code>"NOT"</code>" and brackets join them; "
                <code>"\"quotes\""</code>" keep words together, and "<code>"elect*"</code>" finds every word that begins so: "
                <code>"zookeeper (alerts OR election) -staging"</code>
            </p>
            <dl>{keys.collect_view()}</dl>
        </section>
    }
    .into_any()
}
