//! One recorded change: what it was, what was said of it, and whether it makes older passes stale.

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::desk::Desk;
use notebook::events::Entry;
use notebook::fault::Result;
use notebook::services::Change;
use notebook::services::acts::change_with_history;
use notebook::services::irrelevant::{Marked, act};

use super::one::slugs;
use crate::ask::{page, param};
use crate::form::{Form, FormState};
use crate::frame::{Crumb, Frame};
use crate::parts::disclosure::Disclosure;
use crate::parts::facts::{Fact, Facts};
use crate::parts::field::AreaField;
use crate::parts::history::{Done, History};
use crate::parts::page::PageHead;
use crate::parts::prose::Line;
use crate::paths;
use crate::safe::PageTitle;
use crate::times::Times;

#[component]
pub fn ChangePage() -> impl IntoView {
    page(|desk| async move {
        let id: i64 = param("id", "change")?;
        let (change, history) = change_with_history(&desk, id).await?;
        let times = Times::of(&desk);
        let crumbs = vec![
            Crumb { label: "Services".into(), href: Some(paths::services()) },
            Crumb { label: format!("Change {id}"), href: None },
        ];
        let title = change.summary.to_string();
        let lines = lines(&history)?;
        let (mark, aside) = (mark(&desk, &change, &times), facts(&change, &times));
        Ok(view! {
            <Frame crumbs=crumbs>
                <PageTitle text=format!("Change {id} · {title}")/>
                <PageHead title=title eyebrow=change.kind.label().to_owned()/>
                <div class="page">
                    <aside class="stack">{aside}</aside>
                    <div class="stack">
                        {mark}
                        <section>
                            <h2>"History"</h2>
                            <History label=format!("History of change {id}") lines=lines times=times/>
                        </section>
                    </div>
                </div>
            </Frame>
        }
        .into_any())
    })
}

fn facts(change: &Change, times: &Times) -> AnyView {
    let reference = change.reference.as_ref().map(ToString::to_string);
    let reference = reference.map(|text| view! { <Fact term="Reference"><code>{text}</code></Fact> });
    let (services, environment) = (slugs(&change.services), change.environment.to_string());
    let (at, recorded) = (times.when(change.at), times.when(change.recorded_at));
    view! {
        <section class="card">
            <h2>"Facts"</h2>
            <Facts>
                <Fact term="Affects">{services}</Fact>
                <Fact term="Environment">{environment}</Fact>
                {reference}
                <Fact term="Took effect">{at}</Fact>
                <Fact term="Written down">{recorded}</Fact>
            </Facts>
        </section>
    }
    .into_any()
}

/// Whether it counts, and the form that says otherwise.
fn mark(desk: &Desk, change: &Change, times: &Times) -> AnyView {
    let may = desk.shows(Act::JudgeChange);
    let page = paths::change(change.id);
    let (says, form) = if let Some(mark) = &change.irrelevant {
        let when = times.when(mark.at);
        let reason = mark.reason.to_string();
        let says = view! { <p>"Marked irrelevant " {when} ": it makes nothing stale."</p> <p><Line text=reason/></p> };
        let form = may.then(|| form(&page, "mark-relevant", "Take the mark back", "Why it does mean something"));
        (says.into_any(), form)
    } else {
        let says = "Passes that began before it are stale, where an experiment lists changes of this kind.";
        let form = may.then(|| form(&page, "mark-irrelevant", "Mark irrelevant", "Why it means nothing for them"));
        (view! { <p>{says}</p> }.into_any(), form)
    };
    view! { <section id="mark"><h2>"Relevance"</h2>{says}{form}</section> }.into_any()
}

fn form(page: &str, act: &'static str, name: &'static str, why: &'static str) -> AnyView {
    let form = FormState::of(paths::act(page, act));
    let open = form.came_back();
    view! {
        <Disclosure name=name open=open>
            <Form state=form.clone()>
                <AreaField form=form.name.clone() name="reason" label=why value=form.value("reason", "") error=form.error("reason") rows=2 required=true/>
                <div class="row"><button>{name}</button></div>
            </Form>
        </Disclosure>
    }
    .into_any()
}

fn lines(history: &[Entry]) -> Result<Vec<Done>> {
    history.iter().map(line).collect()
}

fn line(entry: &Entry) -> Result<Done> {
    let reason = || entry.read::<Marked>().map(|body| Some(String::from(body.reason)));
    let (did, text) = match entry.act.as_str() {
        "recorded" => ("recorded this change", None),
        act::MARKED => ("marked it irrelevant", reason()?),
        act::TAKEN_BACK => ("took back that it is irrelevant", reason()?),
        other => (other, None),
    };
    Ok(Done::of(entry, did, text))
}
