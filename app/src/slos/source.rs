//! Where measurements are pulled from: how that goes, and the form.

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::desk::Desk;
use notebook::id::SloId;
use notebook::limits::NOTE_CHARS_MAX;
use notebook::slos::acts::Shown;
use notebook::slos::kept::SloState;
use notebook::slos::source::{Connected, Part, SourceDraft};
use notebook::time::span_words;

use crate::form::{Form, FormState};
use crate::parts::because::readable;
use crate::parts::choices::CheckField;
use crate::parts::disclosure::Disclosure;
use crate::parts::facts::{Fact, Facts};
use crate::parts::field::{AreaField, Field, SelectField};
use crate::paths;
use crate::times::Times;

/// Nothing where there is no source and nobody who may name one.
pub fn section(desk: &Desk, shown: &Shown, times: &Times) -> Option<AnyView> {
    let may_connect = shown.kept.state() != SloState::Retired && desk.shows(Act::ConnectSource);
    let id = shown.kept.id;
    if shown.source.is_none() && !may_connect {
        return None;
    }
    let state = shown.source.as_ref().map(|connected| state(connected, times));
    let connected = shown.source.as_ref();
    let forms = may_connect.then(|| {
        view! { {write(id, connected)} {connected.map(|_| remove(id))} }
    });
    let none = shown.source.is_none().then(|| {
        view! { <p class="hint">"Nobody asks anywhere: numbers are typed in, or sent by programs."</p> }
    });
    Some(view! { <section id="source"><h2>"Source"</h2>{none}{state}{forms}</section> }.into_any())
}

fn state(connected: &Connected, times: &Times) -> AnyView {
    let (source, pulls) = (&connected.source, &connected.pulls);
    let address = source.address.to_string();
    let asked = format!("{} and all events, by {}", source.counts.label(), span_words(source.step_ms));
    let next_at = pulls.next_at.filter(|_| source.on);
    let moments = [
        ("Asked up to", pulls.asked_to),
        ("Last answer", pulls.succeeded_at),
        ("Last failure", pulls.failed_at),
        ("Next try", next_at),
    ];
    let moments = moments.into_iter().filter_map(|(term, at)| {
        let at = times.when(at?);
        Some(view! { <Fact term=term>{at}</Fact> }.into_any())
    });
    let moments: Vec<AnyView> = moments.collect();
    let failing = pulls.failure.as_ref().map(|says| {
        let often = if pulls.failures == 1 { String::new() } else { format!(", {} times in a row", pulls.failures) };
        let says = readable(says, &times.zone);
        view! {
            <p>
                {format!("Asking fails{often}: Prometheus {says}. What was not measured is unknown, not good.")}
            </p>
        }
    });
    let remark = pulls.remark.as_ref().map(|says| {
        view! { <p>{format!("In the last answer, {}.", readable(says, &times.zone))}</p> }
    });
    let waiting = match (source.on, pulls.succeeded_at.or(pulls.failed_at)) {
        (false, _) => Some("It is off: nothing is pulled."),
        (true, None) => Some("It was not asked yet."),
        (true, Some(_)) => None,
    };
    view! {
        {failing}
        {remark}
        {waiting.map(|says| view! { <p>{says}</p> })}
        <Facts>
            <Fact term="Prometheus">{address}</Fact>
            <Fact term="Counts">{asked}</Fact>
            {moments}
        </Facts>
    }
    .into_any()
}

fn write(id: SloId, connected: Option<&Connected>) -> AnyView {
    let form = FormState::of(paths::act(&paths::slo(id), "source"));
    let own = connected.map_or_else(usual, |connected| SourceDraft::of(&connected.source, connected.version));
    let (name, open) = (form.name.clone(), form.came_back());
    let label = if connected.is_some() { "Change the source" } else { "Pull from a Prometheus" };
    let parts = Part::ALL.iter().map(|part| (part.word().to_owned(), part.label().to_owned())).collect();
    view! {
        <Disclosure name=label open=open>
            <p>"Retrial asks for the samples of plain counters and counts sample by sample: nothing is estimated. What nobody scraped stays unknown."</p>
            <Form state=form.clone()>
                <input type="hidden" name="version" value=form.value("version", own.version)/>
                <Field form=name.clone() name="address" label="Address" kind="url" required=true
                    value=form.value("address", own.address) error=form.error("address")
                    hint="Like https://prometheus.example.org. The operator names networks that are not public."/>
                <SelectField form=name.clone() name="counts" label="The first selector counts" options=parts
                    value=form.value("counts", own.counts) error=form.error("counts")/>
                <AreaField form=name.clone() name="part" label="First selector" rows=2 required=true
                    value=form.value("part", own.part) error=form.error("part") max_length=NOTE_CHARS_MAX
                    hint="Counters, without functions: http_requests_total{job=\"shop\",code=~\"5..\"}"/>
                <AreaField form=name.clone() name="total" label="Selector of all events" rows=2 required=true
                    value=form.value("total", own.total) error=form.error("total") max_length=NOTE_CHARS_MAX/>
                <div class="fields">
                    <Field form=name.clone() name="step" label="One measurement lasts"
                        value=form.value("step", own.step) error=form.error("step")
                        hint="Like 1 min; not shorter than Prometheus' scrape interval, and short beside what the level looks back over."/>
                    <Field form=name.clone() name="credential" label="Credential"
                        value=form.value("credential", own.credential) error=form.error("credential")
                        hint="The name of one that the operator keeps for this address. May stay empty."/>
                </div>
                <CheckField form=name name="on" label="Ask it" value="on"
                    checked=form.ticked("on", !own.on.is_empty()) error=form.error("on")/>
                <div class="row"><button>"Save source"</button></div>
            </Form>
        </Disclosure>
    }
    .into_any()
}

/// What a new source's form begins with.
fn usual() -> SourceDraft {
    SourceDraft { counts: Part::Bad.word().into(), step: "1 min".into(), on: "on".into(), ..SourceDraft::default() }
}

fn remove(id: SloId) -> AnyView {
    let form = FormState::of(paths::act(&paths::slo(id), "remove-source"));
    let (name, open) = (form.name.clone(), form.came_back());
    view! {
        <Disclosure name="Remove the source" open=open>
            <p>"Nothing is pulled any more. What was measured stays."</p>
            <Form state=form.clone()>
                <AreaField form=name name="reason" label="Why it goes" value=form.value("reason", "")
                    error=form.error("reason") rows=2 required=true/>
                <div class="row"><button class="danger">"Remove source"</button></div>
            </Form>
        </Disclosure>
    }
    .into_any()
}
