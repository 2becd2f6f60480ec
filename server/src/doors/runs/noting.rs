//! What is written into a run while it goes on: notes with their commands, pins, links.

use app::paths;
use axum::response::Response;
use notebook::{
    actor::Act,
    desk::Desk,
    id::RunId,
    runs::{
        Run,
        acts::{self, Attached, Written},
        drafts::{LinkDraft, ObservationDraft, PinDraft},
    },
};
use schemars::JsonSchema;
use serde::Serialize;

use super::{of_runs, on};
use crate::{
    api::Api,
    operations::{Doors, act, look},
    reply::{At, Door},
};

pub(super) fn doors() -> Doors {
    of_runs()
        .act(
            "/runs/{id}/observe",
            observe,
            act("observe", Act::Observe, "Write down what is seen, slash commands and all.")
                .takes::<ObservationDraft>()
                .creates::<Noted>()
                .more("A line of the text that begins with `/` is a command: `/t 14:03`, `/metric p99=412ms`, `/check 2 held`, `/unexpected …`, `/question …`, `/pin`, `/finding title`, `/abort reason`; `//` writes a plain slash. Values take the right to run. A text with an unknown command is refused as a whole."),
        )
        .act(
            "/runs/{id}/pin",
            pin,
            act("pin", Act::Observe, "Put an observation among those that tell the run in short, or take it out.")
                .takes::<PinDraft>()
                .answers::<Run>(),
        )
        .act(
            "/runs/{id}/attach-link",
            attach_link,
            act("attach_link", Act::Observe, "Attach a link that shows how the run was.")
                .takes::<LinkDraft>()
                .creates::<Attached>(),
        )
        .read(
            "/runs/{id}/evidence",
            evidence,
            look("list_evidence", "List links and images that show how the run was, in the order attached.")
                .answers::<EvidenceOf>(),
        )
}

/// What became of a note.
#[derive(Serialize, JsonSchema)]
struct Noted {
    /// The observation's number; none if only commands were written.
    number: Option<i64>,
    /// What was understood, a sentence each.
    said: Vec<String>,
    /// The page of a form that a command asked for: `/finding` and `/abort` do nothing by themselves.
    opens: Option<String>,
}

impl Noted {
    fn of(id: RunId, written: Written) -> Self {
        let Written { number, said, finding, abort } = written;
        let finding = number.zip(finding).map(|(number, title)| paths::new_finding_noted(id, number, &title));
        Self { number, said, opens: abort.map(|why| paths::abort_run(id, &why)).or(finding) }
    }

    /// Where it stands.
    fn own(&self, id: RunId) -> String {
        self.number.map_or_else(|| paths::run(id), |number| paths::observation(id, number))
    }

    /// Where people go next.
    fn page(&self, id: RunId) -> String {
        self.opens.clone().unwrap_or_else(|| self.own(id))
    }
}

async fn observe(At(id): At<RunId>, door: Door) -> Response {
    let act = |desk: Desk, draft: ObservationDraft| async move {
        acts::compose(&desk, id, &draft).await.map(|written| Noted::of(id, written))
    };
    door.page(paths::run(id))
        .make_at(act, |noted: &Noted| (noted.page(id), noted.said.join(" ")), |noted| noted.own(id))
        .await
}

async fn pin(At(id): At<RunId>, door: Door) -> Response {
    on(id, door, "#log", "Pins saved.", |desk, draft| async move { acts::pin(&desk, id, &draft).await }).await
}

async fn attach_link(At(id): At<RunId>, door: Door) -> Response {
    let act = |desk: Desk, draft: LinkDraft| async move { acts::attach_link(&desk, id, &draft).await };
    let done = |attached: &Attached| (paths::evidence(id, attached.number), "Link attached.");
    door.page(paths::run(id)).make(act, done).await
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "RunEvidence")]
struct EvidenceOf {
    evidence: Vec<Attached>,
}

async fn evidence(At(id): At<RunId>, api: Api) -> Response {
    let listed = acts::list_evidence(&api.desk, id).await.map(|evidence| EvidenceOf { evidence });
    api.answer(listed)
}
