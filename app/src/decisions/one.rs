//! One decision: what was chosen, on what evidence then, and what that evidence says now.

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::decisions::acts::saved;
use notebook::decisions::{Claimed, Decision, DecisionEvent, DecisionKind, DecisionStanding};
use notebook::desk::Desk;
use notebook::events::Entry;
use notebook::fault::Result;
use notebook::id::DecisionId;
use notebook::retrials::acts::{DecisionShown, show_decision};
use notebook::retrials::claims::ClaimStanding;
use notebook::text::Note;

use crate::ask::{page, param};
use crate::form::{Form, FormState};
use crate::frame::{Crumb, Frame};
use crate::parts::because::Reasons;
use crate::parts::disclosure::Disclosure;
use crate::parts::facts::{Fact, Facts};
use crate::parts::field::AreaField;
use crate::parts::history::{Done, History};
use crate::parts::page::PageHead;
use crate::parts::prose::Prose;
use crate::parts::table::TableRegion;
use crate::parts::why::Why;
use crate::parts::words::Word;
use crate::paths;
use crate::safe::PageTitle;
use crate::times::Times;
use crate::tour::TourNote;

#[component]
pub fn DecisionPage() -> impl IntoView {
    page(|desk| async move {
        let id: DecisionId = param("id", "decision")?;
        let shown = show_decision(&desk, id).await?;
        let times = Times::of(&desk);
        let title = shown.decision.title.to_string();
        let crumbs = vec![
            Crumb { label: "Decisions".into(), href: Some(paths::decisions()) },
            Crumb { label: id.to_string(), href: None },
        ];
        let badges =
            view! { {Word::from(shown.standing.is).badge()} <span class="muted">{shown.decision.kind.label()}</span> };
        let history = view! {
            <section>
                <h2>"History"</h2>
                <History label=format!("History of {id}") lines=lines(&shown.history, &times)? times=times.clone()/>
            </section>
        };
        let saving = saved(&shown.history)?;
        let content = view! {
            <TourNote/>
            {standing(&shown, &times)}
            {widens(&desk, &shown)}
            {said(&shown.decision, saving)}
            {claims(&shown.claims)}
            {realised(&desk, &shown)}
            {stop(&desk, &shown)}
            {history}
        };
        let content = content.into_any();
        let aside = facts(&shown.decision, &times);
        Ok(view! {
            <Frame crumbs=crumbs>
                <PageTitle text=format!("{id} · {title}")/>
                <PageHead title=title eyebrow=id.to_string() badges=badges.into_any()/>
                <div class="page">
                    <aside class="stack">{aside}</aside>
                    <div class="stack">{content}</div>
                </div>
            </Frame>
        }
        .into_any())
    })
}

fn standing(shown: &DecisionShown, times: &Times) -> AnyView {
    let question =
        format!("Why is {} \u{201c}{}\u{201d}?", shown.decision.id, shown.standing.is.label().to_lowercase());
    let (because, times) = (shown.standing.because.clone(), times.clone());
    view! { <Why question=question open=true><Reasons because=because times=times/></Why> }.into_any()
}

/// A decision to widen is carried out by a revision of the plan.
fn widens(desk: &Desk, shown: &DecisionShown) -> Option<AnyView> {
    let decision = &shown.decision;
    let stands = !matches!(shown.standing.is, DecisionStanding::Superseded | DecisionStanding::Ended);
    let can_widen = decision.kind == DecisionKind::Widen && stands && desk.shows(Act::WriteExperiment);
    if !can_widen || decision.claims.is_empty() {
        return None;
    }
    let links = decision.claims.iter().map(|claimed| {
        let href = paths::widen_plan(claimed.experiment, decision.id);
        let words = format!("Write the wider plan of {}", claimed.experiment);
        view! { <a class="button primary" href=href>{words}</a> }
    });
    Some(view! { <div class="row">{links.collect_view()}</div> }.into_any())
}

fn said(decision: &Decision, saving: Option<Note>) -> AnyView {
    let part = |heading: &'static str, text: Option<String>| {
        text.map(|text| view! { <section><h2>{heading}</h2><Prose text=text/></section> })
    };
    let body = &decision.body;
    let reason = body.reason.as_ref().map_or_else(|| "No reason is written down.".to_owned(), ToString::to_string);
    view! {
        {part("Reason", Some(reason))}
        {part("Consequences", body.consequences.as_ref().map(ToString::to_string))}
        {part("Expected saving", body.saving.as_ref().map(ToString::to_string))}
        {part("Watched in production", body.passive.as_ref().map(ToString::to_string))}
        {part("Realised saving", saving.map(String::from))}
    }
    .into_any()
}

/// Each claim as it was taken, beside what it says now.
fn claims(claims: &[(Claimed, ClaimStanding, String)]) -> AnyView {
    if claims.is_empty() {
        return view! {
            <section><h2>"Claims"</h2><p class="muted">"It rests on no claim of an experiment."</p></section>
        }
        .into_any();
    }
    let lines = claims.iter().map(|(claimed, is, now)| {
        let id = claimed.experiment;
        // The badge says the word already.
        let word = format!("{}; ", is.label().to_lowercase());
        let numbers = now.strip_prefix(&word).unwrap_or(now).to_owned();
        view! {
            <tr>
                <th scope="row"><a class="id" href=paths::experiment(id)>{id.to_string()}</a></th>
                <td>{claimed.snapshot.clone()}</td>
                <td>{Word::from(*is).badge()}<br/>{numbers}</td>
            </tr>
        }
    });
    let lines = lines.collect_view();
    view! {
        <section>
            <h2>"Claims"</h2>
            <TableRegion id="claims" caption="What its claims said then, and what they say now">
                <thead>
                    <tr>
                        <th scope="col">"Experiment"</th>
                        <th scope="col">"When it was decided"</th>
                        <th scope="col">"Now"</th>
                    </tr>
                </thead>
                <tbody>{lines}</tbody>
            </TableRegion>
        </section>
    }
    .into_any()
}

fn facts(decision: &Decision, times: &Times) -> AnyView {
    let link = |id: DecisionId| view! { <a class="id" href=paths::decision(id)>{id.to_string()}</a> };
    let run = decision.run.map(|run| {
        view! { <Fact term="Taken at"><a class="id" href=paths::run(run)>{run.to_string()}</a></Fact> }
    });
    let day = |term: &'static str, day: Option<String>| day.map(|day| view! { <Fact term=term>{day}</Fact> });
    let other = |term: &'static str, id: Option<DecisionId>| id.map(|id| view! { <Fact term=term>{link(id)}</Fact> });
    let (until, review) = (
        day("Until", decision.until.map(|at| times.until(at))),
        day("Look again on", decision.review_at.map(|at| times.day(at))),
    );
    let supersedes = other("Takes the place of", decision.supersedes);
    let superseded_by = other("Superseded by", decision.superseded_by);
    let (kind, taken) = (decision.kind.label(), times.when(decision.created_at));
    view! {
        <section class="card">
            <h2>"Facts"</h2>
            <Facts>
                <Fact term="Kind">{kind}</Fact>
                {run}
                {until}
                {review}
                {supersedes}
                {superseded_by}
                <Fact term="Taken">{taken}</Fact>
            </Facts>
        </section>
    }
    .into_any()
}

/// What adopting a change saved in the end, beside what was expected.
fn realised(desk: &Desk, shown: &DecisionShown) -> Option<AnyView> {
    if shown.decision.kind != DecisionKind::AdoptAChange || !desk.shows(Act::Decide) {
        return None;
    }
    let form = FormState::of(paths::act(&paths::decision(shown.decision.id), "realise-saving"));
    let open = form.came_back();
    let view = view! {
        <Disclosure name="Record realised saving" open=open>
            <Form state=form.clone()>
                <AreaField form=form.name.clone() name="saving" label="What it saved, with its source" value=form.value("saving", "") error=form.error("saving") rows=2 required=true/>
                <div class="row"><button>"Record saving"</button></div>
            </Form>
        </Disclosure>
    };
    Some(view.into_any())
}

fn stop(desk: &Desk, shown: &DecisionShown) -> Option<AnyView> {
    if shown.stopped || !desk.shows(Act::Decide) {
        return None;
    }
    let form = FormState::of(paths::act(&paths::decision(shown.decision.id), "stop"));
    let open = form.came_back();
    let view = view! {
        <section>
            <h2>"End it"</h2>
            <Disclosure name="End the decision" open=open>
                <Form state=form.clone()>
                    <AreaField form=form.name.clone() name="reason" label="Why it ends before its time" value=form.value("reason", "") error=form.error("reason") rows=2 required=true/>
                    <div class="row"><button class="danger">"End decision"</button></div>
                </Form>
            </Disclosure>
        </section>
    };
    Some(view.into_any())
}

fn lines(history: &[Entry], times: &Times) -> Result<Vec<Done>> {
    history.iter().map(|entry| line(entry, times)).collect()
}

fn line(entry: &Entry, times: &Times) -> Result<Done> {
    let (did, text) = match entry.read()? {
        DecisionEvent::Decided { title, .. } => (format!("decided \u{201c}{title}\u{201d}"), None),
        DecisionEvent::Stopped { reason } => ("ended it".to_owned(), Some(String::from(reason))),
        DecisionEvent::SavingRealised { saving } => ("wrote down what it saved".to_owned(), Some(String::from(saving))),
        DecisionEvent::Turned { is, says } => (format!("told: {}", is.label().to_lowercase()), Some(says)),
        DecisionEvent::RiskExpires { until } => {
            (format!("told that the risk is accepted until {} only", times.until(until)), None)
        }
    };
    Ok(Done::of(entry, did, text))
}
