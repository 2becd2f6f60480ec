//! Who is on a run, what they say to its start, and what a second person answers to its gate.

use axum::response::Response;
use notebook::{
    actor::Act,
    desk::Desk,
    gate::drafts::{AttendDraft, LooksDraft, PollDraft, ReplyDraft},
    id::RunId,
    runs::{Run, acts},
};

use super::{of_runs, on};
use crate::{
    operations::{Doors, act},
    reply::{At, Door},
};

pub(super) fn doors() -> Doors {
    of_runs()
        .act(
            "/runs/{id}/attend",
            attend,
            act("attend", Act::Attend, "Mark a person's parts on a run, and whether they are here.")
                .takes::<AttendDraft>()
                .answers::<Run>()
                .more("What is sent replaces what was said of the person before; without parts, mark and presence they leave the run."),
        )
        .act(
            "/runs/{id}/answer-gate",
            answer_gate,
            act("answer_gate", Act::AnswerGate, "Answer one check of a planned run's gate, as a second person.")
                .takes::<ReplyDraft>()
                .answers::<Run>()
                .more("A check that says `ask` is answered, and being outside of working hours is overridden; no other `refuse` can be. Whoever answers does not start the run."),
        )
        .act(
            "/runs/{id}/answer-poll",
            answer_poll,
            act("answer_poll", Act::AnswerPoll, "Say go or no-go to a planned run, in a part of one's own.")
                .takes::<PollDraft>()
                .answers::<Run>()
                .more("While somebody says no-go the gate says `ask`: the run starts once they say go, or once a second person has answered it."),
        )
        .act(
            "/runs/{id}/look-both-ways",
            look_both_ways,
            act("look_both_ways", Act::LookBothWays, "Write down what looking both ways before the start showed.")
                .takes::<LooksDraft>()
                .answers::<Run>()
                .more("The latest look at each thing counts. What is not clear makes the gate say `ask`."),
        )
}

async fn attend(At(id): At<RunId>, door: Door) -> Response {
    on(id, door, "#present", "Person saved.", |desk, draft| async move { acts::attend(&desk, id, &draft).await }).await
}

async fn answer_poll(At(id): At<RunId>, door: Door) -> Response {
    let act = |desk: Desk, draft: PollDraft| async move { acts::answer_poll(&desk, id, &draft).await };
    on(id, door, "#poll", "Recorded.", act).await
}

async fn look_both_ways(At(id): At<RunId>, door: Door) -> Response {
    let act = |desk: Desk, draft: LooksDraft| async move { acts::look_both_ways(&desk, id, &draft).await };
    on(id, door, "#looks", "Looks recorded.", act).await
}

async fn answer_gate(At(id): At<RunId>, door: Door) -> Response {
    let act = |desk: Desk, draft| async move { acts::answer_gate(&desk, id, &draft).await };
    on(id, door, "#gate", "Answer recorded.", act).await
}
