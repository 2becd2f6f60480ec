//! The steps of a run's method, as they are begun and done.

use axum::response::Response;
use notebook::{
    actor::Act,
    desk::Desk,
    id::RunId,
    runs::{Run, acts, drafts::StepDraft},
};

use super::{of_runs, on};
use crate::{
    operations::{Doors, act},
    reply::{At, Door},
};

pub(super) fn doors() -> Doors {
    of_runs()
        .act(
            "/runs/{id}/begin-step",
            begin_step,
            act("begin_step", Act::RecordRun, "Record that a step of the method began.")
                .takes::<StepDraft>()
                .answers::<Run>(),
        )
        .act(
            "/runs/{id}/end-step",
            end_step,
            act("end_step", Act::RecordRun, "Record that a step of the method is done.")
                .takes::<StepDraft>()
                .answers::<Run>(),
        )
}

async fn begin_step(At(id): At<RunId>, door: Door) -> Response {
    let act = |desk: Desk, draft: StepDraft| async move { acts::begin_step(&desk, id, &draft).await };
    on(id, door, "#method", "Step begun.", act).await
}

async fn end_step(At(id): At<RunId>, door: Door) -> Response {
    let act = |desk: Desk, draft: StepDraft| async move { acts::end_step(&desk, id, &draft).await };
    on(id, door, "#method", "Step done.", act).await
}
