//! Saved views: queries under a name.

use app::paths;
use axum::response::Response;
use notebook::{
    actor::Act,
    views::{View, acts, drafts::Draft},
};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    api::Api,
    operations::{Doors, act, look},
    reply::{At, Door},
};

pub fn doors() -> Doors {
    Doors::of("views", "Queries under a name, of one person or of a team.")
        .names::<i64>("id", "The view's number.")
        .read(
            "/views",
            list,
            look("list", "List your own views and those of teams, the pinned ones first.").answers::<Listed>(),
        )
        .act(
            "/views",
            save,
            act(
                "save",
                Act::SaveView,
                "Save a query under a name; with `replace`, in place of your view of the same name.",
            )
            .takes::<Draft>()
            .without(&["version"])
            .answers::<View>(),
        )
        .act(
            "/views/{id}/edit",
            change,
            act("edit", Act::SaveView, "Change one of your views, or a team's if you may change teams.")
                .takes::<Draft>()
                .without(&["replace"])
                .edits::<View>(),
        )
        .act(
            "/views/{id}/drop",
            drop_view,
            act("drop", Act::DropView, "Drop one of your views, or a team's if you may change teams."),
        )
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "SavedViews")]
struct Listed {
    views: Vec<View>,
}

async fn list(api: Api) -> Response {
    let views = acts::list(&api.desk).await.map(|views| Listed { views });
    api.answer(views)
}

async fn save(door: Door) -> Response {
    let done = |view: &View| (paths::opened(view), format!("\"{}\" is saved.", view.name));
    door.page(paths::search()).run(|desk, draft: Draft| async move { acts::save(&desk, &draft).await }, done).await
}

async fn change(At(id): At<i64>, door: Door) -> Response {
    let done = |view: &View| (paths::opened(view), format!("\"{}\" is changed.", view.name));
    door.page(paths::search())
        .run(|desk, draft: Draft| async move { acts::change(&desk, id, &draft).await }, done)
        .await
}

async fn drop_view(At(id): At<i64>, door: Door) -> Response {
    let done = |(): &()| (paths::search(), "The view is dropped.");
    door.page(paths::search()).act(|desk| async move { acts::drop_view(&desk, id).await }, done).await
}
