//! The form that changes what is said of a finding. After a stale edit both texts are shown.

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::findings::drafts::Draft;
use notebook::findings::{Finding, FindingKind, Severity};
use notebook::id::FindingId;
use notebook::{fixes, retrials, runs};

use super::fields::{FindingFields, Offer, draft_of, fix_options};
use super::new::service_choices;
use super::revealing;
use crate::ask::{page, param};
use crate::form::{Form, FormState};
use crate::frame::{Crumb, Frame};
use crate::kept;
use crate::parts::meanwhile::{Both, Meanwhile};
use crate::parts::page::PageHead;
use crate::paths;
use crate::safe::PageTitle;

#[component]
pub fn EditFindingPage() -> impl IntoView {
    page(|desk| async move {
        let id: FindingId = param("id", "finding")?;
        desk.may(Act::WriteFinding)?;
        let finding = retrials::acts::show_finding(&desk, id).await?.finding;
        let origin = match finding.origin {
            Some(run) => Some(runs::acts::show(&desk, run).await?.facts),
            None => None,
        };
        let own = draft_of(&finding);
        let (fixes, _) = retrials::acts::fixes(&desk, &fixes::acts::Filter::default()).await?;
        let fixes: Vec<_> = fixes.into_iter().map(|row| row.fix).collect();
        let offer = Offer {
            revealing: origin.as_ref().map(revealing::options).unwrap_or_default(),
            environments: Vec::new(),
            services: service_choices(&desk).await?,
            fixes: fix_options(&fixes, &own.introduced_by),
        };
        let form = FormState::of(paths::edit_finding(id));
        let meanwhile =
            kept::is_overtaken(&form.action).then(|| view! { <Meanwhile fields=both(&form, &own, &offer)/> });
        Ok(shown(&finding, form, own, offer, meanwhile.into_any()))
    })
}

fn shown(finding: &Finding, form: FormState, own: Draft, offer: Offer, meanwhile: AnyView) -> AnyView {
    let id = finding.id;
    let crumbs = vec![
        Crumb { label: "Findings".into(), href: Some(paths::findings()) },
        Crumb { label: id.to_string(), href: Some(paths::finding(id)) },
        Crumb { label: "Edit".into(), href: None },
    ];
    let version = kept::version(&form, &finding.version.to_string());
    let title = format!("Edit {id} · {}", finding.title);
    view! {
        <Frame crumbs=crumbs>
            <PageTitle text=title/>
            <PageHead title=format!("Edit {id}") eyebrow=id.to_string()/>
            <div class="stack">
                <Form state=form.clone()>
                    <input type="hidden" name="version" value=version/>
                    {meanwhile}
                    <FindingFields form=form own=own offer=offer/>
                    <div class="row">
                        <button class="primary">"Save finding"</button>
                        <a class="button" href=paths::finding(id)>"Keep it as it is"</a>
                    </div>
                </Form>
            </div>
        </Frame>
    }
    .into_any()
}

/// What was typed and what is there, in words.
fn both(form: &FormState, own: &Draft, offer: &Offer) -> Vec<Both> {
    let kind = |word: &str| FindingKind::named(word).map_or_else(|_| word.to_owned(), |kind| kind.label().to_owned());
    let severity =
        |word: &str| Severity::named(word).map_or_else(|_| word.to_owned(), |known| known.label().to_owned());
    let of = |options: &[(String, String)], value: &str| {
        let known = options.iter().find(|(option, _)| option == value);
        known.map_or_else(|| value.to_owned(), |(_, words)| words.clone())
    };
    let typed = |field: &str| form.value(field, "");
    let condition = |condition: &str, on: &str| match condition {
        "any" => "any target".to_owned(),
        other => format!("{other}: {on}"),
    };
    vec![
        Both::of("Title", typed("title"), own.title.clone()),
        Both::of("Kind", kind(&typed("kind")), kind(&own.kind)),
        Both::of("Severity", severity(&typed("severity")), severity(&own.severity)),
        Both::of("What was seen", typed("summary"), own.summary.clone()),
        Both::of("Revealed by", of(&offer.revealing, &typed("revealing")), of(&offer.revealing, &own.revealing)),
        Both::of(
            "Which targets show it",
            condition(&typed("condition"), &typed("condition_on")),
            condition(&own.condition, &own.condition_on),
        ),
        Both::of("Services", form.listed("services", []).join(", "), own.services.join(", ")),
        Both::of("Introduced by", of(&offer.fixes, &typed("introduced_by")), of(&offer.fixes, &own.introduced_by)),
    ]
}
