//! The page of one cadence.

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::cadences::acts::{Shown, show};
use notebook::desk::Desk;
use notebook::experiments::Stage;
use notebook::fault::Result;
use notebook::id::ExperimentId;
use notebook::time::Moment;

use super::{form, slots, told::told};
use crate::ask::{page, param};
use crate::frame::{Crumb, Frame};
use crate::parts::facts::{Fact, Facts};
use crate::parts::history::History;
use crate::parts::page::{Empty, PageHead};
use crate::paths;
use crate::safe::PageTitle;
use crate::times::Times;

#[component]
pub fn CadencePage() -> impl IntoView {
    page(|desk| async move {
        let id: ExperimentId = param("id", "experiment")?;
        let shown = Box::pin(show(&desk, id)).await?;
        let times = Times::of(&desk);
        let content = content(&desk, &shown, &times)?;
        let crumbs = vec![
            Crumb { label: "Experiments".into(), href: Some(paths::experiments()) },
            Crumb { label: id.to_string(), href: Some(paths::experiment(id)) },
            Crumb { label: "Cadence".into(), href: None },
        ];
        let title = format!("Cadence of {}", shown.experiment.title);
        let actions = view! { <a class="button" href=paths::calendar()>"Calendar"</a> }.into_any();
        Ok(view! {
            <Frame crumbs=crumbs>
                <PageTitle text=format!("{id} \u{b7} Cadence")/>
                <PageHead title=title eyebrow=id.to_string() actions=actions/>
                {content}
            </Frame>
        }
        .into_any())
    })
}

fn content(desk: &Desk, shown: &Shown, times: &Times) -> Result<AnyView> {
    let id = shown.experiment.id;
    let rule = shown.cadence.as_ref().map(|cadence| &cadence.rule);
    let facts = rule.map(|rule| facts(&rule.words(), shown.overdue_from, times));
    let none = rule.is_none().then(|| {
        view! { <Empty heading="No cadence" sentence="It is run when somebody plans it. A cadence asks for a rerun again and again."/> }
    });
    let slots = slots::section(desk, id, &shown.slots, times);
    let can_set =
        desk.shows(Act::SetCadence) && shown.experiment.stage != Stage::Retired && shown.experiment.approved.is_some();
    let setting = can_set.then(|| form::setting(id, rule, shown.version, &shown.zone));
    let ending = (can_set && rule.is_some()).then(|| form::ending(id));
    let history = told(&shown.history)?;
    let history = (!history.is_empty()).then(|| {
        view! { <section><h2>"History"</h2><History label=format!("History of the cadence of {id}") lines=history times=times.clone()/></section> }
    });
    Ok(view! { <div class="stack">{facts}{none}{slots}{setting}{ending}{history}</div> }.into_any())
}

fn facts(words: &str, overdue_from: Option<Moment>, times: &Times) -> AnyView {
    let words = words.to_owned();
    let overdue = overdue_from.map(|from| {
        let when = times.when(from);
        view! { <Fact term="Overdue from">{when}</Fact> }
    });
    view! { <Facts><Fact term="Rerun">{words}</Fact>{overdue}</Facts> }.into_any()
}
