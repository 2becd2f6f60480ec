//! What can be done with an experiment now: one main act, named by its state.

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::desk::Desk;
use notebook::experiments::acts::Shown;
use notebook::experiments::review::Move;
use notebook::experiments::{RevisionState, Stage};
use notebook::id::ExperimentId;
use notebook::limits::NOTE_CHARS_MAX;

use crate::form::{Form, FormState};
use crate::keys::steps::NEXT;
use crate::parts::field::AreaField;
use crate::paths;

/// The one act that comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Main {
    Review,
    EditPlan,
    RequestReview,
    PlanRun,
    PlanRerun,
}

/// `started` says whether any run has begun.
pub fn main(shown: &Shown, may_run: bool, started: bool) -> Option<Main> {
    let can = |step: Move| shown.moves.contains(&step);
    let runs = may_run && shown.experiment.stage == Stage::Ready;
    if can(Move::Approve) {
        Some(Main::Review)
    } else if can(Move::RequestReview) {
        Some(Main::RequestReview)
    } else if can(Move::Revise) && shown.newest.state == RevisionState::ChangesAsked {
        Some(Main::EditPlan)
    } else if runs {
        Some(if started { Main::PlanRerun } else { Main::PlanRun })
    } else {
        None
    }
}

/// The buttons beside the title.
pub fn buttons(desk: &Desk, shown: &Shown, started: bool) -> AnyView {
    let id = shown.experiment.id;
    let main = main(shown, desk.shows(Act::PlanRun), started);
    let edit = (shown.moves.contains(&Move::Revise) && main != Some(Main::EditPlan))
        .then(|| view! { <a class="button" href=paths::edit_plan(id)>"Edit plan"</a> });
    let can_run = desk.shows(Act::PlanRun) && shown.experiment.stage == Stage::Ready;
    let run_words = if started { "Plan rerun" } else { "Plan run" };
    let run = (can_run && !matches!(main, Some(Main::PlanRun | Main::PlanRerun)))
        .then(|| view! { <a class="button" href=paths::new_run(id) data-key=NEXT>{run_words}</a> });
    let promote = (desk.shows(Act::WriteTemplate) && shown.experiment.approved.is_some() && !id.is_sample())
        .then(|| view! { <a class="button" href=paths::promote(id)>"Make template"</a> });
    let main = main.map(|main| main_button(id, shown.experiment.revision, main));
    let cadence = shown.experiment.approved.map(|_| {
        view! { <a class="button" href=paths::cadence(id)>"Cadence"</a> }
    });
    view! { {promote} {cadence} {edit} {run} {main} }.into_any()
}

fn main_button(id: ExperimentId, revision: i64, main: Main) -> AnyView {
    let link = |href: String, words: &'static str| view! { <a class="button primary" href=href>{words}</a> }.into_any();
    let run = |words: &'static str| {
        view! { <a class="button primary" href=paths::new_run(id) data-key=NEXT>{words}</a> }.into_any()
    };
    match main {
        Main::Review => link(format!("{}#review", paths::plan(id, revision)), "Review plan"),
        Main::EditPlan => link(paths::edit_plan(id), "Edit plan"),
        Main::PlanRun => run("Plan run"),
        Main::PlanRerun => run("Plan rerun"),
        Main::RequestReview => {
            let form = FormState::of(paths::act(&paths::experiment(id), "request-review"));
            view! { <Form state=form><button class="primary">"Request review"</button></Form> }.into_any()
        }
    }
}

/// Out of use and back; under everything else, because it is rare.
#[component]
pub fn OutOfUse(id: ExperimentId, moves: Vec<Move>, may_decide: bool) -> impl IntoView {
    let page = paths::experiment(id);
    let abandon = moves.contains(&Move::Retire).then(|| {
        let form = FormState::of(paths::act(&page, "retire"));
        view! { <Reasoned form=form summary="Abandon this draft" required=true button="Abandon experiment"
        hint="Say why, for whoever has the same idea later. It can be reopened."/> }
    });
    let retire = (moves.contains(&Move::RetireBy) && may_decide).then(|| {
        view! {
            <p>
                "A ready experiment is taken out of use by "
                <a href=paths::new_decision()>"recording the decision"</a>
                " to retire or stop it."
            </p>
        }
    });
    let reopen = moves.contains(&Move::Reopen).then(|| {
        let form = FormState::of(paths::act(&page, "reopen"));
        view! { <Reasoned form=form summary="Reopen this experiment" required=false button="Reopen experiment"
        hint="It comes back as what it was: ready, or the draft that was given up."/> }
    });
    let has_any = abandon.is_some() || retire.is_some() || reopen.is_some();
    has_any.then(|| view! { <section><h2>"Out of use"</h2>{abandon}{retire}{reopen}</section> })
}

#[component]
fn Reasoned(
    form: FormState,
    summary: &'static str,
    hint: &'static str,
    required: bool,
    button: &'static str,
) -> impl IntoView {
    let is_open = form.came_back();
    let fields = view! {
        <Form state=form.clone()>
            <AreaField form=form.name.clone() name="reason" label="Reason" hint=hint value=form.value("reason", "")
                error=form.error("reason") required=required max_length=NOTE_CHARS_MAX/>
            <div class="row"><button>{button}</button></div>
        </Form>
    };
    view! { <details class="why" open=is_open><summary>{summary}</summary>{fields}</details> }.into_any()
}
