//! What became of e-mail: one's own, and for admins whether it went to whom.

use leptos::prelude::*;
use notebook::notifications::acts::{self, MailTo, OwnMail};

use super::log::{Logged, log};
use crate::ask::page;
use crate::frame::{Crumb, Frame};
use crate::parts::page::{Empty, PageHead};
use crate::paths;
use crate::safe::PageTitle;
use crate::times::Times;

#[component]
pub fn OwnMailPage() -> impl IntoView {
    page(|desk| async move {
        let lines = acts::own_mail(&desk).await?.into_iter().map(|OwnMail { subject, delivery }| {
            let resend = delivery.is_settled().then(|| paths::resend(&paths::own_mail(), delivery.id));
            Logged { head: subject, below: delivery.topic.clone(), delivery, resend }
        });
        let log = logged(lines.collect(), "What is told to you by e-mail stands here.", &Times::of(&desk));
        let crumbs = vec![
            Crumb { label: "Profile".into(), href: Some(paths::profile()) },
            Crumb { label: "E-mail".into(), href: None },
        ];
        Ok(view! {
            <Frame crumbs=crumbs>
                <PageTitle text="E-mail to you"/>
                <PageHead title="E-mail to you"/>
                <div class="stack">
                    <p><a href=paths::notifications()>"Choose what you are told"</a></p>
                    {log}
                </div>
            </Frame>
        }
        .into_any())
    })
}

#[component]
pub fn MailPage() -> impl IntoView {
    page(|desk| async move {
        let lines = acts::all_mail(&desk).await?.into_iter().map(|MailTo { name, delivery, .. }| {
            let resend = delivery.is_settled().then(|| paths::resend(&paths::mail(), delivery.id));
            Logged { head: name, below: delivery.topic.clone(), delivery, resend }
        });
        let log = logged(lines.collect(), "What is told to people by e-mail stands here.", &Times::of(&desk));
        let crumbs = vec![
            Crumb { label: "People".into(), href: Some(paths::people()) },
            Crumb { label: "E-mail".into(), href: None },
        ];
        Ok(view! {
            <Frame crumbs=crumbs>
                <PageTitle text="E-mail to people"/>
                <PageHead title="E-mail to people"/>
                <div class="stack">
                    <p class="hint">"Whether it went; what it says is between it and its reader."</p>
                    {log}
                </div>
            </Frame>
        }
        .into_any())
    })
}

fn logged(lines: Vec<Logged>, sentence: &'static str, times: &Times) -> AnyView {
    if lines.is_empty() {
        return view! { <Empty heading="Nothing was sent yet" sentence=sentence/> }.into_any();
    }
    log(lines, times)
}
