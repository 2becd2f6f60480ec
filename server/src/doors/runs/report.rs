//! A run on one page, for people who are not engineers.

use axum::response::Response;
use notebook::{
    id::RunId,
    reports::{self, Report},
};

use crate::{
    api::Api,
    operations::{Doors, look},
    reply::At,
};

pub(super) fn doors() -> Doors {
    super::of_runs().read(
        "/runs/{id}/report",
        report,
        look(
            "report",
            "Tell a run in whole sentences: what was promised, tried, observed, changed and proven, and what it cost.",
        )
        .answers::<Report>(),
    )
}

async fn report(At(id): At<RunId>, api: Api) -> Response {
    let told = reports::of_run(&api.desk, id).await;
    api.answer(told)
}
