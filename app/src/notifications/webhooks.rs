//! All webhooks, and the form that adds one.

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::limits::{LINK_CHARS_MAX, SLUG_CHARS_MAX, TITLE_CHARS_MAX};
use notebook::notifications::acts;
use notebook::notifications::topics::Topic;
use notebook::notifications::webhooks::{Draft, Form as Shape, Kept};

use super::topics::boxes;
use crate::ask::page;
use crate::form::{Form, FormState};
use crate::frame::{Crumb, Frame};
use crate::kept;
use crate::parts::choices::CheckField;
use crate::parts::field::{Field, SelectField};
use crate::parts::page::{Empty, PageHead};
use crate::parts::table::TableRegion;
use crate::paths;
use crate::safe::PageTitle;

pub fn crumbs(label: &str) -> Vec<Crumb> {
    vec![
        Crumb { label: "Webhooks".into(), href: Some(paths::webhooks()) },
        Crumb { label: label.to_owned(), href: None },
    ]
}

#[component]
pub fn WebhooksPage() -> impl IntoView {
    page(|desk| async move {
        let all = acts::list(&desk).await?;
        let head = (!all.is_empty()).then(add).into_any();
        let content = if all.is_empty() { none() } else { table(all) };
        Ok(view! {
            <Frame crumbs=vec![Crumb { label: "Webhooks".into(), href: None }]>
                <PageTitle text="Webhooks"/>
                <PageHead title="Webhooks" actions=head/>
                <div class="stack">{content}</div>
            </Frame>
        }
        .into_any())
    })
}

fn add() -> AnyView {
    view! { <a class="button primary" href=paths::new_webhook()>"Add webhook"</a> }.into_any()
}

fn none() -> AnyView {
    view! { <Empty heading="No webhooks" sentence="Send what happens to your own tools, or to a chat.">{add()}</Empty> }
        .into_any()
}

fn table(all: Vec<Kept>) -> AnyView {
    let lines: Vec<_> = all.into_iter().map(line).collect();
    view! {
        <TableRegion id="webhooks" caption="Webhooks in the order in which they were added">
            <thead>
                <tr>
                    <th scope="col">"Webhook"</th>
                    <th scope="col">"Form"</th>
                    <th scope="col">"State"</th>
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </TableRegion>
    }
    .into_any()
}

fn line(kept: Kept) -> AnyView {
    let state = state_words(&kept);
    view! {
        <tr>
            <td>
                <a href=paths::webhook(kept.id)>{kept.webhook.name.to_string()}</a>
                <br/>
                <span class="muted">{kept.webhook.address.to_string()}</span>
            </td>
            <td>{kept.webhook.form.label()}</td>
            <td>{state}</td>
        </tr>
    }
    .into_any()
}

pub fn state_words(kept: &Kept) -> String {
    match (kept.webhook.on, &kept.off_because) {
        (true, _) => "On".to_owned(),
        (false, None) => "Off".to_owned(),
        (false, Some(because)) => format!("Turned off by itself: its target {because}"),
    }
}

#[component]
pub fn NewWebhookPage() -> impl IntoView {
    page(|desk| async move {
        desk.may(Act::ManageWebhooks)?;
        let form = FormState::of(paths::webhooks());
        let own = Draft { form: Shape::Standard.word().into(), on: "on".into(), ..Draft::default() };
        Ok(view! {
            <Frame crumbs=crumbs("New")>
                <PageTitle text="Add webhook"/>
                <PageHead title="Add webhook"/>
                <div class="stack">
                    <Form state=form.clone()>
                        {fields(&form, &own)}
                        <div class="row">
                            <button class="primary">"Add webhook"</button>
                            <a class="button" href=paths::webhooks()>"Leave it"</a>
                        </div>
                    </Form>
                </div>
            </Frame>
        }
        .into_any())
    })
}

/// The fields of a webhook, the same for a new one and for an edit.
pub fn fields(form: &FormState, own: &Draft) -> AnyView {
    let name = form.name.clone();
    let shapes: Vec<(String, String)> =
        Shape::ALL.iter().map(|shape| (shape.word().to_owned(), shape.label().to_owned())).collect();
    let shared = Topic::ALL.iter().copied().filter(|topic| !topic.is_personal());
    view! {
        <input type="hidden" name="version" value=kept::version(form, &own.version)/>
        <Field form=name.clone() name="name" label="Name" value=form.value("name", own.name.clone())
            error=form.error("name") required=true max_length=TITLE_CHARS_MAX/>
        <SelectField form=name.clone() name="form" label="Form" options=shapes
            value=form.value("form", own.form.clone()) error=form.error("form")/>
        <Field form=name.clone() name="address" label="Address" kind="url" value=form.value("address", own.address.clone())
            hint="Like https://hooks.example.org/retrial. For Slack write https://hooks.slack.com, and keep the rest in a credential."
            error=form.error("address") required=true max_length=LINK_CHARS_MAX/>
        <Field form=name.clone() name="credential" label="Credential" value=form.value("credential", own.credential.clone())
            hint="The name of a file that the operator keeps beside the server. Empty if none is needed."
            error=form.error("credential") max_length=SLUG_CHARS_MAX/>
        {boxes(form, "topics", "What is told", "Nothing ticked means everything.", shared, &own.topics)}
        <CheckField form=name name="on" label="Messages are sent" value="on" checked=form.ticked("on", !own.on.is_empty())
            error=form.error("on")/>
    }
    .into_any()
}
