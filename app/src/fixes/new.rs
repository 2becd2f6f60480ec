//! The form for a new fix, begun from the finding it claims to remove.

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::fixes::drafts::Draft;
use notebook::id::FindingId;
use notebook::refusal::Refusal;

use super::fields::{FixFields, finding_choices};
use crate::ask::{page, query};
use crate::form::{Form, FormState};
use crate::frame::{Crumb, Frame};
use crate::parts::page::{Empty, PageHead};
use crate::paths;
use crate::safe::PageTitle;

#[component]
pub fn NewFixPage() -> impl IntoView {
    page(|desk| async move {
        desk.may(Act::WriteFix)?;
        let named = query("finding");
        let finding: Option<FindingId> = match named.trim() {
            "" => None,
            text => Some(text.parse().map_err(|_| Refusal::missing("finding", text))?),
        };
        let chosen: Vec<FindingId> = finding.into_iter().collect();
        let choices = finding_choices(&desk, &chosen).await?;
        let own = Draft { findings: chosen.iter().map(ToString::to_string).collect(), ..Draft::default() };
        let form = FormState::of(paths::fixes());
        let content = if choices.is_empty() {
            view! {
                <Empty heading="No finding to fix yet" sentence="A fix claims to remove a finding; write that one first.">
                    <a class="button primary" href=paths::new_finding_without_run()>"New finding"</a>
                </Empty>
            }
            .into_any()
        } else {
            view! {
                <Form state=form.clone()>
                    <FixFields form=form own=own choices=choices/>
                    <div class="row"><button class="primary">"Propose fix"</button></div>
                </Form>
            }
            .into_any()
        };
        let crumbs = vec![
            Crumb { label: "Fixes".into(), href: Some(paths::fixes()) },
            Crumb { label: "Propose fix".into(), href: None },
        ];
        Ok(view! {
            <Frame crumbs=crumbs>
                <PageTitle text="Propose fix"/>
                <PageHead title="Propose fix"/>
                {content}
            </Frame>
        }
        .into_any())
    })
}
