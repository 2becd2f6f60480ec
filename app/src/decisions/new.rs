//! The form for a decision, with the claims it may rest on as they stand.

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::decisions::drafts::Draft;
use notebook::desk::Desk;
use notebook::experiments;
use notebook::experiments::Stage;
use notebook::experiments::acts::Filter;
use notebook::fault::Result;
use notebook::id::ExperimentId;
use notebook::refusal::Refusal;
use notebook::retrials::acts::{decisions, overview};
use notebook::runs;

use super::kinds;
use crate::ask::{page, query};
use crate::form::{Form, FormState};
use crate::frame::{Crumb, Frame};
use crate::parts::choices::{Choice, ChoiceField};
use crate::parts::field::{AreaField, Field, SelectField};
use crate::parts::page::PageHead;
use crate::parts::ticks::TickField;
use crate::paths;
use crate::safe::PageTitle;

/// What can be chosen.
#[derive(Clone)]
struct Offer {
    claims: Vec<Choice>,
    runs: Vec<(String, String)>,
    earlier: Vec<(String, String)>,
}

#[component]
pub fn NewDecisionPage() -> impl IntoView {
    page(|desk| async move {
        desk.may(Act::Decide)?;
        let own = prefilled(&desk).await?;
        let offer = offer(&desk, &own).await?;
        let form = FormState::of(paths::decisions());
        let crumbs = vec![
            Crumb { label: "Decisions".into(), href: Some(paths::decisions()) },
            Crumb { label: "Record decision".into(), href: None },
        ];
        Ok(view! {
            <Frame crumbs=crumbs>
                <PageTitle text="Record decision"/>
                <PageHead title="Record decision"/>
                <Form state=form.clone()>
                    <Chosen form=form.clone() own=own.clone()/>
                    <Evidence form=form.clone() own=own.clone() offer=offer/>
                    <Ends form=form.clone()/>
                    <div class="row"><button class="primary">"Record decision"</button></div>
                </Form>
            </Frame>
        }
        .into_any())
    })
}

/// From the address: the run it is taken at, and the experiment whose claim it rests on.
async fn prefilled(desk: &Desk) -> Result<Draft> {
    let (run, experiment) = (query("run"), query("experiment"));
    let mut own = Draft { kind: query("kind"), ..Draft::default() };
    if !run.is_empty() {
        let id = run.parse().map_err(|_| Refusal::missing("run", run))?;
        let shown = runs::acts::show(desk, id).await?;
        own.run = id.to_string();
        own.claims.push(shown.run.experiment.to_string());
    }
    if !experiment.is_empty() {
        let id: ExperimentId = experiment.parse().map_err(|_| Refusal::missing("experiment", experiment))?;
        own.claims = vec![id.to_string()];
    }
    Ok(own)
}

async fn offer(desk: &Desk, own: &Draft) -> Result<Offer> {
    let filter = Filter { stage: Some(Stage::Ready), ..Filter::default() };
    let (rows, _) = experiments::acts::list(desk, &filter).await?;
    let mut known: Vec<(ExperimentId, String)> =
        rows.into_iter().map(|row| (row.experiment.id, row.experiment.title.to_string())).collect();
    for id in own.claims.iter().filter_map(|id| id.parse::<ExperimentId>().ok()) {
        if known.iter().all(|(other, _)| *other != id) {
            let shown = experiments::acts::show(desk, id).await?;
            known.insert(0, (id, shown.experiment.title.to_string()));
        }
    }
    let mut claims = Vec::with_capacity(known.len());
    for (id, title) in known {
        claims.push(claim(desk, id, &title).await?);
    }
    Ok(Offer { claims, runs: run_options(desk, &own.run).await?, earlier: earlier(desk).await? })
}

/// The experiment with what its runs prove now.
async fn claim(desk: &Desk, id: ExperimentId, title: &str) -> Result<Choice> {
    let words = overview(desk, id).await?.claim.map_or_else(
        || "Untested".to_owned(),
        |claim| format!("{}: {}", claim.answer.is.label(), claim.confidence.words()),
    );
    Ok(Choice { value: id.to_string(), label: format!("{id} {title}"), hint: Some(words) })
}

async fn run_options(desk: &Desk, chosen: &str) -> Result<Vec<(String, String)>> {
    let (rows, _) = runs::acts::list(desk, &runs::acts::Filter::default()).await?;
    let none = (String::new(), "No run".to_owned());
    let listed = rows.into_iter().map(|row| (row.run.id.to_string(), format!("{} {}", row.run.id, row.run.title)));
    let mut options: Vec<_> = [none].into_iter().chain(listed).collect();
    if options.iter().all(|(value, _)| value != chosen) {
        options.push((chosen.to_owned(), chosen.to_owned()));
    }
    Ok(options)
}

/// Decisions that this one may take the place of.
async fn earlier(desk: &Desk) -> Result<Vec<(String, String)>> {
    let (rows, _) = decisions(desk, &notebook::decisions::acts::Filter::default()).await?;
    let none = (String::new(), "None".to_owned());
    let standing = rows.into_iter().filter(|row| row.decision.superseded_by.is_none());
    let listed = standing.map(|row| {
        let decision = row.decision;
        (decision.id.to_string(), format!("{} {}", decision.id, decision.title))
    });
    Ok([none].into_iter().chain(listed).collect())
}

#[component]
fn Chosen(form: FormState, own: Draft) -> impl IntoView {
    view! {
        <fieldset>
            <legend>"What is decided"</legend>
            <ChoiceField form=form.name.clone() name="kind" legend="Kind" choices=kinds::choices() value=form.value("kind", own.kind) error=form.error("kind") required=true/>
            <Field form=form.name.clone() name="title" label="Title" value=form.value("title", "") hint="Empty takes the name of the kind." error=form.error("title") max_length=160/>
            <AreaField form=form.name.clone() name="reason" label="Reason" value=form.value("reason", "") hint="What led to it, and what was weighed." error=form.error("reason")/>
            <AreaField form=form.name.clone() name="consequences" label="Consequences" value=form.value("consequences", "") hint="What becomes easier, and what becomes harder." error=form.error("consequences")/>
            <AreaField form=form.name.clone() name="saving" label="Saving, with its source" value=form.value("saving", "") hint="Adopting a change needs it. For example: up to 50 % of the compute bill, from the provider's price list." error=form.error("saving") rows=2/>
            <Field form=form.name.clone() name="passive" label="What production exercises anyway" value=form.value("passive", "") hint="A retirement needs it, like: preemption events. Whoever sees one records it on the experiment; without any for as long as evidence is fresh, the experiment is ready again." error=form.error("passive") max_length=160/>
        </fieldset>
    }
    .into_any()
}

#[component]
fn Evidence(form: FormState, own: Draft, offer: Offer) -> impl IntoView {
    let ticked = form.listed("claims", own.claims);
    // One box more than there are: for an experiment that is not among those listed.
    let other = format!("claims.{}", offer.claims.len());
    let typed = form.value(&other, "");
    let claims = (!offer.claims.is_empty()).then(|| {
        view! {
            <TickField form=form.name.clone() name="claims" legend="Claims it rests on" choices=offer.claims ticked=ticked hint="The decision keeps their numbers as they are now and is flagged when they no longer hold; one to fix something or to stop is not, because it doubts them." error=form.error("claims")/>
        }
    });
    view! {
        <fieldset>
            <legend>"What it rests on"</legend>
            {claims}
            <Field form=form.name.clone() name=other label="Another experiment" value=typed hint="An id, like EXP-7, where it is not listed: only ready experiments are."/>
            <SelectField form=form.name.clone() name="run" label="Taken at run" options=offer.runs value=form.value("run", own.run) error=form.error("run")/>
            <SelectField form=form.name.clone() name="supersedes" label="Takes the place of" options=offer.earlier value=form.value("supersedes", "") error=form.error("supersedes")/>
        </fieldset>
    }
    .into_any()
}

#[component]
fn Ends(form: FormState) -> impl IntoView {
    view! {
        <fieldset>
            <legend>"How long it holds"</legend>
            <Field form=form.name.clone() name="until" label="Until" kind="date" value=form.value("until", "") hint="An accepted risk needs a date: from the beginning of that day on, where the team is that owns the service, the decision is ended." error=form.error("until")/>
            <Field form=form.name.clone() name="review_at" label="Look at it again on" kind="date" value=form.value("review_at", "") error=form.error("review_at")/>
        </fieldset>
    }
    .into_any()
}
