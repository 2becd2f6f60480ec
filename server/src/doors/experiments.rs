//! Experiments and the revisions of their plans.

mod shown;

use app::paths;
use axum::response::Response;
use notebook::{
    actor::Act,
    desk::Desk,
    experiments::{
        Draft, Experiment, acts,
        observed::{self, Observed, ObservedDraft},
        passive::{self, PassiveDraft, RuleOutDraft},
    },
    id::ExperimentId,
    retrials::{self, acts::FirstDraft},
    templates,
};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    operations::{Doors, act},
    reply::{At, Door},
};

pub fn doors() -> Doors {
    shown::doors()
        .act(
            "/experiments/create",
            create,
            act("create", Act::WriteExperiment, "Write a new experiment with the first draft of its plan.")
                .takes::<Draft>()
                .without(&["version"])
                .creates::<Experiment>()
                .more(
                    "`template` says what it begins from and fills in nothing: the template's `text` is what to send.",
                ),
        )
        .act(
            "/experiments/{id}/revise",
            revise,
            act(
                "revise",
                Act::WriteExperiment,
                "Change the plan; a revision whose review was requested stays, and a further one opens.",
            )
            .takes::<Draft>()
            .without(&["template"])
            .edits::<Experiment>(),
        )
        .act(
            "/experiments/{id}/observe",
            observe,
            act("observe", Act::Observe, "Write down what is seen before any run.")
                .takes::<ObservedDraft>()
                .creates::<Observed>(),
        )
        .act(
            "/first-observation",
            first_observation,
            act(
                "first_observation",
                Act::WriteExperiment,
                "Write down what is seen now, as the first step of a new experiment.",
            )
            .takes::<FirstDraft>()
            .creates::<Experiment>()
            .more("A service that is not there yet is added."),
        )
        .and(reviews())
}

fn reviews() -> Doors {
    shown::of_experiments()
        .act(
            "/experiments/{id}/request-review",
            request_review,
            act(
                "request_review",
                Act::WriteExperiment,
                "Ask somebody else to read the newest draft; from now on it never changes.",
            )
            .answers::<Experiment>(),
        )
        .act(
            "/experiments/{id}/plan/{number}/approve",
            approve,
            act("approve", Act::ReviewPlan, "Approve a revision: it runs from now on.")
                .takes::<ReviewDraft>()
                .answers::<Experiment>(),
        )
        .act(
            "/experiments/{id}/plan/{number}/ask-changes",
            ask_changes,
            act("ask_changes", Act::ReviewPlan, "Ask for changes to a revision.")
                .takes::<ReviewDraft>()
                .needs(&["text"])
                .answers::<Experiment>(),
        )
        .act(
            "/experiments/{id}/retire",
            retire,
            act("retire", Act::RetireExperiment, "Give up a draft that was never approved.")
                .takes::<ReasonDraft>()
                .needs(&["reason"])
                .answers::<Experiment>()
                .more("A ready experiment is retired by a decision of the kind `retire` or `stop` that rests on it."),
        )
        .act(
            "/experiments/{id}/reopen",
            reopen,
            act("reopen", Act::RetireExperiment, "Bring a retired experiment back to where it was.")
                .takes::<ReasonDraft>()
                .answers::<Experiment>(),
        )
        .act(
            "/experiments/{id}/record-passive",
            record_passive,
            act(
                "record_passive",
                Act::Observe,
                "Write down what production did by itself, for an experiment that was retired because of it.",
            )
            .takes::<PassiveDraft>(),
        )
        .act(
            "/experiments/{id}/rule-out-passive",
            rule_out_passive,
            act(
                "rule_out_passive",
                Act::JudgePassive,
                "Rule out one of the events in production: it speaks neither for the claim nor against it.",
            )
            .takes::<RuleOutDraft>()
            .more("`number` is that of `shown` under `GET …/graduation`."),
        )
}

/// What a reviewer writes.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct ReviewDraft {
    /// May be left out when approving.
    text: String,
}

/// Why an experiment goes out of use, or comes back.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct ReasonDraft {
    /// May be left out when it comes back.
    reason: String,
}

// --- writing

async fn create(door: Door) -> Response {
    let done = |made: &Experiment| (paths::experiment(made.id), format!("{} is saved as a draft.", made.id));
    let act = |desk, draft| async move { templates::acts::create(&desk, &draft).await };
    door.page(paths::new_experiment()).make(act, done).await
}

async fn revise(At(id): At<ExperimentId>, door: Door) -> Response {
    let done = |saved: &Experiment| {
        (paths::experiment(id), format!("The plan is saved as {}.", saved.revision_name(saved.revision)))
    };
    door.page(paths::edit_plan(id)).run(|desk, draft| async move { acts::revise(&desk, id, &draft).await }, done).await
}

async fn observe(At(id): At<ExperimentId>, door: Door) -> Response {
    let page = paths::experiment(id);
    let done = |seen: &Observed| (format!("{}#o{}", paths::experiment(id), seen.number), "Observation added.");
    door.page(page).make(|desk, draft| async move { observed::observe(&desk, id, &draft).await }, done).await
}

// --- review

async fn request_review(At(id): At<ExperimentId>, door: Door) -> Response {
    let page = paths::experiment(id);
    let done = |asked: &Experiment| {
        (paths::experiment(id), format!("Review of {} is requested.", asked.revision_name(asked.revision)))
    };
    door.page(page).act(|desk| async move { acts::request_review(&desk, id).await }, done).await
}

async fn approve(At((id, number)): At<(ExperimentId, i64)>, door: Door) -> Response {
    let done = |ready: &Experiment| {
        (paths::experiment(id), format!("{} is approved: it runs from now on.", ready.revision_name(number)))
    };
    let act = |desk, draft: ReviewDraft| async move { acts::approve(&desk, id, number, &draft.text).await };
    door.page(paths::plan(id, number)).run(act, done).await
}

async fn ask_changes(At((id, number)): At<(ExperimentId, i64)>, door: Door) -> Response {
    let done = |asked: &Experiment| {
        (paths::experiment(id), format!("Changes to {} are asked for.", asked.revision_name(number)))
    };
    let act = |desk, draft: ReviewDraft| async move { acts::ask_changes(&desk, id, number, &draft.text).await };
    door.page(paths::plan(id, number)).run(act, done).await
}

// --- out of use

async fn retire(At(id): At<ExperimentId>, door: Door) -> Response {
    let done = |_: &Experiment| (paths::experiment(id), format!("{id} is abandoned."));
    let act = |desk, draft: ReasonDraft| async move { acts::retire(&desk, id, &draft.reason).await };
    door.page(paths::experiment(id)).run(act, done).await
}

async fn reopen(At(id): At<ExperimentId>, door: Door) -> Response {
    let done =
        |back: &Experiment| (paths::experiment(id), format!("{id} is back: {}.", back.stage.label().to_lowercase()));
    let act = |desk, draft: ReasonDraft| async move { acts::reopen(&desk, id, &draft.reason).await };
    door.page(paths::experiment(id)).run(act, done).await
}

async fn record_passive(At(id): At<ExperimentId>, door: Door) -> Response {
    let act = |desk: Desk, draft: PassiveDraft| async move { passive::record_passive(&desk, id, &draft).await };
    door.page(paths::experiment(id)).run(act, |()| (paths::experiment(id), "It is recorded.".to_owned())).await
}

async fn rule_out_passive(At(id): At<ExperimentId>, door: Door) -> Response {
    let act = |desk: Desk, draft: RuleOutDraft| async move { passive::rule_out_passive(&desk, id, &draft).await };
    door.page(paths::experiment(id)).run(act, |()| (paths::experiment(id), "It is ruled out.".to_owned())).await
}

// --- the first minutes

async fn first_observation(door: Door) -> Response {
    door.page(paths::today())
        .make(
            |desk, draft| async move { retrials::acts::first_observation(&desk, &draft).await },
            |experiment| {
                let says = format!(
                    "Observation recorded. It is the first step of {}; complete its plan when you are ready.",
                    experiment.id
                );
                (paths::experiment(experiment.id), says)
            },
        )
        .await
}
