//! What Honeycomb says of an SLO, beside it and never counted: its numbers with their source and age, and
//! the form that names it.

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::desk::Desk;
use notebook::id::SloId;
use notebook::slos::acts::honeycomb::Beside;
use notebook::slos::honeycomb::alert::BurnAlert;
use notebook::slos::honeycomb::budget::{Budget, percent};
use notebook::slos::honeycomb::{Connected, HoneycombDraft, Observation, Said, age};
use notebook::slos::kept::{Kept, SloState};
use notebook::time::Moment;

use crate::form::{Form, FormState};
use crate::parts::because::readable;
use crate::parts::choices::CheckField;
use crate::parts::disclosure::Disclosure;
use crate::parts::facts::{Fact, Facts};
use crate::parts::field::{AreaField, Field};
use crate::paths;
use crate::times::Times;

/// Nothing where Honeycomb said nothing, is asked nothing, and nobody looks who may name it.
pub fn section(desk: &Desk, kept: &Kept, beside: &Beside, times: &Times) -> Option<AnyView> {
    let may_connect = kept.state() != SloState::Retired && desk.shows(Act::ConnectSource);
    let source = beside.source.as_ref();
    let heard = beside.budget.is_some() || beside.alert.is_some();
    if source.is_none() && !heard && !may_connect {
        return None;
    }
    let hint = if source.is_some() || heard {
        "Numbers of another tool, as it tells them. They are not counted here: budget, level and gate follow the measurements alone."
    } else {
        "An SLO of Honeycomb can stand here, with its own budget and its burn alerts. It would not be counted."
    };
    let asking = source.map(|connected| asking(connected, times));
    let budget = beside.budget.as_ref().map(|observation| told(observation, source, times));
    let alert = beside.alert.as_ref().map(|observation| told(observation, source, times));
    let forms = may_connect.then(|| {
        view! { {write(kept.id, source)} {source.map(|_| remove(kept.id))} }
    });
    Some(
        view! {
            <section id="honeycomb">
                <h2>"Beside it: Honeycomb"</h2>
                <p class="hint">{hint}</p>
                {budget}
                {alert}
                {asking}
                {forms}
            </section>
        }
        .into_any(),
    )
}

/// One observation with its time, and what its age leaves open.
fn told(observation: &Observation, source: Option<&Connected>, times: &Times) -> AnyView {
    let stale = age::stale(observation, times.moment());
    let stale = stale.map(|says| view! { <p><strong>{says}</strong></p> });
    let (said_last, said_first) = (times.when(observation.seen_at), observation.observed_at);
    let first = (said_first != observation.seen_at).then(|| first_said(said_first, times));
    let facts = match &observation.said {
        Said::Budget(budget) => budget_facts(budget),
        Said::BurnAlert(alert) => alert_facts(alert),
    };
    let flags = match &observation.said {
        Said::Budget(budget) => budget_flags(budget, source),
        Said::BurnAlert(_) => ().into_any(),
    };
    view! {
        {stale}
        {flags}
        <Facts>
            {facts}
            <Fact term="Honeycomb said so">{said_last}</Fact>
            {first}
        </Facts>
    }
    .into_any()
}

fn first_said(at: Moment, times: &Times) -> AnyView {
    let at = times.when(at);
    view! { <Fact term="The same since">{at}</Fact> }.into_any()
}

fn budget_facts(budget: &Budget) -> AnyView {
    let promise = budget.promise().map(|words| view! { <Fact term="Target at Honeycomb">{words}</Fact> });
    let name = budget.name.as_ref().map_or_else(|| budget.slo.to_string(), ToString::to_string);
    let (remaining, complied) = (percent(budget.remaining_ppm), percent(budget.compliance_ppm));
    let place = format!("{name} ({} of {} at {})", budget.slo, budget.dataset, budget.address);
    view! {
        <Fact term="Budget left, by Honeycomb">{remaining}</Fact>
        <Fact term="Complied, by Honeycomb">{complied}</Fact>
        {promise}
        <Fact term="Said of">{place}</Fact>
    }
    .into_any()
}

/// What a reader of these numbers has to know.
fn budget_flags(budget: &Budget, source: Option<&Connected>) -> AnyView {
    let shares = budget
        .read_as_shares
        .then_some("Honeycomb answered with shares of one and does not say so; they are shown in per cent.");
    let is_same = source.is_some_and(|connected| {
        let source = &connected.source;
        (&source.address, &source.dataset, &source.slo) == (&budget.address, &budget.dataset, &budget.slo)
    });
    let other = (!is_same).then_some("These numbers are of an SLO that is not asked for any more.");
    [shares, other].into_iter().flatten().map(|says| view! { <p>{says}</p> }).collect_view().into_any()
}

fn alert_facts(alert: &BurnAlert) -> AnyView {
    let summary = alert.summary.as_ref().map(|text| {
        let text = text.to_string();
        view! { <Fact term="It says">{text}</Fact> }
    });
    let url = alert.url.as_ref().map(|url| {
        let (href, words) = (url.to_string(), url.to_string());
        view! { <Fact term="More of it"><a href=href rel="noreferrer nofollow">{words}</a></Fact> }
    });
    let words = alert.words();
    view! { <Fact term="Last burn alert">{words}</Fact> {summary} {url} }.into_any()
}

/// How asking goes.
fn asking(connected: &Connected, times: &Times) -> AnyView {
    let (source, polls) = (&connected.source, &connected.polls);
    let failing = polls.failure.as_ref().map(|says| {
        let often = if polls.failures == 1 { String::new() } else { format!(", {} times in a row", polls.failures) };
        let says = readable(says, &times.zone);
        view! { <p>{format!("Asking fails{often}: Honeycomb {says}.")}</p> }
    });
    let waiting = match (source.on, polls.succeeded_at.or(polls.failed_at)) {
        (false, _) => Some("It is off: Honeycomb is not asked."),
        (true, None) => Some("Honeycomb was not asked yet."),
        (true, Some(_)) => None,
    };
    let next_at = polls.next_at.filter(|_| source.on);
    let moments = [("Last answer", polls.succeeded_at), ("Last failure", polls.failed_at), ("Next try", next_at)];
    let moments = moments.into_iter().filter_map(|(term, at)| {
        let at = times.when(at?);
        Some(view! { <Fact term=term>{at}</Fact> }.into_any())
    });
    let moments: Vec<AnyView> = moments.collect();
    let asked = format!("{} of {} at {}", source.slo, source.dataset, source.address);
    view! {
        {failing}
        {waiting.map(|says| view! { <p>{says}</p> })}
        <Facts>
            <Fact term="Asked for">{asked}</Fact>
            {moments}
        </Facts>
    }
    .into_any()
}

fn write(id: SloId, connected: Option<&Connected>) -> AnyView {
    let form = FormState::of(paths::act(&paths::slo(id), "honeycomb"));
    let own = connected.map_or_else(usual, |connected| HoneycombDraft::of(&connected.source, connected.version));
    let (name, open) = (form.name.clone(), form.came_back());
    let label = if connected.is_some() { "Change the SLO of Honeycomb" } else { "Set an SLO of Honeycomb beside it" };
    view! {
        <Disclosure name=label open=open>
            <p>"Its budget is asked for at most every five minutes. Burn alerts come by a webhook; the API's documentation has its address and its template."</p>
            <Form state=form.clone()>
                <input type="hidden" name="version" value=form.value("version", own.version)/>
                <Field form=name.clone() name="address" label="Address" kind="url"
                    value=form.value("address", own.address) error=form.error("address")
                    hint="Empty means https://api.honeycomb.io; in Europe it is https://api.eu1.honeycomb.io."/>
                <div class="fields">
                    <Field form=name.clone() name="dataset" label="Dataset" required=true
                        value=form.value("dataset", own.dataset) error=form.error("dataset")
                        hint="Its slug, or __all__."/>
                    <Field form=name.clone() name="slo" label="Id of the SLO" required=true
                        value=form.value("slo", own.slo) error=form.error("slo")
                        hint="As it stands in Honeycomb's own address."/>
                    <Field form=name.clone() name="credential" label="Credential" required=true
                        value=form.value("credential", own.credential) error=form.error("credential")
                        hint="The name of one that the operator keeps for this address."/>
                </div>
                <CheckField form=name name="on" label="Ask it" value="on"
                    checked=form.ticked("on", !own.on.is_empty()) error=form.error("on")/>
                <div class="row"><button>"Save SLO of Honeycomb"</button></div>
            </Form>
        </Disclosure>
    }
    .into_any()
}

/// What a new one's form begins with.
fn usual() -> HoneycombDraft {
    HoneycombDraft { on: "on".into(), ..HoneycombDraft::default() }
}

fn remove(id: SloId) -> AnyView {
    let form = FormState::of(paths::act(&paths::slo(id), "remove-honeycomb"));
    let (name, open) = (form.name.clone(), form.came_back());
    view! {
        <Disclosure name="Remove the SLO of Honeycomb" open=open>
            <p>"Honeycomb is asked no more. What it said stays."</p>
            <Form state=form.clone()>
                <AreaField form=name name="reason" label="Why it goes" value=form.value("reason", "")
                    error=form.error("reason") rows=2 required=true/>
                <div class="row"><button class="danger">"Remove SLO of Honeycomb"</button></div>
            </Form>
        </Disclosure>
    }
    .into_any()
}
