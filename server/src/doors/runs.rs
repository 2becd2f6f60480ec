//! Everything that is done to a run. The act's word in the address is the act's own name.

mod attending;
mod command;
mod images;
mod measured;
mod method;
mod noting;
mod report;
pub(super) mod shown;
mod watch;

use std::future::Future;

use app::paths;
use axum::response::Response;
use notebook::{
    actor::Act,
    decisions::Decision,
    desk::Desk,
    fault::Result,
    id::RunId,
    retrials::{
        self,
        drafts::{AnswerDraft, CloseDraft},
    },
    runs::{
        Run, acts,
        drafts::{
            AbortDraft, AtDraft, CheckDraft, EffectDraft, LacksDraft, MoveDraft, PlanDraft, RulingDraft, SignDraft,
            SignalDraft, StartDraft, TargetsDraft, WordsDraft,
        },
        facts::Execution,
    },
};
use serde::{Serialize, de::DeserializeOwned};

use super::calendar::or_calendar;
use crate::{
    operations::{Doors, act},
    reply::{At, Door},
};

pub fn doors() -> Doors {
    shown::doors()
        .and(report::doors())
        .and(attending::doors())
        .and(noting::doors())
        .and(images::doors())
        .and(before())
        .and(meanwhile())
        .and(method::doors())
        .and(command::doors())
        .and(ending())
        .and(judging())
        .and(closing())
}

/// The doors whose bodies may be large.
pub fn large() -> Doors {
    images::large()
}

/// The door whose answer goes on until its reader leaves.
pub fn streams() -> Doors {
    watch::doors()
}

fn of_runs() -> Doors {
    Doors::of("runs", "").names::<RunId>("id", "The run's id.")
}

fn before() -> Doors {
    of_runs()
        .act(
            "/runs/plan",
            plan,
            act("plan", Act::PlanRun, "Plan a run of an experiment.")
                .takes::<PlanDraft>()
                .without(&["started_at", "ended_at"])
                .creates::<Run>(),
        )
        .act(
            "/runs/past",
            record_past,
            act("past", Act::RecordRun, "Write down a run that is over.")
                .takes::<PlanDraft>()
                .without(&["planned_at"])
                .needs(&["started_at", "ended_at"])
                .creates::<Run>(),
        )
        .act(
            "/runs/{id}/start",
            start,
            act("start", Act::StartRun, "Start a planned run, if its gate is open.")
                .takes::<StartDraft>()
                .answers::<Run>(),
        )
        .act(
            "/runs/{id}/cancel",
            cancel,
            act("cancel", Act::PlanRun, "Cancel a planned run.").takes::<WordsDraft>().only(&["text"]).answers::<Run>(),
        )
        .act(
            "/runs/{id}/move-to",
            move_to,
            act("move_to", Act::PlanRun, "Move a planned run to another time.").takes::<MoveDraft>().answers::<Run>(),
        )
        .act(
            "/runs/{id}/resolve-targets",
            resolve_targets,
            act("resolve_targets", Act::RecordRun, "Replace the run's targets.")
                .takes::<TargetsDraft>()
                .answers::<Run>(),
        )
}

fn meanwhile() -> Doors {
    of_runs()
        .act(
            "/runs/{id}/begin-fault",
            begin_fault,
            act("begin_fault", Act::RecordRun, "Record that the fault began.").takes::<AtDraft>().answers::<Run>(),
        )
        .act(
            "/runs/{id}/record-effect",
            record_effect,
            act(
                "record_effect",
                Act::RecordRun,
                "Record whether the fault took effect on a target, and what shows it.",
            )
            .takes::<EffectDraft>()
            .answers::<Run>(),
        )
        .act(
            "/runs/{id}/answer-check",
            answer_check,
            act("answer_check", Act::RecordRun, "Record what was seen for a check, and what telemetry claimed.")
                .takes::<CheckDraft>()
                .answers::<Run>(),
        )
        .act(
            "/runs/{id}/answer-signal",
            answer_signal,
            act("answer_signal", Act::RecordRun, "Record whether a signal fired.")
                .takes::<SignalDraft>()
                .answers::<Run>(),
        )
        .act(
            "/runs/{id}/deviate",
            deviate,
            act("deviate", Act::RecordRun, "Record what was done otherwise than planned.")
                .takes::<WordsDraft>()
                .answers::<Run>(),
        )
        .act(
            "/runs/{id}/end-fault",
            end_fault,
            act("end_fault", Act::RecordRun, "Record that the fault ended; the revert is timed from here.")
                .takes::<AtDraft>()
                .answers::<Run>(),
        )
}

fn ending() -> Doors {
    of_runs()
        .act(
            "/runs/{id}/abort",
            abort,
            act("abort", Act::AbortRun, "Abort a run; the revert is timed from here.")
                .takes::<AbortDraft>()
                .answers::<Run>(),
        )
        .act(
            "/runs/{id}/fail-revert",
            fail_revert,
            act("fail_revert", Act::RecordRun, "Record that the revert failed.").takes::<WordsDraft>().answers::<Run>(),
        )
        .act(
            "/runs/{id}/finish",
            finish,
            act("finish", Act::RecordRun, "End a run, finished or aborted as it stands.")
                .takes::<AtDraft>()
                .answers::<Run>(),
        )
        .act(
            "/runs/{id}/record-lack",
            record_lack,
            act("record_lack", Act::RecordRun, "Record that the version under trial lacks a fix.")
                .takes::<LacksDraft>()
                .answers::<Run>(),
        )
}

fn judging() -> Doors {
    of_runs()
        .act(
            "/runs/{id}/give-abort-reason",
            give_abort_reason,
            act("give_abort_reason", Act::RecordRun, "Say why an imported run was aborted.")
                .takes::<AbortDraft>()
                .only(&["reason", "text"])
                .answers::<Run>(),
        )
        .act(
            "/runs/{id}/rule-validity",
            rule_validity,
            act("rule_validity", Act::Rule, "Rule whether the run counts: `valid` or `invalid`.")
                .takes::<RulingDraft>()
                .only(&["ruling", "reason"])
                .answers::<Run>(),
        )
        .act(
            "/runs/{id}/rule-deviation",
            rule_deviation,
            act("rule_deviation", Act::Rule, "Rule on a deviation: `context` or `deviation`.")
                .takes::<RulingDraft>()
                .needs(&["number"])
                .answers::<Run>(),
        )
        .act(
            "/runs/{id}/sign",
            sign,
            act("sign", Act::SignVerdict, "Sign the verdict.")
                .takes::<SignDraft>()
                .only(&["verdict", "analysis"])
                .answers::<Run>(),
        )
        .act(
            "/runs/{id}/overrule",
            overrule,
            act("overrule", Act::Overrule, "Overrule a signed verdict.")
                .takes::<SignDraft>()
                .only(&["verdict", "reason"])
                .needs(&["reason"])
                .answers::<Run>(),
        )
        .act(
            "/runs/{id}/revoke-overruling",
            revoke_overruling,
            act("revoke_overruling", Act::Overrule, "Take an overruling back.")
                .takes::<WordsDraft>()
                .only(&["text"])
                .answers::<Run>(),
        )
}

fn closing() -> Doors {
    of_runs()
        .act(
            "/runs/{id}/close",
            close,
            act("close", Act::CloseRun, "Close a signed run: every open fix answered, and a decision.")
                .takes::<CloseDraft>()
                .creates::<Decision>()
                .more("`GET /api/v1/runs/{id}/open-fixes` says which answers are asked for."),
        )
        .act(
            "/runs/{id}/amend",
            amend,
            act("amend", Act::RecordRun, "Add an amendment to a closed run.")
                .takes::<WordsDraft>()
                .only(&["text"])
                .answers::<Run>(),
        )
        .act(
            "/runs/{id}/amend-answer",
            amend_answer,
            act("amend_answer", Act::AnswerFix, "Change what a closed run was answered to have meant for a fix.")
                .takes::<AnswerDraft>()
                .needs(&["reason"]),
        )
}

/// One act on one run. Afterwards its page, at a place on it (`#checks`, or nothing for its top).
async fn on<D, T, Doing>(id: RunId, door: Door, place: &str, said: &str, act: impl FnOnce(Desk, D) -> Doing) -> Response
where
    D: DeserializeOwned,
    T: Serialize,
    Doing: Future<Output = Result<T>>,
{
    let page = paths::run(id);
    let after = format!("{page}{place}");
    door.page(page).run(act, |_| (after, said)).await
}

// --- before

async fn plan(door: Door) -> Response {
    let done = |run: &Run| (paths::run(run.id), format!("{} is planned.", run.id));
    door.page(paths::choose_run()).make(|desk, draft| async move { acts::plan(&desk, &draft).await }, done).await
}

async fn record_past(door: Door) -> Response {
    let done = |run: &Run| (paths::run(run.id), format!("{} is written down. Now record what was seen.", run.id));
    door.page(paths::choose_past_run())
        .make(|desk, draft| async move { acts::record_past(&desk, &draft).await }, done)
        .await
}

async fn start(At(id): At<RunId>, door: Door) -> Response {
    on(id, door, "", "Run started.", |desk, draft| async move { acts::start(&desk, id, &draft).await }).await
}

async fn cancel(At(id): At<RunId>, door: Door) -> Response {
    on(id, door, "", "Run cancelled.", |desk, draft| async move { acts::cancel(&desk, id, &draft).await }).await
}

async fn move_to(At(id): At<RunId>, door: Door) -> Response {
    let page = paths::run(id);
    let after = or_calendar(&door, page.clone());
    let act = |desk: Desk, draft: MoveDraft| async move { acts::move_to(&desk, id, &draft).await };
    door.page(page).run(act, |_| (after, format!("{id} is moved."))).await
}

// --- while it goes on

async fn resolve_targets(At(id): At<RunId>, door: Door) -> Response {
    let act = |desk: Desk, draft| async move { acts::resolve_targets(&desk, id, &draft).await };
    on(id, door, "#targets", "Targets saved.", act).await
}

async fn record_effect(At(id): At<RunId>, door: Door) -> Response {
    let act = |desk: Desk, draft| async move { acts::record_effect(&desk, id, &draft).await };
    on(id, door, "#targets", "Effect recorded.", act).await
}

async fn begin_fault(At(id): At<RunId>, door: Door) -> Response {
    let act = |desk: Desk, draft| async move { acts::begin_fault(&desk, id, &draft).await };
    on(id, door, "", "The fault began.", act).await
}

async fn end_fault(At(id): At<RunId>, door: Door) -> Response {
    let act = |desk: Desk, draft| async move { acts::end_fault(&desk, id, &draft).await };
    on(id, door, "", "The fault ended; the revert is timed.", act).await
}

async fn answer_check(At(id): At<RunId>, door: Door) -> Response {
    let act = |desk: Desk, draft| async move { acts::answer_check(&desk, id, &draft).await };
    on(id, door, "#checks", "Value recorded.", act).await
}

async fn answer_signal(At(id): At<RunId>, door: Door) -> Response {
    let act = |desk: Desk, draft| async move { acts::answer_signal(&desk, id, &draft).await };
    on(id, door, "#signals", "Signal recorded.", act).await
}

async fn deviate(At(id): At<RunId>, door: Door) -> Response {
    let act = |desk: Desk, draft| async move { acts::deviate(&desk, id, &draft).await };
    on(id, door, "#deviations", "Deviation recorded.", act).await
}

async fn abort(At(id): At<RunId>, door: Door) -> Response {
    let said = "Run aborted; the revert is timed until all after-checks hold.";
    on(id, door, "", said, |desk, draft| async move { acts::abort(&desk, id, &draft).await }).await
}

async fn fail_revert(At(id): At<RunId>, door: Door) -> Response {
    let act = |desk: Desk, draft| async move { acts::fail_revert(&desk, id, &draft).await };
    on(id, door, "#end", "Failed revert recorded.", act).await
}

async fn finish(At(id): At<RunId>, door: Door) -> Response {
    let page = paths::run(id);
    let done = |run: &Run| {
        let how = if run.execution == Execution::Aborted { "aborted" } else { "finished" };
        (paths::run(id), format!("{id} is {how}. The verdict is due."))
    };
    door.page(page).run(|desk, draft| async move { acts::finish(&desk, id, &draft).await }, done).await
}

async fn record_lack(At(id): At<RunId>, door: Door) -> Response {
    let act = |desk: Desk, draft| async move { acts::record_lack(&desk, id, &draft).await };
    on(id, door, "", "Missing fix recorded.", act).await
}

// --- judging and closing

async fn give_abort_reason(At(id): At<RunId>, door: Door) -> Response {
    let act = |desk: Desk, draft| async move { acts::give_abort_reason(&desk, id, &draft).await };
    on(id, door, "#closing", "Abort reason given.", act).await
}

async fn rule_validity(At(id): At<RunId>, door: Door) -> Response {
    let act = |desk: Desk, draft| async move { acts::rule_validity(&desk, id, &draft).await };
    on(id, door, "", "Ruling recorded.", act).await
}

async fn rule_deviation(At(id): At<RunId>, door: Door) -> Response {
    let act = |desk: Desk, draft| async move { acts::rule_deviation(&desk, id, &draft).await };
    on(id, door, "#deviations", "Ruling recorded.", act).await
}

async fn sign(At(id): At<RunId>, door: Door) -> Response {
    on(id, door, "#closing", "Verdict signed.", |desk, draft| async move { acts::sign(&desk, id, &draft).await }).await
}

async fn overrule(At(id): At<RunId>, door: Door) -> Response {
    on(id, door, "", "Verdict overruled.", |desk, draft| async move { acts::overrule(&desk, id, &draft).await }).await
}

async fn revoke_overruling(At(id): At<RunId>, door: Door) -> Response {
    let act = |desk: Desk, draft| async move { acts::revoke_overruling(&desk, id, &draft).await };
    on(id, door, "", "Overruling revoked.", act).await
}

async fn close(At(id): At<RunId>, door: Door) -> Response {
    let act = |desk: Desk, draft| async move { retrials::acts::close(&desk, id, &draft).await };
    door.page(paths::run(id))
        .make_at(
            act,
            |decision| (paths::run(id), format!("{id} is closed; {} is recorded.", decision.id)),
            |decision| paths::decision(decision.id),
        )
        .await
}

async fn amend(At(id): At<RunId>, door: Door) -> Response {
    on(id, door, "", "Amendment added.", |desk, draft| async move { acts::amend(&desk, id, &draft).await }).await
}

async fn amend_answer(At(id): At<RunId>, door: Door) -> Response {
    let act = |desk: Desk, draft| async move { retrials::acts::amend_answer(&desk, id, &draft).await };
    on(id, door, "", "Answer amended.", act).await
}
