//! What one wants to be told, and how.

use leptos::prelude::*;
use notebook::notifications::acts;
use notebook::notifications::choices::Draft;
use notebook::notifications::topics::Topic;

use super::topics::boxes;
use crate::ask::page;
use crate::form::{Form, FormState};
use crate::frame::{Crumb, Frame};
use crate::kept::{self, Overtaken, Present};
use crate::parts::field::Field;
use crate::parts::page::PageHead;
use crate::paths;
use crate::safe::PageTitle;

#[component]
pub fn NotificationsPage() -> impl IntoView {
    page(|desk| async move {
        let own = Draft::of(&acts::chosen(&desk).await?);
        let action = paths::notifications();
        let form = FormState::of(action.clone());
        let present = vec![
            Present::list("inbox", "In the inbox", &own.inbox),
            Present::list("mail", "By e-mail", &own.mail),
            Present::one("quiet_from", "Quiet from", &own.quiet_from),
            Present::one("quiet_to", "Quiet until", &own.quiet_to),
        ];
        let crumbs = vec![
            Crumb { label: "Profile".into(), href: Some(paths::profile()) },
            Crumb { label: "Notifications".into(), href: None },
        ];
        Ok(view! {
            <Frame crumbs=crumbs>
                <PageTitle text="Notifications"/>
                <PageHead title="Notifications"/>
                <div class="stack">
                    <Overtaken action=action present=present/>
                    <Form state=form.clone()>
                        {fields(&form, &own)}
                        <div class="row"><button class="primary">"Save"</button></div>
                    </Form>
                    {test()}
                </div>
            </Frame>
        }
        .into_any())
    })
}

fn fields(form: &FormState, own: &Draft) -> AnyView {
    let name = form.name.clone();
    let all = || Topic::ALL.iter().copied();
    view! {
        <input type="hidden" name="version" value=kept::version(form, &own.version)/>
        {boxes(form, "inbox", "In the inbox", "You are told of runs you are on and of what you own, never of what you did yourself.", all(), &own.inbox)}
        {boxes(form, "mail", "By e-mail as well", "Where e-mail can be sent from here.", all(), &own.mail)}
        <fieldset>
            <legend>"Quiet hours"</legend>
            <p class="hint">"E-mail waits until they end, by the clock of your own zone. The inbox does not."</p>
            <div class="fields">
                <Field form=name.clone() name="quiet_from" label="From" value=form.value("quiet_from", own.quiet_from.clone())
                    hint="Like 22:00; both empty for none." error=form.error("quiet_from") max_length=5/>
                <Field form=name name="quiet_to" label="Until" value=form.value("quiet_to", own.quiet_to.clone())
                    error=form.error("quiet_to") max_length=5/>
            </div>
        </fieldset>
    }
    .into_any()
}

fn test() -> AnyView {
    let state = FormState::of(paths::act(&paths::notifications(), "test"));
    view! {
        <section class="card">
            <h2>"Does e-mail reach you?"</h2>
            <p><a href=paths::own_mail()>"What became of e-mail to you"</a></p>
            <Form state=state><div class="row"><button>"Send test"</button></div></Form>
        </section>
    }
    .into_any()
}
