//! Services, their targets and changes, and the environments they run in.

use app::paths;
use axum::{
    Router,
    extract::Query,
    response::Response,
    routing::{MethodRouter, get, post},
};
use notebook::{
    fault::{Error, Result},
    refusal::Refusal,
    services::{Change, ChangeDraft, Environment, Service, Target, acts},
    text::Slug,
};
use serde::{Deserialize, Serialize};

use crate::{
    api::Api,
    reply::{At, Door},
    state::AppState,
};

/// The same doors for forms and for programs, and what programs read.
pub fn routes() -> Router<AppState> {
    let acts = ["", "/api/v1"].iter().fold(Router::new(), |router, face| {
        doors().into_iter().fold(router, |router, (path, door)| router.route(&format!("{face}{path}"), door))
    });
    acts.route("/api/v1/changes", post(record_any_change))
        .route("/api/v1/services", get(list))
        .route("/api/v1/services/{slug}", get(show))
        .route("/api/v1/environments", get(environments))
        .route("/api/v1/environments/{slug}", get(environment))
}

fn doors() -> [(&'static str, MethodRouter<AppState>); 6] {
    [
        ("/services/add", post(add)),
        ("/services/{slug}/edit", post(edit)),
        ("/services/{slug}/set-targets", post(set_targets)),
        ("/services/{slug}/record-change", post(record_change)),
        ("/environments/add", post(add_environment)),
        ("/environments/{slug}/edit", post(edit_environment)),
    ]
}

/// A form sent twice leads to a page; the notebook names what the first one made by its slug only.
fn found_at(error: Error, page: impl FnOnce(&str) -> String) -> Error {
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

/// `?q=` part of name, slug or owner; `?after=` the last slug of the page before.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    q: String,
    after: String,
}

#[derive(Serialize)]
struct Listed {
    services: Vec<acts::Row>,
    /// Whether there is a next page.
    more: bool,
}

async fn list(Query(asked): Query<Asked>, api: Api) -> Response {
    let filter = acts::Filter { after: Slug::new(&asked.after).ok(), text: asked.q };
    let listed = acts::list(&api.desk, &filter).await.map(|(services, more)| Listed { services, more });
    api.answer(listed)
}

#[derive(Serialize)]
struct Whole {
    service: Service,
    needed_by: Vec<Slug>,
    targets: Vec<Target>,
    /// The newest, newest first.
    changes: Vec<Change>,
}

async fn show(At(slug): At<Slug>, api: Api) -> Response {
    let whole = acts::show(&api.desk, slug.as_str()).await.map(|shown| Whole {
        targets: shown.targets().cloned().collect(),
        service: shown.service,
        needed_by: shown.needed_by,
        changes: shown.changes,
    });
    api.thing(whole, |whole| whole.service.version)
}

async fn environments(api: Api) -> Response {
    let list: Result<Vec<Environment>> = acts::environments(&api.desk).await;
    api.answer(list)
}

async fn environment(At(slug): At<Slug>, api: Api) -> Response {
    let found = acts::environment(&api.desk, &slug).await;
    api.thing(found, |environment| environment.version)
}
