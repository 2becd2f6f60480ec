//! The form that changes what is said of a fix. After a stale edit both texts are shown.

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::fixes::Fix;
use notebook::fixes::drafts::Draft;
use notebook::id::{FindingId, FixId};
use notebook::retrials::acts::show_fix;

use super::fields::{FixFields, draft_of, finding_choices};
use crate::ask::{page, param};
use crate::form::{Form, FormState};
use crate::frame::{Crumb, Frame};
use crate::kept;
use crate::parts::choices::Choice;
use crate::parts::meanwhile::{Both, Meanwhile};
use crate::parts::page::PageHead;
use crate::paths;
use crate::safe::PageTitle;

#[component]
pub fn EditFixPage() -> impl IntoView {
    page(|desk| async move {
        let id: FixId = param("id", "fix")?;
        desk.may(Act::WriteFix)?;
        let fix = show_fix(&desk, id).await?.fix;
        let chosen: Vec<FindingId> = fix.findings.iter().copied().collect();
        let choices = finding_choices(&desk, &chosen).await?;
        Ok(shown(&fix, choices))
    })
}

fn shown(fix: &Fix, choices: Vec<Choice>) -> AnyView {
    let id = fix.id;
    let form = FormState::of(paths::edit_fix(id));
    let own = draft_of(fix);
    let meanwhile = kept::is_overtaken(&form.action).then(|| view! { <Meanwhile fields=both(&form, &own)/> });
    let version = kept::version(&form, &fix.version.to_string());
    let title = format!("Edit {id} · {}", fix.title);
    let crumbs = vec![
        Crumb { label: "Fixes".into(), href: Some(paths::fixes()) },
        Crumb { label: id.to_string(), href: Some(paths::fix(id)) },
        Crumb { label: "Edit".into(), href: None },
    ];
    view! {
        <Frame crumbs=crumbs>
            <PageTitle text=title/>
            <PageHead title=format!("Edit {id}") eyebrow=id.to_string()/>
            <div class="stack">
                <Form state=form.clone()>
                    <input type="hidden" name="version" value=version/>
                    {meanwhile}
                    <FixFields form=form own=own choices=choices/>
                    <div class="row">
                        <button class="primary">"Save fix"</button>
                        <a class="button" href=paths::fix(id)>"Keep it as it is"</a>
                    </div>
                </Form>
            </div>
        </Frame>
    }
    .into_any()
}

fn both(form: &FormState, own: &Draft) -> Vec<Both> {
    vec![
        Both::of("Title", form.value("title", ""), own.title.clone()),
        Both::of("What is changed, and why", form.value("summary", ""), own.summary.clone()),
        Both::of("Links", form.value("links", ""), own.links.clone()),
        Both::of("Findings", form.listed("findings", []).join(", "), own.findings.join(", ")),
    ]
}
