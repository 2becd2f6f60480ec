//! The weekly digest, for programs.

use axum::response::Response;
use notebook::notifications::{acts, digest::Digest};

use crate::{
    api::Api,
    operations::{Doors, look},
};

pub fn doors() -> Doors {
    Doors::of("digest", "What a week came to, and what comes next.").read(
        "/digest",
        show,
        look("show", "Show the newest weekly digest by your own clock.")
            .answers::<Digest>()
            .more("It is told on Mondays at 8:00. `due`, `unverified`, `budget` and `next` are as they are now; `more` says how many a part leaves out."),
    )
}

async fn show(api: Api) -> Response {
    let digest = acts::digest(&api.desk).await;
    api.answer(digest)
}
