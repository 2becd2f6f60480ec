//! Recurring reruns: an experiment's cadence, and what is said of its slots.

use std::future::Future;

use app::paths;
use axum::response::Response;
use notebook::{
    actor::{Act, PersonId},
    cadences::{
        self, Cadence, SlotStanding,
        acts::{self, Shown},
        drafts::{EndDraft, SetDraft, SlotDraft},
    },
    calendar::recurrence::Every,
    desk::Desk,
    experiments::Experiment,
    fault::Result,
    id::{ExperimentId, RunId},
    runs::Run,
    time::Moment,
};
use schemars::JsonSchema;
use serde::{Serialize, de::DeserializeOwned};

use super::calendar::or_calendar;
use crate::{
    api::Api,
    operations::{Doors, act, look},
    reply::{At, Door},
};

pub fn doors() -> Doors {
    Doors::of("cadences", "Reruns that come again and again, by the clock on the wall.")
        .names::<ExperimentId>("id", "The experiment's id.")
        .read(
            "/experiments/{id}/cadence",
            show,
            look("show", "Show an experiment's cadence with its slots, from five weeks ago to three months ahead.")
                .answers::<Told>(),
        )
        .act(
            "/experiments/{id}/cadence",
            set,
            act("set", Act::SetCadence, "Set the cadence of an experiment, in place of the one there is.")
                .takes::<SetDraft>()
                .replaces::<CadenceTold>()
                .more("`version` is the number of the cadence it replaces, 0 where there was none. Times stay the same by the clock on the wall when clocks change."),
        )
        .act(
            "/experiments/{id}/cadence/end",
            end,
            act("end", Act::SetCadence, "End the cadence of an experiment.").takes::<EndDraft>().answers::<Experiment>(),
        )
        .act(
            "/experiments/{id}/cadence/skip",
            skip,
            act("skip", Act::ChangeSlot, "Say that nothing is run in a slot, and why.")
                .takes::<SlotDraft>()
                .only(&["date", "text"])
                .needs(&["text"])
                .answers::<SlotTold>(),
        )
        .act(
            "/experiments/{id}/cadence/postpone",
            postpone,
            act("postpone", Act::ChangeSlot, "Give a slot another time, and say why.")
                .takes::<SlotDraft>()
                .needs(&["to", "text"])
                .answers::<SlotTold>(),
        )
        .act(
            "/experiments/{id}/cadence/plan",
            plan,
            act("plan", Act::PlanRun, "Plan the run of a slot, at the slot's time.")
                .takes::<SlotDraft>()
                .only(&["date"])
                .creates::<Run>(),
        )
}

/// One act on a cadence. Afterwards its page, or the calendar it was done in.
async fn on<D, T, Doing>(id: ExperimentId, door: Door, said: &str, act: impl FnOnce(Desk, D) -> Doing) -> Response
where
    D: DeserializeOwned,
    T: Serialize,
    Doing: Future<Output = Result<T>>,
{
    let page = paths::cadence(id);
    let after = or_calendar(&door, page.clone());
    door.page(page).run(act, |_| (after, said)).await
}

async fn set(At(id): At<ExperimentId>, door: Door) -> Response {
    let act = |desk: Desk, draft: SetDraft| async move {
        Box::pin(acts::set(&desk, id, &draft)).await.map(CadenceTold::from)
    };
    on(id, door, "The cadence is set.", act).await
}

async fn end(At(id): At<ExperimentId>, door: Door) -> Response {
    let act = |desk: Desk, draft: EndDraft| async move { acts::end(&desk, id, &draft).await };
    on(id, door, "The cadence has ended.", act).await
}

async fn skip(At(id): At<ExperimentId>, door: Door) -> Response {
    let act =
        |desk: Desk, draft: SlotDraft| async move { Box::pin(acts::skip(&desk, id, &draft)).await.map(SlotTold::from) };
    on(id, door, "The slot is skipped.", act).await
}

async fn postpone(At(id): At<ExperimentId>, door: Door) -> Response {
    let act = |desk: Desk, draft: SlotDraft| async move {
        Box::pin(acts::postpone(&desk, id, &draft)).await.map(SlotTold::from)
    };
    on(id, door, "The slot has another time.", act).await
}

async fn plan(At(id): At<ExperimentId>, door: Door) -> Response {
    let done = |run: &Run| (paths::run(run.id), format!("{} is planned.", run.id));
    let act = |desk: Desk, draft: SlotDraft| async move { Box::pin(acts::plan_slot(&desk, id, &draft)).await };
    door.page(paths::cadence(id)).make(act, done).await
}

// --- for programs

/// A recurrence in force from a moment on.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Cadence")]
struct CadenceTold {
    /// Its number, which is also the version that an edit names.
    id: i64,
    experiment: ExperimentId,
    /// "every week on Tuesday at 10:00 (Europe/Berlin)".
    words: String,
    /// `weeks` or `months`.
    unit: &'static str,
    number: u8,
    days: Vec<&'static str>,
    /// Which of a month's days of that name; none for weeks.
    nth: Option<&'static str>,
    /// By the clock on the wall.
    at: String,
    zone: String,
    from: String,
    until: Option<String>,
    /// In how many days one valid run is promised; none for once in each of its weeks or months.
    promise_days: Option<u16>,
    since: Moment,
    by: Option<PersonId>,
}

impl From<Cadence> for CadenceTold {
    fn from(cadence: Cadence) -> Self {
        let rule = cadence.rule;
        let (unit, number, days, nth) = match &rule.every {
            Every::Weeks { number, days } => ("weeks", *number, days.iter().map(|day| day.word()).collect(), None),
            Every::Months { number, nth, day } => ("months", *number, vec![day.word()], Some(nth.word())),
        };
        Self {
            id: cadence.id,
            experiment: cadence.experiment,
            words: rule.words(),
            unit,
            number,
            days,
            nth,
            at: rule.at.to_string(),
            zone: rule.zone.name().to_owned(),
            from: rule.from.to_string(),
            until: rule.until.map(|until| until.to_string()),
            promise_days: rule.promise_days,
            since: cadence.since,
            by: cadence.by,
        }
    }
}

/// One time at which a cadence asks for a run.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Slot")]
pub(super) struct SlotTold {
    experiment: ExperimentId,
    title: String,
    /// The date its cadence names, in the cadence's zone: what the slot is called.
    date: String,
    /// When it is, or would have been.
    at: Moment,
    standing: SlotStanding,
    /// Why it is not where the cadence names it.
    why: Vec<String>,
    /// The run that was planned from it, or began within an hour of it.
    run: Option<RunId>,
}

impl From<cadences::Slot> for SlotTold {
    fn from(slot: cadences::Slot) -> Self {
        Self {
            experiment: slot.experiment,
            title: slot.title,
            date: slot.date.to_string(),
            at: slot.at,
            standing: slot.standing,
            why: slot.why,
            run: slot.run,
        }
    }
}

/// An experiment's cadence.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CadenceShown")]
struct Told {
    experiment: ExperimentId,
    /// None while the experiment is run when somebody plans it.
    cadence: Option<CadenceTold>,
    /// What an edit names as its version.
    version: i64,
    /// The first moment at which a rerun is overdue.
    overdue_from: Option<Moment>,
    slots: Vec<SlotTold>,
}

impl From<Shown> for Told {
    fn from(shown: Shown) -> Self {
        Self {
            experiment: shown.experiment.id,
            cadence: shown.cadence.map(CadenceTold::from),
            version: shown.version,
            overdue_from: shown.overdue_from,
            slots: shown.slots.into_iter().map(SlotTold::from).collect(),
        }
    }
}

async fn show(At(id): At<ExperimentId>, api: Api) -> Response {
    let told = Box::pin(acts::show(&api.desk, id)).await.map(Told::from);
    api.answer(told)
}
