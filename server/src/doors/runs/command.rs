//! How the command under a run ended.

use axum::response::Response;
use notebook::{
    actor::Act,
    desk::Desk,
    id::RunId,
    runs::{Run, acts, drafts::CodeDraft},
};

use super::{of_runs, on};
use crate::{
    operations::{Doors, act},
    reply::{At, Door},
};

pub(super) fn doors() -> Doors {
    of_runs().act(
        "/runs/{id}/tell-exit-code",
        tell_exit_code,
        act("tell_exit_code", Act::RecordRun, "Tell what the command under a run ended with.")
            .takes::<CodeDraft>()
            .answers::<Run>()
            .more("Where the run's revision says what the code means, that is proposed for what nobody answered; a person signs. `retrial exec` sends it."),
    )
}

async fn tell_exit_code(At(id): At<RunId>, door: Door) -> Response {
    let act = |desk: Desk, draft: CodeDraft| async move { acts::tell_exit_code(&desk, id, &draft).await };
    on(id, door, "#log", "Exit code written down.", act).await
}
