//! Templates: plans to begin from, and approved plans that become one.

use app::paths;
use axum::response::Response;
use notebook::{
    actor::Act,
    experiments::Draft,
    id::ExperimentId,
    shapes::{Param, Tick},
    templates::{
        Origin, Requirement, Template, TemplateName,
        acts::{self, Filter},
        drafts::{PromoteDraft, ReasonDraft, RenewDraft},
    },
    text::{Note, Slug, Title},
    time::Moment,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    asked::{self, Asking},
    services::found_at,
};
use crate::{
    api::Api,
    openapi::in_words,
    operations::{Doors, act, look},
    reply::{At, Door},
};

pub fn doors() -> Doors {
    Doors::of("templates", "Plans to begin from.")
        .names::<Slug>("slug", "The template's slug.")
        .names::<i64>("number", "The version's number.")
        .names::<ExperimentId>("id", "The experiment's id.")
        .read(
            "/templates",
            list,
            look("list", "List templates: those of this notebook, then those that come with Retrial.")
                .asks::<Asked>()
                .answers::<Listed>(),
        )
        .read(
            "/templates/{slug}",
            show,
            look("show", "Show a template with the plan it begins with.").versioned::<Whole>(),
        )
        .read(
            "/templates/{slug}/versions/{number}",
            show_version,
            look("show_version", "Show one version of a template.").answers::<Told>(),
        )
        .act(
            "/experiments/{id}/promote",
            promote,
            act("promote", Act::WriteTemplate, "Make a template of an experiment's approved plan.")
                .takes::<PromoteDraft>()
                .creates::<Told>()
                .more(
                    "Services, environment, targets by name, traffic, who reverts, and how one installation injects and measures are left out.",
                ),
        )
        .act(
            "/templates/{slug}/renew",
            renew,
            act("renew", Act::WriteTemplate, "Add a version of a template out of an approved plan.")
                .takes::<RenewDraft>()
                .edits::<Told>()
                .more("Experiments that began from an earlier version keep that."),
        )
        .act(
            "/templates/{slug}/retire",
            retire,
            act("retire", Act::RetireTemplate, "Take a template out of use.")
                .takes::<ReasonDraft>()
                .needs(&["reason"])
                .answers::<Told>(),
        )
        .act(
            "/templates/{slug}/reopen",
            reopen,
            act("reopen", Act::RetireTemplate, "Bring a retired template back.")
                .takes::<ReasonDraft>()
                .answers::<Told>(),
        )
}

async fn promote(At(id): At<ExperimentId>, door: Door) -> Response {
    let page = |thing: &str| Slug::new(thing).map_or_else(|_| paths::templates(), |slug| paths::template(&slug));
    let done = |told: &Told| (paths::template(&told.slug), format!("{} is a template now.", told.title));
    let act = |desk, draft: PromoteDraft| async move {
        acts::promote(&desk, id, &draft).await.map(Told::from).map_err(|error| found_at(error, page))
    };
    door.page(paths::promote(id)).make(act, done).await
}

async fn renew(At(slug): At<Slug>, door: Door) -> Response {
    let page = paths::template(&slug);
    let done = |told: &Told| (paths::template(&told.slug), format!("{} is saved.", told.template));
    door.page(paths::renew_template(&slug))
        .run(
            |desk, draft: RenewDraft| async move {
                let renewed = acts::renew(&desk, slug.as_str(), &draft).await.map(Told::from);
                renewed.map_err(|error| found_at(error, |_| page))
            },
            done,
        )
        .await
}

async fn retire(At(slug): At<Slug>, door: Door) -> Response {
    let page = paths::template(&slug);
    let (after, place) = (page.clone(), page.clone());
    let done = |told: &Told| (after, format!("{} is retired.", told.title));
    door.page(place)
        .run(
            |desk, draft: ReasonDraft| async move {
                let retired = acts::retire(&desk, slug.as_str(), &draft).await.map(Told::from);
                retired.map_err(|error| found_at(error, |_| page))
            },
            done,
        )
        .await
}

async fn reopen(At(slug): At<Slug>, door: Door) -> Response {
    let page = paths::template(&slug);
    let (after, place) = (page.clone(), page.clone());
    let done = |told: &Told| (after, format!("{} is back.", told.title));
    door.page(place)
        .run(
            |desk, draft: ReasonDraft| async move {
                let back = acts::reopen(&desk, slug.as_str(), &draft).await.map(Told::from);
                back.map_err(|error| found_at(error, |_| page))
            },
            done,
        )
        .await
}

// --- for programs

/// One version of a template, without its plan.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TemplateLine")]
struct Line {
    template: TemplateName,
    slug: Slug,
    /// The number of this version.
    version: i64,
    title: Title,
    about: Option<Note>,
    /// The kind of its fault.
    fault: Option<Slug>,
    requires: Vec<Requirement>,
    origin: Origin,
    retired_at: Option<Moment>,
}

impl From<&Template> for Line {
    fn from(template: &Template) -> Self {
        Self {
            template: template.name.clone(),
            slug: template.name.slug.clone(),
            version: template.name.version,
            title: template.title.clone(),
            about: template.about.clone(),
            fault: template.fault(),
            requires: template.requires.iter().copied().collect(),
            origin: template.origin,
            retired_at: template.retired_at,
        }
    }
}

/// One version of a template with the plan it begins with.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Template")]
struct Told {
    template: TemplateName,
    slug: Slug,
    title: Title,
    about: Option<Note>,
    requires: Vec<Requirement>,
    origin: Origin,
    retired_at: Option<Moment>,
    /// As a new experiment is sent, once services are named.
    #[schemars(schema_with = "in_words::<Draft>")]
    text: Draft,
    /// The number of this version.
    version: i64,
    /// The number of the newest one.
    newest: i64,
}

impl From<Template> for Told {
    fn from(template: Template) -> Self {
        Self {
            slug: template.name.slug.clone(),
            version: template.name.version,
            text: template.begin_on("", ""),
            template: template.name,
            title: template.title,
            about: template.about,
            requires: template.requires.into_iter().collect(),
            origin: template.origin,
            retired_at: template.retired_at,
            newest: template.newest,
        }
    }
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Asked {
    /// Only templates with this kind of fault.
    #[schemars(with = "Param<Slug>")]
    fault: String,
    /// Only templates that ask this of a service.
    #[schemars(with = "Param<Requirement>")]
    requires: String,
    /// `on` for the retired ones instead of the others.
    #[schemars(with = "Param<Tick>")]
    retired: String,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Templates")]
struct Listed {
    templates: Vec<Line>,
}

async fn list(Asking(asked): Asking<Asked>, api: Api) -> Response {
    let listed = async {
        let filter = Filter {
            fault: asked::slug(&asked.fault, "fault")?,
            requires: asked::word(&asked.requires, "requires", Requirement::named)?,
            retired: asked::flag(&asked.retired, "retired")?,
        };
        let templates = acts::list(&api.desk, &filter).await?;
        Ok(Listed { templates: templates.iter().map(Line::from).collect() })
    };
    let listed = listed.await;
    api.answer(listed)
}

/// An experiment that began from a template.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TemplateUse")]
struct Use {
    experiment: ExperimentId,
    title: Title,
    version: i64,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "TemplateWhole")]
struct Whole {
    template: Told,
    /// The newest first.
    uses: Vec<Use>,
}

async fn show(At(slug): At<Slug>, api: Api) -> Response {
    let whole = acts::show(&api.desk, slug.as_str(), None).await.map(|shown| Whole {
        template: shown.template.into(),
        uses: shown.uses.into_iter().map(|(experiment, title, version)| Use { experiment, title, version }).collect(),
    });
    api.thing(whole, |whole| whole.template.newest)
}

async fn show_version(At((slug, number)): At<(Slug, i64)>, api: Api) -> Response {
    let version = acts::show(&api.desk, slug.as_str(), Some(number)).await.map(|shown| Told::from(shown.template));
    api.answer(version)
}
