//! One SLO: what is promised, where the budget stands and why, and what was measured.

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::desk::Desk;
use notebook::id::{SloId, number_of};
use notebook::ledger::acts::on_slo;
use notebook::paging::Rows;
use notebook::runs::acts::on_service;
use notebook::slos::acts::{self, Shown};
use notebook::slos::indicator::{Bound, Indicator};
use notebook::slos::kept::{Kept, SloState};
use notebook::time::span_words;

use super::acts::{approval, retire};
use super::measured::Listed;
use super::{burndown, compliance, entering, honeycomb, measured, numbers, source, suggestion, trail};
use crate::ask::{page, param, query};
use crate::frame::{Crumb, Frame};
use crate::parts::facts::{Fact, Facts};
use crate::parts::history::History;
use crate::parts::page::PageHead;
use crate::parts::prose::Prose;
use crate::parts::words::Word;
use crate::paths;
use crate::safe::PageTitle;
use crate::times::Times;

#[component]
pub fn SloPage() -> impl IntoView {
    page(|desk| async move {
        let id: SloId = param("id", "slo")?;
        let shown = acts::show(&desk, id).await?;
        let before = number_of(&query("before"));
        let (rows, more) = acts::measurements(&desk, id, before, Rows::default()).await?;
        let listed = Listed { rows, more, before };
        let slo = shown.kept.in_force();
        let runs = on_service(&desk, &slo.service, &slo.environment, shown.standing.window.start()).await?;
        let spent = on_slo(&desk, &shown, &runs).await?;
        let past = acts::compliance(&desk, id).await?;
        let beside = acts::honeycomb::beside(&desk, id).await?;
        let suggested = suggestion::section(&desk, &shown).await?;
        let times = Times::of(&desk);
        let title = shown.kept.text.name.to_string();
        let crumbs = vec![
            Crumb { label: "SLOs".into(), href: Some(paths::slos()) },
            Crumb { label: id.to_string(), href: None },
        ];
        let lines = trail::lines(&shown.history, &times.zone)?;
        let actions = actions(&desk, &shown.kept);
        Ok(view! {
            <Frame crumbs=crumbs>
                <PageTitle text=format!("{id} · {title}")/>
                <PageHead title=title eyebrow=id.to_string() badges=badges(&shown) actions=actions/>
                <div class="page">
                    <div class="stack">
                        {promise(&shown.kept)}
                        {approval(&desk, &shown.kept)}
                        {numbers::section(&shown, &times)}
                        {suggested}
                        {burndown::section(&shown, &runs, &spent, &times)}
                        {compliance::section(&past, &times)}
                        {definition(&shown.kept)}
                        {measurements(&desk, &shown, &listed, &times)}
                        {source::section(&desk, &shown, &times)}
                        {honeycomb::section(&desk, &shown.kept, &beside, &times)}
                        {retire(&desk, &shown.kept)}
                        <section>
                            <h2>"History"</h2>
                            <History label=format!("History of {id}") lines=lines times=times.clone()/>
                        </section>
                    </div>
                    {aside(&shown.kept, &times)}
                </div>
            </Frame>
        }
        .into_any())
    })
}

fn badges(shown: &Shown) -> AnyView {
    let state = Word::from(shown.kept.state());
    let (health, level) = (shown.standing.health.is, shown.standing.level.is);
    // Two badges may both read "Unknown", so each says of what.
    let health = Word::from(health).saying(format!("Budget {}", health.label().to_lowercase()));
    let level = Word::from(level).saying(format!("Now {}", level.label().to_lowercase()));
    view! { {state.badge()} {health.badge()} {level.badge()} }.into_any()
}

fn actions(desk: &Desk, kept: &Kept) -> AnyView {
    let open = kept.retired_at.is_none() && desk.shows(Act::WriteSlo);
    let edit = open.then(|| view! { <a class="button" href=paths::edit_slo(kept.id)>"Edit SLO"</a> });
    view! { {edit} <a class="button" href=paths::slo_openslo(kept.id)>"Download as OpenSLO"</a> }.into_any()
}

fn promise(kept: &Kept) -> AnyView {
    match &kept.text.promise {
        Some(promise) => {
            view! { <section><h2>"What customers can rely on"</h2><Prose text=promise.to_string()/></section> }
                .into_any()
        }
        None => ().into_any(),
    }
}

/// How tools measure it, as it was written.
fn definition(kept: &Kept) -> Option<AnyView> {
    let text = kept.in_force().indicator.definition.as_ref()?.to_string();
    Some(
        view! {
            <section id="definition">
                <h2>"How tools measure it"</h2>
                <details>
                    <summary>"Show the definition"</summary>
                    <pre><code>{text}</code></pre>
                </details>
            </section>
        }
        .into_any(),
    )
}

fn measurements(desk: &Desk, shown: &Shown, listed: &Listed, times: &Times) -> AnyView {
    let (id, slo) = (shown.kept.id, shown.kept.in_force());
    let may_measure = shown.kept.state() != SloState::Retired && desk.shows(Act::Measure);
    let none_yet = listed.rows.is_empty() && listed.before.is_none();
    // One primary act a page: a complete draft waits for its approval first.
    let approvable = shown.kept.state() != SloState::Approved && shown.kept.text.missing_for_approval().is_empty();
    let forms = may_measure.then(|| {
        view! {
            {entering::enter(id, slo, none_yet && !approvable, times)}
            {entering::sign_gap(id, slo)}
            {entering::withdraw(id, &listed.rows, times)}
        }
    });
    view! {
        <section id="measurements">
            <h2>"Measurements"</h2>
            {measured::list(id, listed, may_measure, times)}
            {forms}
        </section>
    }
    .into_any()
}

/// What the text in force says.
fn aside(kept: &Kept, times: &Times) -> AnyView {
    let slo = kept.in_force();
    let (service, service_href) = (slo.service.to_string(), paths::service(&slo.service));
    let begins = slo.begins.map(|at| times.when(at));
    let begins = begins.map(|at| view! { <Fact term="Begins">{at}</Fact> });
    let facts = facts(kept).into_iter().map(|(term, words)| view! { <Fact term=term>{words}</Fact> });
    let facts = facts.collect_view();
    view! {
        <aside class="stack">
            <section class="card">
                <h2>"What counts"</h2>
                <Facts>
                    <Fact term="Service"><a class="id" href=service_href>{service}</a></Fact>
                    {facts}
                    {begins}
                </Facts>
            </section>
        </aside>
    }
    .into_any()
}

fn facts(kept: &Kept) -> Vec<(&'static str, String)> {
    let slo = kept.in_force();
    let approved = if kept.approved.is_some() { "approved" } else { "a draft" };
    let (age, gap) = (span_words(slo.patience.age_ms_max), span_words(slo.patience.gap_ms_max));
    vec![
        ("Environment", slo.environment.to_string()),
        ("Revision", format!("{}, {approved}", kept.revision_in_force())),
        ("Measured", measured_words(&slo.indicator)),
        ("Target", slo.target.words()),
        ("Window", slo.window.words()),
        ("Counts", slo.method.words()),
        ("Good enough", slo.levels.good_enough.words()),
        ("Too broken", format!("{} good or less", slo.levels.too_broken.words())),
        ("Now means", format!("the last {}", span_words(slo.levels.window_ms))),
        ("Known while", format!("the newest is at most {age} old and gaps are shorter than {gap}")),
        ("Source", slo.source.label().to_owned()),
    ]
}

fn measured_words(indicator: &Indicator) -> String {
    let bad = indicator.good.as_ref().map(Bound::bad_words);
    match bad {
        Some(bad) => format!("{}; bad is {bad}", indicator.measure),
        None => indicator.measure.to_string(),
    }
}
