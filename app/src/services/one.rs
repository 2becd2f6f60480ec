//! One service: what it is, where it runs, what was tried on it, what was changed.

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::events::Entry;
use notebook::services::acts;
use notebook::text::Slug;
use std::collections::BTreeSet;

use super::changes::Changes;
use super::entry::aside;
use super::picture;
use super::targets::Targets;
use super::tried::{self, Experiments, Findings};
use crate::ask::{page, param_text};
use crate::frame::{Crumb, Frame};
use crate::freezes::bars;
use crate::parts::history::{Done, History};
use crate::parts::page::PageHead;
use crate::parts::prose::Prose;
use crate::paths;
use crate::safe::PageTitle;
use crate::slos::of_service;
use crate::times::Times;

#[component]
pub fn ServicePage() -> impl IntoView {
    page(|desk| async move {
        let slug = param_text("slug");
        let shown = acts::show(&desk, &slug).await?;
        let service = shown.service.clone();
        let (tried, more_tried) = tried::on(&desk, &service.slug).await?;
        let (found, more_found) = tried::findings(&desk, &service.slug).await?;
        let promised = of_service::section(&desk, &service.slug).await?;
        let frozen = bars::here(&desk, &BTreeSet::from([service.slug.clone()]), None).await?;
        let environments = acts::environments(&desk).await?;
        let known = acts::choices(&desk).await?;
        let times = Times::of(&desk);
        let may_write = desk.shows(Act::WriteExperiment);
        let may_edit = desk.shows(Act::EditServices);
        let may_freeze = desk.shows(Act::SetFreeze);
        let may_record = desk.shows(Act::RecordChange);
        let may_judge = desk.shows(Act::JudgeChange);
        let crumbs = vec![
            Crumb { label: "Services".into(), href: Some(paths::services()) },
            Crumb { label: service.name.to_string(), href: None },
        ];
        let aside = aside(&shown, desk.shows(Act::ConfirmOwnership), &times);
        let drawn = picture::around(&acts::dependencies(&desk).await?, &service.slug);
        let history = history(&shown.history);
        let slug = service.slug.clone();
        Ok(view! {
            <Frame crumbs=crumbs>
                <PageTitle text=service.name.to_string()/>
                <PageHead title=service.name.to_string() eyebrow=slug.to_string() actions=actions(&slug, may_edit, may_write, may_freeze)/>
                {frozen}
                <div class="page">
                    <div class="stack">
                        {service.description.map(|text| view! { <Prose text=text.to_string()/> })}
                        {promised}
                        <section>
                            <h2>"Experiments"</h2>
                            <Experiments service=slug.clone() tried=tried more=more_tried may_write=may_write times=times.clone()/>
                        </section>
                        <section><h2>"Findings"</h2><Findings rows=found more=more_found/></section>
                        {drawn}
                        <section>
                            <h2>"Targets"</h2>
                            <Targets shown=shown.clone() environments=environments.clone() may_edit=may_edit/>
                        </section>
                        <section>
                            <h2>"Recorded changes"</h2>
                            <Changes shown=shown known=known environments=environments may_record=may_record may_judge=may_judge times=times.clone()/>
                        </section>
                        <section><h2>"History"</h2><History label="History of this service" lines=history times=times/></section>
                    </div>
                    {aside}
                </div>
            </Frame>
        }
        .into_any())
    })
}

fn actions(slug: &Slug, may_edit: bool, may_write: bool, may_freeze: bool) -> AnyView {
    view! {
        {may_freeze.then(|| view! { <a class="button" href=paths::freeze_service(slug)>"Freeze\u{2026}"</a> })}
        {may_edit.then(|| view! { <a class="button" href=paths::edit_service(slug)>"Edit service"</a> })}
        {may_write.then(|| view! { <a class="button primary" href=paths::new_experiment_on(slug)>"New experiment"</a> })}
    }
    .into_any()
}

/// Links to services, on one line.
pub fn slugs<'a>(slugs: impl IntoIterator<Item = &'a Slug>) -> AnyView {
    let mut links: Vec<AnyView> = Vec::new();
    for slug in slugs {
        if !links.is_empty() {
            links.push(", ".into_any());
        }
        let (href, words) = (paths::service(slug), slug.to_string());
        links.push(view! { <a class="id" href=href>{words}</a> }.into_any());
    }
    if links.is_empty() { "none named".into_any() } else { links.into_any() }
}

fn history(entries: &[Entry]) -> Vec<Done> {
    let said = entries.iter().map(|entry| {
        let did = match entry.act.as_str() {
            "added" => "added this service",
            "edited" => "edited this service",
            "targets_set" => "set its targets",
            "ownership_confirmed" => "confirmed its owner",
            "synced" => "read its entry from another catalogue",
            other => other,
        };
        Done::of(entry, did, None)
    });
    said.collect()
}
