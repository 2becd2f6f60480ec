//! Everything that is said about a finding. The act's word in the address is the act's own name.

use std::future::Future;

use app::paths;
use axum::response::Response;
use notebook::{
    actor::Act,
    answer::Answer,
    desk::Desk,
    fault::Result,
    findings::{
        Cause, Finding, LinkKind, Status, acts,
        drafts::{Draft, JudgeDraft},
        status::Rulings,
    },
    fixes::Standing,
    id::{ExperimentId, FindingId, FixId, RunId},
    retrials::{
        self,
        acts::{FindingRow, FindingShown},
    },
    search::lists,
    shapes::{Limit, Param},
    text::Slug,
    time::Moment,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::{
    asked::{self, Asking},
    fixes::Worth,
};
use crate::{
    api::Api,
    operations::{Doors, act, look},
    paging::List,
    reply::{At, Door},
};

pub fn doors() -> Doors {
    of_findings()
        .read("/findings", list, look("list", "List findings, newest first.").pages::<Asked>().answers::<Listed>())
        .read(
            "/findings/{id}",
            show,
            look("show", "Show a finding with its status, causes, links and fixes.").versioned::<Whole>(),
        )
        .act(
            "/findings",
            write,
            act("write", Act::WriteFinding, "Write a finding down.")
                .takes::<Draft>()
                .without(&["version"])
                .creates::<Finding>(),
        )
        .act(
            "/findings/{id}/edit",
            edit,
            act("edit", Act::WriteFinding, "Change what is said of a finding.").takes::<Draft>().edits::<Finding>(),
        )
        .and(judging())
        .and(linking())
}

fn of_findings() -> Doors {
    Doors::of("findings", "Weaknesses that runs showed, and what people ruled about them.")
        .names::<FindingId>("id", "The finding's id.")
}

fn judging() -> Doors {
    of_findings()
        .act(
            "/findings/{id}/suspect-cause",
            suspect_cause,
            act(
                "suspect_cause",
                Act::WriteFinding,
                "Suspect a contributing factor; it stays a suspicion until somebody confirms it.",
            )
            .takes::<JudgeDraft>()
            .only(&["reason", "of"])
            .needs(&["reason"])
            .more("`of` may be the number of a recorded change."),
        )
        .act(
            "/findings/{id}/confirm-cause",
            confirm_cause,
            act("confirm_cause", Act::JudgeFinding, "Confirm a suspected cause.")
                .takes::<JudgeDraft>()
                .only(&["reason", "number"])
                .needs(&["reason", "number"])
                .more("`number` is the cause's."),
        )
        .act(
            "/findings/{id}/accept-risk",
            accept_risk,
            act("accept_risk", Act::JudgeFinding, "Live with the risk until a date.")
                .takes::<JudgeDraft>()
                .only(&["owner", "reason", "until"])
                .needs(&["owner", "reason", "until"]),
        )
        .act(
            "/findings/{id}/mark-duplicate",
            mark_duplicate,
            act("mark_duplicate", Act::JudgeFinding, "Rule that this is another finding again.")
                .takes::<JudgeDraft>()
                .only(&["of"])
                .needs(&["of"])
                .more("`of` is the other finding's id."),
        )
        .act(
            "/findings/{id}/dismiss",
            dismiss,
            act("dismiss", Act::JudgeFinding, "Rule that this is no finding.")
                .takes::<JudgeDraft>()
                .only(&["reason"])
                .needs(&["reason"]),
        )
        .act(
            "/findings/{id}/undo",
            undo,
            act("undo", Act::JudgeFinding, "Take back a ruling that is in force.")
                .takes::<JudgeDraft>()
                .only(&["of", "reason"])
                .needs(&["of", "reason"])
                .more("`of` is `risk_accepted`, `marked_duplicate` or `dismissed`."),
        )
}

fn linking() -> Doors {
    of_findings()
        .act(
            "/findings/{id}/link",
            link,
            act("link", Act::WriteFinding, "Link two findings.")
                .takes::<JudgeDraft>()
                .only(&["of", "number"])
                .needs(&["of"])
                .more("`of` is the other finding's id, `number` the kind of link: `related` or `suspected_cause`."),
        )
        .act(
            "/findings/{id}/see-again",
            see_again,
            act("see_again", Act::WriteFinding, "Note that another run showed it again.")
                .takes::<JudgeDraft>()
                .only(&["of", "reason"])
                .needs(&["of"])
                .more("`of` is the run's id."),
        )
}

/// One act on one finding. Afterwards its page, at a place on it (`#causes`, or nothing for its top).
async fn on<D, Doing>(
    id: FindingId,
    door: Door,
    place: &str,
    said: impl Into<String>,
    act: impl FnOnce(Desk, D) -> Doing,
) -> Response
where
    D: DeserializeOwned,
    Doing: Future<Output = Result<()>>,
{
    let page = paths::finding(id);
    let after = format!("{page}{place}");
    door.page(page).run(act, |()| (after, said)).await
}

async fn write(door: Door) -> Response {
    let done = |finding: &Finding| (paths::finding(finding.id), format!("{} is written down.", finding.id));
    door.page(paths::new_finding_without_run())
        .make(|desk, draft| async move { acts::write(&desk, &draft).await }, done)
        .await
}

async fn edit(At(id): At<FindingId>, door: Door) -> Response {
    let act = |desk: Desk, draft| async move { acts::edit(&desk, id, &draft).await };
    door.page(paths::edit_finding(id)).run(act, |_| (paths::finding(id), format!("{id} is saved."))).await
}

async fn suspect_cause(At(id): At<FindingId>, door: Door) -> Response {
    let act = |desk: Desk, draft| async move { acts::suspect_cause(&desk, id, &draft).await };
    on(id, door, "#causes", "Cause suspected. It stays a suspicion until somebody confirms it.", act).await
}

async fn confirm_cause(At(id): At<FindingId>, door: Door) -> Response {
    let act = |desk: Desk, draft| async move { acts::confirm_cause(&desk, id, &draft).await };
    on(id, door, "#causes", "Cause confirmed.", act).await
}

async fn accept_risk(At(id): At<FindingId>, door: Door) -> Response {
    let act = |desk: Desk, draft| async move { acts::accept_risk(&desk, id, &draft).await };
    on(id, door, "", "Risk accepted. After its date the finding needs action again.", act).await
}

async fn mark_duplicate(At(id): At<FindingId>, door: Door) -> Response {
    let act = |desk: Desk, draft| async move { acts::mark_duplicate(&desk, id, &draft).await };
    on(id, door, "", format!("{id} is marked as a duplicate."), act).await
}

async fn dismiss(At(id): At<FindingId>, door: Door) -> Response {
    let act = |desk: Desk, draft| async move { acts::dismiss(&desk, id, &draft).await };
    on(id, door, "", format!("{id} is ruled to be no finding."), act).await
}

async fn undo(At(id): At<FindingId>, door: Door) -> Response {
    let act = |desk: Desk, draft| async move { acts::undo(&desk, id, &draft).await };
    on(id, door, "#judgement", "Ruling taken back.", act).await
}

async fn link(At(id): At<FindingId>, door: Door) -> Response {
    let act = |desk: Desk, draft| async move { acts::link(&desk, id, &draft).await };
    on(id, door, "#links", "Findings linked.", act).await
}

async fn see_again(At(id): At<FindingId>, door: Door) -> Response {
    let act = |desk: Desk, draft| async move { acts::see_again(&desk, id, &draft).await };
    on(id, door, "#seen-again", "Noted: seen again.", act).await
}

// --- for programs

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Asked {
    /// A query in the language of the search page.
    #[schemars(with = "Param<String>")]
    q: String,
    /// Only findings that affect this service.
    #[schemars(with = "Param<Slug>")]
    service: String,
    /// Only findings of this experiment.
    #[schemars(with = "Param<ExperimentId>")]
    experiment: String,
    /// Only findings this run showed first.
    #[schemars(with = "Param<RunId>")]
    origin: String,
    /// The last finding on the page before.
    #[schemars(with = "Param<FindingId>")]
    before: String,
    /// Findings on the page.
    #[schemars(with = "Param<Limit>")]
    limit: String,
}

impl Asked {
    /// A word nobody knows is refused, not passed over: a longer list than asked for misleads.
    fn filter(&self) -> Result<acts::Filter> {
        Ok(acts::Filter {
            before: asked::id(&self.before, "before", "is no finding's id")?,
            experiment: asked::id(&self.experiment, "experiment", "is no experiment's id")?,
            origin: asked::id(&self.origin, "origin", "is no run's id")?,
            service: asked::slug(&self.service, "service")?,
            rows: asked::rows(&self.limit)?,
        })
    }
}

#[derive(Serialize, JsonSchema)]
struct FixWorth {
    fix: FixId,
    standing: Standing,
}

/// One finding in a list.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "FindingLine")]
pub(super) struct Line {
    finding: Finding,
    status: Status,
    fixes: Vec<FixWorth>,
    /// The run that showed it last; none where no run did.
    last_seen: Option<RunId>,
    /// The next run of its experiment that is planned in its environment.
    next_run: Option<RunId>,
    /// When that is, where it has a time.
    next_run_at: Option<Moment>,
}

impl From<FindingRow> for Line {
    fn from(row: FindingRow) -> Self {
        let fixes = row.fixes.into_iter().map(|(fix, standing)| FixWorth { fix, standing });
        Self {
            finding: row.finding,
            status: row.status,
            fixes: fixes.collect(),
            last_seen: row.last_seen,
            next_run: row.next.map(|(run, _)| run),
            next_run_at: row.next.and_then(|(_, at)| at),
        }
    }
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Findings")]
struct Listed {
    findings: Vec<Line>,
    /// Whether there are older ones.
    more: bool,
    /// How many things are left out of this page because something of them cannot be read, so that nobody can say
    /// whether they are asked for.
    unreadable: usize,
}

async fn list(Asking(asked): Asking<Asked>, list: List) -> Response {
    let listed = async {
        let (query, filter) = (asked::query(list.desk(), &asked.q).await?, asked.filter()?);
        let (rows, last, unreadable) = lists::findings(list.desk(), &query, &filter).await?;
        let findings = rows.into_iter().map(Line::from).collect();
        Ok((Listed { findings, more: last.is_some(), unreadable }, last.map(|id| id.to_string())))
    };
    let listed = listed.await;
    list.answer("before", listed)
}

/// A contributing factor.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Cause")]
struct CauseSaid {
    number: i64,
    text: String,
    /// Number of the recorded change it points at.
    change: Option<i64>,
    confirmed: bool,
}

impl From<Cause> for CauseSaid {
    fn from(cause: Cause) -> Self {
        Self { number: cause.number, text: cause.text, change: cause.change, confirmed: cause.confirmed }
    }
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "FindingLink")]
struct Link {
    kind: LinkKind,
    to: FindingId,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "FindingLinkFrom")]
struct LinkFrom {
    kind: LinkKind,
    from: FindingId,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "FindingFix")]
struct OfFix {
    fix: FixId,
    #[serde(flatten)]
    worth: Worth,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "FindingWhole")]
struct Whole {
    finding: Finding,
    status: Answer<Status>,
    rulings: Rulings,
    causes: Vec<CauseSaid>,
    links: Vec<Link>,
    /// Findings that are said to be the same as this one.
    same: Vec<FindingId>,
    /// What other findings say of this one.
    linked_from: Vec<LinkFrom>,
    seen_again: Vec<RunId>,
    fixes: Vec<OfFix>,
}

impl From<FindingShown> for Whole {
    fn from(shown: FindingShown) -> Self {
        let fixes = shown.fixes.into_iter().map(|worth| OfFix { fix: worth.fix.id, worth: worth.judged.into() });
        Self {
            finding: shown.finding,
            status: shown.status,
            rulings: shown.rulings,
            causes: shown.causes.into_iter().map(CauseSaid::from).collect(),
            links: shown.links.into_iter().map(|(kind, to)| Link { kind, to }).collect(),
            same: shown.same,
            linked_from: shown.linked_from.into_iter().map(|(kind, from)| LinkFrom { kind, from }).collect(),
            seen_again: shown.seen_again,
            fixes: fixes.collect(),
        }
    }
}

async fn show(At(id): At<FindingId>, api: Api) -> Response {
    let whole = retrials::acts::show_finding(&api.desk, id).await.map(Whole::from);
    api.thing(whole, |whole| whole.finding.version)
}
