//! What was seen before that is like what is being written, and what one puts aside of it, for programs.

use app::paths;
use axum::response::Response;
use notebook::{
    actor::Act,
    id::{ExperimentId, RunId},
    retrials::seen::Writing,
    search::{
        aside::{self, AsideDraft},
        seen_before::{Own, SeenBefore, seen_before, slugs},
    },
    shapes::Param,
    text::Slug,
};
use schemars::JsonSchema;
use serde::Deserialize;

use super::asked::{self, Asking};
use crate::{
    api::Api,
    operations::{Doors, act, look},
    reply::Door,
};

pub fn doors() -> Doors {
    Doors::of("seen", "What was seen before.")
        .read(
            "/seen",
            show,
            look("show", "Show findings, observations and experiments that are like what is being written, the most alike first.")
                .asks::<Asked>()
                .answers::<SeenBefore>()
                .more("On the same services, with the same fault, or in several of the same words. It says what is alike; people say what is the same."),
        )
        // In a browser these are buttons of the form that somebody types into, which comes again with what was typed.
        .program(
            "/seen/put-aside",
            put_aside,
            act("put_aside", Act::Look, "Put one thing aside: it is shown to you as seen before no more.")
                .takes::<AsideDraft>(),
        )
        .program(
            "/seen/take-back",
            take_back,
            act("take_back", Act::Look, "Take back all that you put aside: it is shown again."),
        )
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Asked {
    /// Slugs of services, separated by commas.
    services: String,
    /// The kind of the fault.
    #[schemars(with = "Param<Slug>")]
    fault: String,
    /// Title, question, or what was seen.
    words: String,
    /// The experiment that is being written, which is like itself.
    #[schemars(with = "Param<ExperimentId>")]
    own: String,
    /// The run that a finding begins from, whose notes are no news.
    #[schemars(with = "Param<RunId>")]
    run: String,
}

async fn show(Asking(asked): Asking<Asked>, api: Api) -> Response {
    let seen = async {
        let own = Own {
            experiment: asked::id(&asked.own, "own", "is no experiment's id")?,
            run: asked::id(&asked.run, "run", "is no run's id")?,
        };
        let fault = asked::slug(&asked.fault, "fault")?;
        let writing = Writing { services: slugs(asked.services.split(',')), fault, words: asked.words };
        seen_before(&api.desk, &writing, own).await
    };
    let seen = seen.await;
    api.answer(seen)
}

async fn put_aside(door: Door) -> Response {
    door.run(
        |desk, draft: AsideDraft| async move { aside::put_aside(&desk, &draft).await },
        |()| (paths::today(), "Put aside."),
    )
    .await
}

async fn take_back(door: Door) -> Response {
    door.act(|desk| async move { aside::take_back(&desk).await }, |()| (paths::today(), "All of it is shown again."))
        .await
}
