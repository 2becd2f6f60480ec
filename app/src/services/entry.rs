//! The facts of a service beside its page: whom it belongs to and whether that was checked, what hangs
//! on it, where its entry comes from.

use leptos::prelude::*;
use notebook::services::acts::Shown;
use notebook::services::frequency::days_ago;
use notebook::services::{Service, ServiceLink, Source};
use notebook::time::Moment;

use super::one::slugs;
use crate::form::{Form, FormState};
use crate::parts::facts::{Fact, Facts};
use crate::parts::words::Word;
use crate::paths;
use crate::times::Times;

pub fn aside(shown: &Shown, may_confirm: bool, times: &Times) -> AnyView {
    let Service { owner, team, stateful, single_point, needs, tier, links, .. } = shown.service.clone();
    let owner = owner.map_or_else(|| "nobody named".to_owned(), |owner| owner.to_string());
    let team = team.map_or_else(
        || "none named".into_any(),
        |team| view! { <a class="id" href=paths::team(&team)>{team.to_string()}</a> }.into_any(),
    );
    let tier = tier.map_or("not said", |tier| tier.label());
    let stateful = if stateful { "yes, it keeps data" } else { "no" };
    let single = if single_point { "yes, without it nothing else goes on" } else { "no" };
    let changed = shown.changes.first().map_or_else(
        || "none recorded".into_any(),
        |change| {
            let ago = days_ago(change.at, Moment::from_micros(times.now));
            view! { {times.when(change.at)} ", " {ago} }.into_any()
        },
    );
    let frequency = shown.frequency.words();
    let entry = shown.history.last().map(|entry| (times.when(entry.recorded_at), entry.name.clone()));
    let (needs, needed_by) = (slugs(&needs), slugs(&shown.needed_by));
    let checked = checked(shown, times);
    view! {
        <aside class="stack">
            <section class="card">
                <h2>"Facts"</h2>
                <Facts>
                    <Fact term="Team">{team}</Fact>
                    <Fact term="Owner">{owner}</Fact>
                    <Fact term="Ownership checked on">{checked}</Fact>
                    <Fact term="Tier">{tier}</Fact>
                    <Fact term="Stateful">{stateful}</Fact>
                    <Fact term="Single point of failure">{single}</Fact>
                    <Fact term="Needs">{needs}</Fact>
                    <Fact term="Needed by">{needed_by}</Fact>
                    <Fact term="Last change">{changed}</Fact>
                    <Fact term="Changes">{frequency}</Fact>
                    {entry.map(|(at, name)| view! { <Fact term="Entry edited">{at} " by " {name}</Fact> })}
                </Facts>
                {may_confirm.then(|| confirm(shown)).flatten()}
            </section>
            {links_card(links)}
            {shown.source.as_ref().map(|source| source_card(source, times))}
        </aside>
    }
    .into_any()
}

fn checked(shown: &Shown, times: &Times) -> AnyView {
    let at = shown.service.checked.map(|checked| checked.at);
    // Whoever confirmed it, or named the owner, did so at that very moment.
    let by = shown.history.iter().rev().find(|entry| Some(entry.recorded_at) == at && !entry.name.is_empty());
    let by = by.map(|entry| format!(" by {}", entry.name));
    let at = at.map(|at| times.when(at));
    let word = Word::from(shown.ownership.is).badge();
    let because = shown.ownership.because.iter().map(|because| because.says.clone()).collect::<Vec<_>>().join(" ");
    view! { {at} {by} " " {word} <br/> <span class="muted">{because}</span> }.into_any()
}

/// One press, unless nobody is named.
fn confirm(shown: &Shown) -> Option<AnyView> {
    let owner = shown.service.owner.as_ref()?.to_string();
    let form = FormState::of(paths::act(&paths::service(&shown.service.slug), "confirm-ownership"));
    Some(
        view! {
            <Form state=form>
                <input type="hidden" name="owner" value=owner/>
                <button>"Ownership is right"</button>
            </Form>
        }
        .into_any(),
    )
}

fn links_card(links: Vec<ServiceLink>) -> Option<AnyView> {
    if links.is_empty() {
        return None;
    }
    let items = links.into_iter().map(|link| {
        let (href, title) = (link.url.to_string(), link.title.to_string());
        view! { <li><a href=href rel="noreferrer">{title}</a></li> }
    });
    let items = items.collect_view();
    Some(view! { <section class="card"><h2>"Links"</h2><ul class="plain">{items}</ul></section> }.into_any())
}

fn source_card(source: &Source, times: &Times) -> AnyView {
    let entity = source.entity.clone();
    let link = source.link.as_ref().map(|link| {
        let href = link.to_string();
        let words = href.clone();
        view! { <Fact term="Kept at"><a href=href rel="noreferrer">{words}</a></Fact> }
    });
    let synced = times.when(source.synced_at);
    let lifecycle = source.lifecycle.as_ref().map(ToString::to_string);
    view! {
        <section class="card">
            <h2>"Imported from Backstage"</h2>
            <Facts>
                <Fact term="Entity"><code>{entity}</code></Fact>
                {link}
                {lifecycle.map(|words| view! { <Fact term="Lifecycle">{words}</Fact> })}
                <Fact term="Last sync">{synced}</Fact>
            </Facts>
        </section>
    }
    .into_any()
}
