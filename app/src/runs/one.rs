//! One run's page; what it shows depends on where the run stands.

use leptos::prelude::*;
use notebook::id::RunId;
use notebook::runs::facts::Execution;

use crate::ask::{page, param};
use crate::frame::Frame;
use crate::freezes::bars;
use crate::runs::loaded::Loaded;
use crate::runs::new::crumbs;
use crate::runs::zones::TypedIn;
use crate::runs::{ended, head, live, planned};
use crate::safe::PageTitle;

#[component]
pub fn RunPage() -> impl IntoView {
    page(|desk| async move {
        let id: RunId = param("id", "run")?;
        let run = Loaded::of(desk, id).await?;
        if let Some(zone) = run.zones.chosen() {
            provide_context(TypedIn(zone.clone()));
        }
        let services = &run.shown.plan.identity.services;
        let frozen = bars::here(&run.desk, services, Some(&run.shown.run.environment)).await?;
        let title = format!("{id} · {}", run.shown.run.title);
        let content = match run.facts().execution {
            Execution::Planned => planned::content(&run),
            Execution::Running | Execution::Reverting => live::content(&run),
            Execution::Finished | Execution::Aborted => ended::content(&run),
            Execution::Cancelled | Execution::Missed => planned::over(&run),
        };
        let head = head::head(&run);
        Ok(view! {
            <Frame crumbs=crumbs(&id.to_string())>
                <PageTitle text=title/>
                {head}
                {frozen}
                {content}
            </Frame>
        }
        .into_any())
    })
}
