//! One webhook: what it is, its secrets, and what became of what was sent.

use leptos::prelude::*;
use notebook::events::Entry;
use notebook::fault::Error;
use notebook::notifications::Delivery;
use notebook::notifications::acts::{self, Shown};
use notebook::notifications::webhooks::{Draft, Form as Shape, Said, SecretMade};
use notebook::refusal::Refusal;

use super::log::{Logged, log};
use super::webhooks::{crumbs, fields, state_words};
use crate::ask::{page, param};
use crate::form::{Form, FormState};
use crate::frame::Frame;
use crate::kept::{Overtaken, Present};
use crate::parts::facts::{Fact, Facts};
use crate::parts::history::{Done, History};
use crate::parts::page::{Empty, PageHead};
use crate::paths;
use crate::people::shown_once;
use crate::safe::PageTitle;
use crate::times::Times;

#[component]
pub fn WebhookPage() -> impl IntoView {
    page(|desk| async move {
        let id: i64 = param("id", "webhook")?;
        let times = Times::of(&desk);
        let Shown { kept, secrets, deliveries, history } = match acts::show(&desk, id).await {
            Ok(shown) => shown,
            Err(Error::Refused(missing @ Refusal::Missing { .. })) => {
                let history = acts::history(&desk, id).await?;
                return history.last().map(|last| deleted(last, &history, times)).ok_or(Error::Refused(missing));
            }
            Err(trouble) => return Err(trouble),
        };
        let title = kept.webhook.name.to_string();
        let own = Draft::of(&kept);
        let signs = (kept.webhook.form == Shape::Standard).then(|| signing(id, &secrets, &times));
        let lines = done(&history);
        let state = state_words(&kept);
        let (shape, address) = (kept.webhook.form.label(), kept.webhook.address.to_string());
        let test = kept.webhook.on.then(|| test(id)).into_any();
        let log = sent(id, deliveries, kept.webhook.on, &times);
        let change = change(id, &own);
        Ok(view! {
            <Frame crumbs=crumbs(&title)>
                <PageTitle text=title.clone()/>
                <PageHead title=title.clone() actions=test/>
                <div class="stack">
                    {shown_once()}
                    <Facts>
                        <Fact term="State">{state}</Fact>
                        <Fact term="Form">{shape}</Fact>
                        <Fact term="Address">{address}</Fact>
                    </Facts>
                    {signs}
                    <section><h2>"Deliveries"</h2>{log}</section>
                    <section><h2>"Change it"</h2>{change}{delete(id)}</section>
                    <section><h2>"History"</h2><History label=format!("History of {title}") lines=lines times=times/></section>
                </div>
            </Frame>
        }
        .into_any())
    })
}

fn sent(id: i64, deliveries: Vec<Delivery>, is_on: bool, times: &Times) -> AnyView {
    if deliveries.is_empty() {
        return view! { <Empty heading="Nothing was sent yet" sentence="Send a test, or wait for what happens."/> }
            .into_any();
    }
    let page = format!("{}/deliveries", paths::webhook(id));
    let lines = deliveries.into_iter().map(|delivery| {
        let resend = is_on.then(|| paths::resend(&page, delivery.id));
        Logged { head: delivery.topic.clone(), below: delivery.message.clone(), delivery, resend }
    });
    log(lines.collect(), times)
}

fn test(id: i64) -> AnyView {
    let state = FormState::of(paths::act(&paths::webhook(id), "test"));
    view! { <Form state=state><button>"Send test"</button></Form> }.into_any()
}

/// Without a secret nothing is sent: a receiver could not tell who sent it.
fn signing(id: i64, secrets: &[SecretMade], times: &Times) -> AnyView {
    let make = FormState::of(paths::act(&paths::webhook(id), "make-secret"));
    let retire = FormState::of(paths::act(&paths::webhook(id), "retire-secrets"));
    let (words, first) = match secrets {
        [] => ("Nothing is sent yet: make a secret, and give it to the receiver.", true),
        [_] => ("Every message is signed with it.", false),
        _ => (
            "Every message is signed with each of them. Once the receiver has the newest, retire the earlier ones.",
            false,
        ),
    };
    let items: Vec<_> = secrets
        .iter()
        .map(|secret| view! { <li>{format!("Secret {} of ", secret.number)} {times.when(secret.made_at)}</li> })
        .collect();
    let retires =
        (secrets.len() > 1).then(|| view! { <Form state=retire><button>"Retire the earlier ones"</button></Form> });
    view! {
        <section class="card">
            <h2>"Signing secrets"</h2>
            <p>{words}</p>
            <ul class="plain">{items}</ul>
            <div class="row">
                <Form state=make><button class:primary=first>"Make secret"</button></Form>
                {retires}
            </div>
        </section>
    }
    .into_any()
}

fn change(id: i64, own: &Draft) -> AnyView {
    let action = paths::act(&paths::webhook(id), "edit");
    let form = FormState::of(action.clone());
    let present = vec![
        Present::one("name", "Name", &own.name),
        Present::one("form", "Form", &own.form),
        Present::one("address", "Address", &own.address),
        Present::one("credential", "Credential", &own.credential),
        Present::list("topics", "What is told", &own.topics),
        Present::one("on", "Messages are sent", &own.on),
    ];
    let fields = fields(&form, own);
    view! {
        <Overtaken action=action present=present/>
        <Form state=form>
            {fields}
            <div class="row"><button>"Save webhook"</button></div>
        </Form>
    }
    .into_any()
}

fn delete(id: i64) -> AnyView {
    let state = FormState::of(paths::act(&paths::webhook(id), "delete"));
    view! {
        <Form state=state>
            <p class="hint">"What waits for it is sent no more. What was done to it stays here."</p>
            <button class="quiet">"Delete webhook"</button>
        </Form>
    }
    .into_any()
}

/// What is left of one that is deleted.
fn deleted(last: &Entry, history: &[Entry], times: Times) -> AnyView {
    let title = last.read::<Said>().map(|said| said.name).unwrap_or_default();
    let lines = done(history);
    view! {
        <Frame crumbs=crumbs(&title)>
            <PageTitle text=title.clone()/>
            <PageHead title=title.clone()/>
            <div class="stack">
                <p>"This webhook is deleted."</p>
                <section><h2>"History"</h2><History label=format!("History of {title}") lines=lines times=times/></section>
            </div>
        </Frame>
    }
    .into_any()
}

fn done(history: &[Entry]) -> Vec<Done> {
    let line = |entry: &Entry| {
        let host = entry.read::<Said>().map(|said| said.host).ok().filter(|host| !host.is_empty());
        let did = did(&entry.act);
        Done::of(entry, host.map_or_else(|| did.to_owned(), |host| format!("{did} ({host})")), None)
    };
    history.iter().map(line).collect()
}

fn did(act: &str) -> &'static str {
    match act {
        "webhook_added" => "added it",
        "webhook_deleted" => "deleted it",
        "webhook_secret_made" => "made a signing secret",
        "webhook_secrets_retired" => "retired earlier secrets",
        "webhook_off" => "turned it off, because its target did not take anything any more",
        _ => "changed it",
    }
}
