//! Services, their targets and changes, and the environments they run in.

use app::paths;
use axum::response::Response;
use notebook::{
    actor::Act,
    answer::Answer,
    desk::Desk,
    fault::Error,
    refusal::Refusal,
    retrials::{self, coverage::Map},
    search::lists,
    services::{
        Change, ChangeDraft, Environment, EnvironmentDraft, Service, ServiceDraft, Source, Target, TargetsDraft, acts,
        frequency::Frequency,
        irrelevant::MarkDraft,
        ownership::{Ownership, OwnershipDraft},
    },
    shapes::{Limit, Param, Tick},
    text::Slug,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::asked::{self, Asking};
use crate::{
    api::Api,
    operations::{Doors, act, look},
    paging::List,
    reply::{At, Door},
};

pub fn doors() -> Doors {
    Doors::of("services", "Things that can break, with their targets.")
        .names::<Slug>("slug", "The service's slug.")
        .read("/services", list, look("list", "List services by slug.").pages::<Asked>().answers::<Listed>())
        .read(
            "/services/{slug}",
            show,
            look("show", "Show a service with its targets and newest changes.").versioned::<Whole>(),
        )
        .act(
            "/services/add",
            add,
            act("add", Act::EditServices, "Add a service.")
                .takes::<ServiceDraft>()
                .without(&["version"])
                .creates::<Service>(),
        )
        .act(
            "/services/{slug}/edit",
            edit,
            act("edit", Act::EditServices, "Change a service; its slug stays.")
                .takes::<ServiceDraft>()
                .edits::<Service>(),
        )
        .act(
            "/services/{slug}/set-targets",
            set_targets,
            act("set_targets", Act::EditServices, "Replace all targets of a service.")
                .takes::<TargetsDraft>()
                .edits::<Vec<Target>>(),
        )
        .act(
            "/services/{slug}/record-change",
            record_change,
            act("record_change", Act::RecordChange, "Record a change that affects this service.")
                .takes::<ChangeDraft>()
                .creates::<Change>()
                .more("The service in the address counts as affected whether the field `services` names it or not."),
        )
        .act(
            "/services/{slug}/confirm-ownership",
            confirm_ownership,
            act("confirm_ownership", Act::ConfirmOwnership, "Say that a service's owner is right.")
                .takes::<OwnershipDraft>()
                .answers::<Service>(),
        )
        .and(coverage_doors())
        .and(environment_doors())
        .and(change_doors())
}

fn coverage_doors() -> Doors {
    Doors::of("coverage", "What was tried on which service.").read(
        "/coverage",
        coverage,
        look("show", "Show services with the newest run of each fault, the blind spots first.")
            .asks::<AskedCoverage>()
            .answers::<Map>(),
    )
}

fn environment_doors() -> Doors {
    Doors::of("environments", "Places where services run.")
        .names::<Slug>("slug", "The environment's slug.")
        .read(
            "/environments",
            environments,
            look("list", "List environments, production first.").answers::<Environments>(),
        )
        .read("/environments/{slug}", environment, look("show", "Show an environment.").versioned::<Environment>())
        .act(
            "/environments/add",
            add_environment,
            act("add", Act::ManageEnvironments, "Add an environment.")
                .takes::<EnvironmentDraft>()
                .without(&["version"])
                .creates::<Environment>(),
        )
        .act(
            "/environments/{slug}/edit",
            edit_environment,
            act("edit", Act::ManageEnvironments, "Change an environment; its slug stays.")
                .takes::<EnvironmentDraft>()
                .edits::<Environment>(),
        )
}

fn change_doors() -> Doors {
    Doors::of("changes", "Recorded deploys, pushes, version and topology changes. They make older passes stale.")
        .names::<i64>("id", "The change's number.")
        .read(
            "/changes",
            changes,
            look("list", "List recorded changes, the last written first.").pages::<AskedChanges>().answers::<Changes>(),
        )
        .read("/changes/{id}", change, look("show", "Show a recorded change.").answers::<Change>())
        .program(
            "/changes",
            record_any_change,
            act("record", Act::RecordChange, "Record a change, from a pipeline.")
                .takes::<ChangeDraft>()
                .creates::<Change>(),
        )
        .act(
            "/changes/{id}/mark-irrelevant",
            mark_irrelevant,
            act("mark_irrelevant", Act::JudgeChange, "Say that a change means nothing for what was shown before.")
                .takes::<MarkDraft>()
                .more("It stays recorded and makes nothing stale, whichever experiment looks at it."),
        )
        .act(
            "/changes/{id}/mark-relevant",
            mark_relevant,
            act("mark_relevant", Act::JudgeChange, "Take back that a change is irrelevant.").takes::<MarkDraft>(),
        )
}

/// A form sent twice leads to a page; the notebook names what the first one made by its slug only.
pub(super) fn found_at(error: Error, page: impl FnOnce(&str) -> String) -> Error {
    match error {
        Error::Refused(Refusal::Done { thing }) => {
            Refusal::Done { thing: page(&thing).trim_start_matches('/').to_owned() }.into()
        }
        other => other,
    }
}

// --- services

async fn add(door: Door) -> Response {
    let page = |thing: &str| Slug::new(thing).map_or_else(|_| paths::services(), |slug| paths::service(&slug));
    let done = |service: &Service| (paths::service(&service.slug), format!("{} is added.", service.name));
    door.page(paths::new_service())
        .make(|desk, draft| async move { acts::add(&desk, &draft).await.map_err(|error| found_at(error, page)) }, done)
        .await
}

async fn edit(At(slug): At<Slug>, door: Door) -> Response {
    let page = paths::service(&slug);
    let done = |service: &Service| (paths::service(&service.slug), format!("{} is saved.", service.name));
    door.page(paths::edit_service(&slug))
        .run(
            |desk, draft| async move {
                acts::edit(&desk, slug.as_str(), &draft).await.map_err(|error| found_at(error, |_| page))
            },
            done,
        )
        .await
}

async fn set_targets(At(slug): At<Slug>, door: Door) -> Response {
    let page = paths::service(&slug);
    let (after, place) = (page.clone(), page.clone());
    let done = |targets: &Vec<Target>| (after, format!("Targets saved: {} in all.", targets.len()));
    door.page(place)
        .run(
            |desk, draft| async move {
                acts::set_targets(&desk, slug.as_str(), &draft).await.map_err(|error| found_at(error, |_| page))
            },
            done,
        )
        .await
}

async fn confirm_ownership(At(slug): At<Slug>, door: Door) -> Response {
    let page = paths::service(&slug);
    let place = page.clone();
    let done = |service: &Service| (paths::service(&service.slug), "The owner is confirmed.");
    let act = |desk, draft: OwnershipDraft| async move {
        acts::confirm_ownership(&desk, slug.as_str(), &draft).await.map_err(|error| found_at(error, |_| page))
    };
    door.page(place).run(act, done).await
}

/// The service in the address is affected, whether the fields name it or not.
async fn record_change(At(slug): At<Slug>, door: Door) -> Response {
    let page = paths::service(&slug);
    let (after, place) = (page.clone(), page.clone());
    let done = |change: &Change| (after, format!("{} recorded.", change.kind.label()));
    let act = |desk, mut draft: ChangeDraft| async move {
        if !draft.services.iter().any(|named| named == slug.as_str()) {
            draft.services.push(slug.into());
        }
        acts::record_change(&desk, &draft).await.map_err(|error| found_at(error, |_| page))
    };
    door.page(place).make_at(act, done, |change| paths::change(change.id)).await
}

/// For pipelines: the services stand in the body.
async fn record_any_change(door: Door) -> Response {
    let done = |_: &Change| (paths::services(), "Change recorded.");
    door.page(paths::services())
        .make_at(
            |desk, draft| async move { acts::record_change(&desk, &draft).await },
            done,
            |change| paths::change(change.id),
        )
        .await
}

async fn mark_irrelevant(At(id): At<i64>, door: Door) -> Response {
    let act = |desk: Desk, draft: MarkDraft| async move {
        acts::mark_irrelevant(&desk, id, &draft).await.map_err(|error| found_at(error, |_| paths::change(id)))
    };
    door.page(paths::change(id)).run(act, |()| (paths::change(id), "The change is marked irrelevant.")).await
}

async fn mark_relevant(At(id): At<i64>, door: Door) -> Response {
    let act = |desk: Desk, draft: MarkDraft| async move {
        acts::mark_relevant(&desk, id, &draft).await.map_err(|error| found_at(error, |_| paths::change(id)))
    };
    door.page(paths::change(id)).run(act, |()| (paths::change(id), "The change counts again.")).await
}

// --- environments

async fn add_environment(door: Door) -> Response {
    let done = |environment: &Environment| (paths::environments(), format!("{} is added.", environment.name));
    let act = |desk, draft| async move {
        acts::add_environment(&desk, &draft).await.map_err(|error| found_at(error, |_| paths::environments()))
    };
    door.page(paths::environments()).make_at(act, done, |made| paths::environment(&made.slug)).await
}

async fn edit_environment(At(slug): At<Slug>, door: Door) -> Response {
    let done = |environment: &Environment| (paths::environments(), format!("{} is saved.", environment.name));
    let act = |desk, draft| async move {
        acts::edit_environment(&desk, slug.as_str(), &draft)
            .await
            .map_err(|error| found_at(error, |_| paths::environments()))
    };
    door.page(paths::environments()).run(act, done).await
}

// --- for programs

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Asked {
    /// A query in the language of the search page.
    #[schemars(with = "Param<String>")]
    q: String,
    /// `on` for those whose owner nobody confirmed for 180 days.
    #[schemars(with = "Param<Tick>")]
    confirm: String,
    /// The last slug on the page before.
    #[schemars(with = "Param<Slug>")]
    after: String,
    /// Services on the page.
    #[schemars(with = "Param<Limit>")]
    limit: String,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Services")]
struct Listed {
    services: Vec<acts::Row>,
    /// Whether there is a next page.
    more: bool,
    /// How many things are left out of this page because something of them cannot be read, so that nobody can say
    /// whether they are asked for.
    unreadable: usize,
}

async fn list(Asking(asked): Asking<Asked>, list: List) -> Response {
    let listed = async {
        let after = asked::slug(&asked.after, "after")?;
        let to_confirm = asked::flag(&asked.confirm, "confirm")?;
        let filter = acts::Filter { after, to_confirm, rows: asked::rows(&asked.limit)? };
        let (services, last, unreadable) =
            lists::services(list.desk(), &asked::query(list.desk(), &asked.q).await?, &filter).await?;
        Ok((Listed { services, more: last.is_some(), unreadable }, last.map(|slug| slug.to_string())))
    };
    let listed = listed.await;
    list.answer("after", listed)
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ServiceWhole")]
struct Whole {
    service: Service,
    ownership: Answer<Ownership>,
    frequency: Frequency,
    /// The entry of another catalogue it was imported from.
    source: Option<Source>,
    needed_by: Vec<Slug>,
    targets: Vec<Target>,
    /// The newest, newest first.
    changes: Vec<Change>,
}

async fn show(At(slug): At<Slug>, api: Api) -> Response {
    let whole = acts::show(&api.desk, slug.as_str()).await.map(|shown| Whole {
        targets: shown.targets().cloned().collect(),
        service: shown.service,
        ownership: shown.ownership,
        frequency: shown.frequency,
        source: shown.source,
        needed_by: shown.needed_by,
        changes: shown.changes,
    });
    api.thing(whole, |whole| whole.service.version)
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct AskedCoverage {
    /// Only services after this one: `next` of the page before.
    #[schemars(with = "Param<Slug>")]
    after: String,
}

async fn coverage(Asking(asked): Asking<AskedCoverage>, api: Api) -> Response {
    let map = async {
        let after = asked::slug(&asked.after, "after")?;
        retrials::acts::coverage_after(&api.desk, after.as_ref()).await
    };
    let map = map.await;
    api.answer(map)
}

#[derive(Serialize, JsonSchema)]
struct Environments {
    environments: Vec<Environment>,
}

async fn environments(api: Api) -> Response {
    let list = acts::environments(&api.desk).await.map(|environments| Environments { environments });
    api.answer(list)
}

async fn environment(At(slug): At<Slug>, api: Api) -> Response {
    let environment = acts::environment(&api.desk, &slug).await;
    api.thing(environment, |environment| environment.version)
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct AskedChanges {
    /// Only changes that affect this service.
    #[schemars(with = "Param<Slug>")]
    service: String,
    /// Only changes in this environment.
    #[schemars(with = "Param<Slug>")]
    environment: String,
    /// The number of the last change on the page before.
    #[schemars(with = "Param<i64>")]
    before: String,
    /// Changes on the page.
    #[schemars(with = "Param<Limit>")]
    limit: String,
}

#[derive(Serialize, JsonSchema)]
struct Changes {
    changes: Vec<Change>,
    /// Whether there are older ones.
    more: bool,
}

async fn changes(Asking(asked): Asking<AskedChanges>, list: List) -> Response {
    let listed = async {
        let filter = acts::ChangeFilter {
            before: asked::id(&asked.before, "before", "is no change's number")?,
            service: asked::slug(&asked.service, "service")?,
            environment: asked::slug(&asked.environment, "environment")?,
            rows: asked::rows(&asked.limit)?,
        };
        let (changes, more) = acts::changes(list.desk(), &filter).await?;
        let last = changes.last().filter(|_| more).map(|change| change.id.to_string());
        Ok((Changes { changes, more }, last))
    };
    let listed = listed.await;
    list.answer("before", listed)
}

async fn change(At(id): At<i64>, api: Api) -> Response {
    let change = acts::change(&api.desk, id).await;
    api.answer(change)
}
