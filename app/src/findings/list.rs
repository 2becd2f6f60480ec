//! All findings; first of all those somebody has to do something about.

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::desk::Desk;
use notebook::fault::Result;
use notebook::findings::Status;
use notebook::findings::acts::Filter;
use notebook::fixes::Standing;
use notebook::id::{ExperimentId, FindingId, FixId, NoId, RunId};
use notebook::limits::PAGE_ROWS;
use notebook::refusal::Refusal;
use notebook::retrials::acts::FindingRow;
use notebook::search::lists;
use notebook::search::{self, Query, Sort};
use notebook::services;
use notebook::services::frequency::days_ago;
use notebook::text::Slug;
use notebook::views::shown::{Group, Shown};
use notebook::views::{View, acts as saved_views};

use super::words::needs_action;
use crate::ask::{page, query};
use crate::frame::{Crumb, Frame};
use crate::keys::steps::NEXT;
use crate::parts::field::{Field, SelectField};
use crate::parts::page::{Empty, PageHead};
use crate::parts::pager::Pager;
use crate::parts::sample::mark;
use crate::parts::table::TableRegion;
use crate::parts::tabs::{Tab, Tabs};
use crate::parts::words::Word;
use crate::paths;
use crate::safe::{self, PageTitle};
use crate::search::shown::{self, Order};
use crate::search::views::{self as kept_views, Opens};
use crate::search::{Typed, unreadable};
use crate::times::Times;

/// Statuses are computed, so the list is searched page by page; this many are read for one answer.
const PAGES_READ_MAX: usize = 10;

const KIND: search::Found = search::Found::Finding;

/// What the address asks for.
#[derive(Debug, Clone, Default)]
struct Asked {
    all: bool,
    service: Option<Slug>,
    /// As typed; it may be no id.
    experiment: String,
    typed: Typed,
    shown: Shown,
    before: Option<FindingId>,
}

impl Asked {
    async fn here(desk: &Desk) -> Result<Self> {
        Ok(Self {
            all: query("view") == "all",
            service: Slug::new(&query("service")).ok(),
            experiment: query("experiment"),
            typed: Typed::here(desk, KIND).await?,
            shown: shown::here(KIND),
            before: query("before").parse().ok(),
        })
    }

    fn experiment_id(&self) -> Result<Option<ExperimentId>, NoId> {
        if self.experiment.trim().is_empty() { Ok(None) } else { self.experiment.parse().map(Some) }
    }

    fn filter(&self, experiment: Option<ExperimentId>) -> Filter {
        Filter { before: self.before, experiment, service: self.service.clone(), ..Filter::default() }
    }

    /// All that the list shows, on whatever page.
    fn whole(&self, query: &Query, filter: &Filter) -> Result<Query, Refusal> {
        let query = lists::of_findings(query, filter)?;
        if self.all {
            return Ok(query);
        }
        let needing: Vec<Status> = Status::ALL.iter().copied().filter(|status| needs_action(*status)).collect();
        Ok(lists::with_status(query, &needing))
    }

    fn is_narrowed(&self) -> bool {
        self.service.is_some() || !self.experiment.trim().is_empty() || !self.typed.is_blank()
    }

    /// What a view is grouped by where nobody chose.
    const fn usual(all: bool) -> Group {
        if all { Group::Nothing } else { Group::Status }
    }

    fn group(&self) -> Group {
        self.shown.group.unwrap_or(Self::usual(self.all))
    }

    /// The list has an order of its own where it shows what needs action and nobody asks for another.
    fn sorted(&self) -> Option<Sort> {
        self.typed.sort().or_else(|| self.all.then_some(Sort::Created))
    }

    fn order(&self) -> Order {
        let address = |sort| Self { typed: self.typed.sorted(sort), ..self.clone() }.address(self.all, None);
        Order::of(self.sorted(), address)
    }

    /// What stays in the address when columns and groups are chosen.
    fn fields(&self) -> Vec<(&'static str, String)> {
        let all = self.all.then(|| ("view", "all".to_owned()));
        let service = self.service.as_ref().map(|slug| ("service", slug.to_string()));
        let experiment = Some(self.experiment.trim()).filter(|id| !id.is_empty());
        let experiment = experiment.map(|id| ("experiment", id.to_owned()));
        all.into_iter().chain(service).chain(experiment).chain(self.typed.kept()).collect()
    }

    fn address(&self, all: bool, before: Option<FindingId>) -> String {
        let mut parts = Vec::new();
        parts.extend(all.then(|| "view=all".to_owned()));
        parts.extend(self.service.as_ref().map(|slug| format!("service={slug}")));
        if !self.experiment.trim().is_empty() {
            parts.push(format!("experiment={}", paths::encoded(self.experiment.trim())));
        }
        parts.extend(self.typed.part());
        parts.extend(shown::parts(&self.shown, Self::usual(all)));
        parts.extend(before.map(|id| format!("before={id}")));
        paths::with_query(&paths::findings(), &parts)
    }
}

#[component]
pub fn FindingsPage() -> impl IntoView {
    page(|desk| async move {
        let asked = Asked::here(&desk).await?;
        let services = services::acts::choices(&desk).await?;
        let experiment = asked.experiment_id();
        let filter = asked.filter(experiment.as_ref().ok().copied().flatten());
        let (found, trouble) = match (experiment, asked.typed.query()) {
            (Ok(_), Some(query)) => (Some(load(&desk, &asked, query, filter.clone()).await?), None),
            (Ok(_), None) => (None, None),
            (Err(no), _) => {
                safe::status(400);
                (None, Some(format!("{no}.")))
            }
        };
        let further = asked.typed.further(KIND, |query| asked.whole(query, &filter));
        let whole = asked.typed.whole(|query| asked.whole(query, &filter)).filter(|_| found.is_some());
        let saved: Vec<View> =
            saved_views::list(&desk).await?.into_iter().filter(|view| view.list == Some(KIND)).collect();
        let opens = Opens::list(KIND, &asked.shown, asked.group());
        let saving = kept_views::of_list(&desk, &saved, whole, opens).await?;
        let may_write = desk.shows(Act::WriteFinding);
        let content = found.map(|found| listed(&asked, found, &Times::of(&desk)));
        Ok(view! {
            <Frame crumbs=vec![Crumb { label: "Findings".into(), href: None }]>
                <PageTitle text="Findings"/>
                <PageHead title="Findings" actions=may_write.then(new_link).into_any()/>
                <div class="stack">
                    {views(&asked)}
                    {kept_views::links(&saved, &asked.address(asked.all, None))}
                    {narrowing(&asked, services, trouble, further)}
                    {content}
                    {saving}
                </div>
            </Frame>
        }
        .into_any())
    })
}

fn new_link() -> AnyView {
    view! { <a class="button primary" href=paths::new_finding_without_run() data-key=NEXT>"New finding"</a> }.into_any()
}

struct Found {
    rows: Vec<FindingRow>,
    /// The last one read, where there are older ones.
    next: Option<FindingId>,
    /// How many are left out.
    unreadable: usize,
    /// Whether any was looked at, whatever it amounts to.
    any: bool,
}

async fn load(desk: &Desk, asked: &Asked, query: &Query, mut filter: Filter) -> Result<Found> {
    let mut found = Found { rows: Vec::new(), next: None, unreadable: 0, any: false };
    for _ in 0..PAGES_READ_MAX {
        let (rows, next, left_out) = lists::findings(desk, query, &filter).await?;
        found.next = next;
        found.unreadable += left_out;
        found.any |= left_out > 0 || !rows.is_empty();
        found.rows.extend(rows.into_iter().filter(|row| asked.all || needs_action(row.status)));
        let enough = i64::try_from(found.rows.len()).is_ok_and(|rows| rows >= PAGE_ROWS);
        if found.next.is_none() || enough {
            break;
        }
        filter.before = found.next;
    }
    if !asked.all && asked.typed.sort().is_none() {
        found.rows.sort_by_key(|row| (urgency(row.status), std::cmp::Reverse((row.finding.severity, row.finding.id))));
    }
    Ok(found)
}

/// The order of the groups in the view *Needs action*.
fn urgency(status: Status) -> usize {
    const ORDER: [Status; 5] =
        [Status::Open, Status::Regressed, Status::FixProposed, Status::FixDeployed, Status::Stale];
    ORDER.iter().position(|other| *other == status).unwrap_or(ORDER.len())
}

fn views(asked: &Asked) -> impl IntoView + use<> {
    let tab = |label: &str, all: bool| Tab {
        label: label.to_owned(),
        href: asked.address(all, None),
        current: asked.all == all,
        count: None,
    };
    view! { <Tabs label="Views of findings" tabs=vec![tab("Needs action", false), tab("All", true)]/> }
}

/// The filter: a form that only changes the address.
fn narrowing(asked: &Asked, services: Vec<(Slug, String)>, trouble: Option<String>, further: AnyView) -> AnyView {
    let any = (String::new(), "Any service".to_owned());
    let options = services.into_iter().map(|(slug, name)| (slug.to_string(), name));
    let options: Vec<_> = [any].into_iter().chain(options).collect();
    let service = asked.service.as_ref().map(ToString::to_string).unwrap_or_default();
    let clear = asked.is_narrowed().then(|| {
        let cleared = Asked { all: asked.all, shown: asked.shown.clone(), ..Asked::default() };
        let cleared = cleared.address(asked.all, None);
        view! { <a class="button" href=cleared>"Show all"</a> }
    });
    let stay = shown::kept(&asked.shown, Asked::usual(asked.all)).into_iter();
    let stay = stay.map(|(name, value)| view! { <input type="hidden" name=name value=value/> });
    view! {
        <form method="get" action=paths::findings() role="search" aria-label="Narrow the list of findings">
            {asked.all.then(|| view! { <input type="hidden" name="view" value="all"/> })}
            {stay.collect_view()}
            <div class="row">
                {asked.typed.field("findings")}
                <SelectField form="findings" name="service" label="Service" options=options value=service/>
                <Field form="findings" name="experiment" label="Experiment, like EXP-1" value=asked.experiment.clone() error=trouble/>
                <button>"Narrow the list"</button>
                {further}
                {clear}
            </div>
        </form>
    }
    .into_any()
}

fn listed(asked: &Asked, found: Found, times: &Times) -> AnyView {
    let first = asked.before.map(|_| asked.address(asked.all, None));
    let next = found.next.map(|last| asked.address(asked.all, Some(last)));
    let pager = view! { <Pager label="Pages of findings" first=first next=next.clone() next_word="Older"/> };
    let left_out = unreadable(found.unreadable);
    if found.rows.is_empty() {
        return view! { {left_out} {none(asked, next.is_some(), found.any)} {pager} }.into_any();
    }
    let caption = if asked.all { "All findings, newest first" } else { "Findings that need action" };
    let caption = asked.typed.sort().map_or(caption, |_| "Findings");
    let order = asked.order();
    let group = asked.group();
    let mut rows = found.rows;
    if group == Group::Status {
        rows.sort_by_key(|row| urgency(row.status));
    }
    let line = |row: FindingRow| line(row, &asked.shown, times);
    let body = shown::bodies(KIND, &asked.shown, rows, |row| group_of(row, group), line);
    let heads = shown::heads(KIND, &asked.shown, "Finding", &order);
    view! {
        {left_out}
        {shown::choosing(KIND, (&asked.shown, group), paths::findings(), asked.fields(), &order)}
        <TableRegion id="findings" caption=caption>
            {heads}
            {body}
        </TableRegion>
        {pager}
    }
    .into_any()
}

/// The name of the group that a row stands in.
fn group_of(row: &FindingRow, group: Group) -> Option<String> {
    match group {
        Group::Nothing => None,
        Group::Status => Some(row.status.label().to_owned()),
        Group::Service => Some(shown::services(&row.finding.services)),
        Group::Experiment => {
            Some(row.finding.experiment.map_or_else(|| "No experiment".to_owned(), |id| id.to_string()))
        }
    }
}

fn none(asked: &Asked, older: bool, any: bool) -> AnyView {
    if !any && !older && asked.before.is_none() && !asked.is_narrowed() {
        return view! {
            <Empty heading="No findings" sentence="Either all hypotheses held, or nobody looked.">
                <a class="button" href=paths::experiments()>"See what was never run"</a>
            </Empty>
        }
        .into_any();
    }
    let all = if asked.all { Asked::default().address(true, None) } else { asked.address(true, None) };
    if asked.all {
        return view! {
            <Empty heading="Nothing found here" sentence="No finding fits what is asked for.">
                <a class="button" href=all>"All findings"</a>
            </Empty>
        }
        .into_any();
    }
    let sentence = if older {
        "None of the newest findings here is waiting for anybody; older ones may be."
    } else {
        "No finding here is open, waiting for a rerun, regressed or stale."
    };
    view! {
        <Empty heading="Nothing needs action" sentence=sentence>
            <a class="button" href=all>"All findings"</a>
        </Empty>
    }
    .into_any()
}

fn line(row: FindingRow, columns: &Shown, times: &Times) -> AnyView {
    let finding = row.finding;
    let services = finding.services.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let next = match row.next {
        Some((run, at)) => view! { {link(run)} <br/> {at.map(|at| times.when(at))} }.into_any(),
        None => view! { <span class="muted">"not planned"</span> }.into_any(),
    };
    let cells = vec![
        ("severity", Word::from(finding.severity).badge().into_any()),
        ("kind", finding.kind.label().into_any()),
        ("environment", finding.environment.to_string().into_any()),
        ("found", days_ago(finding.created_at, times.moment()).into_any()),
        ("status", Word::from(row.status).badge().into_any()),
        ("fixes", fixes(row.fixes)),
        ("seen", seen(finding.origin, row.last_seen)),
        ("next", next),
    ];
    view! {
        <tr>
            <td>
                <span class="id muted">{finding.id.to_string()}</span>
                {mark(&finding.id.to_string())}
                <br/>
                <a href=paths::finding(finding.id)>{finding.title.to_string()}</a>
                <br/>
                <small>{services}</small>
            </td>
            {shown::cells(KIND, columns, cells)}
        </tr>
    }
    .into_any()
}

fn link(run: RunId) -> AnyView {
    view! { <a class="id" href=paths::run(run)>{run.to_string()}</a> }.into_any()
}

/// The run that showed it first, and the one that did last where that is another.
fn seen(first: Option<RunId>, last: Option<RunId>) -> AnyView {
    let runs: Vec<RunId> = first.into_iter().chain(last.filter(|run| Some(*run) != first)).collect();
    if runs.is_empty() {
        return view! { <span class="muted">"no run"</span> }.into_any();
    }
    let runs: Vec<_> = runs.into_iter().map(|run| view! { <li>{link(run)}</li> }).collect();
    view! { <ul class="plain">{runs}</ul> }.into_any()
}

fn fixes(fixes: Vec<(FixId, Standing)>) -> AnyView {
    if fixes.is_empty() {
        return view! { <span class="muted">"none yet"</span> }.into_any();
    }
    let items = fixes.into_iter().map(|(id, standing)| {
        view! {
            <li class="row">
                <a class="id" href=paths::fix(id)>{id.to_string()}</a>
                {Word::from(standing).badge()}
            </li>
        }
    });
    view! { <ul class="plain">{items.collect_view()}</ul> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_holds_every_filter() {
        let service = Slug::new("kafka").ok();
        let asked = Asked { all: true, service, experiment: " EXP-1&x ".into(), ..Asked::default() };
        let address = asked.address(true, Some(FindingId::of(7)));
        assert_eq!(address, "/findings?view=all&service=kafka&experiment=EXP-1%26x&before=FND-7");
        assert!(asked.experiment_id().is_err());
        assert_eq!(Asked::default().address(false, None), "/findings");
        let shown = Shown::read(KIND, "status,severity", "none");
        let asked = Asked { all: true, shown, ..Asked::default() };
        assert_eq!(asked.address(true, None), "/findings?view=all&cols=severity,status");
        assert_eq!(asked.address(false, None), "/findings?cols=severity,status&group=none");
    }

    #[test]
    fn open_findings_come_first() {
        let mut statuses = Status::ALL.to_vec();
        statuses.sort_by_key(|status| urgency(*status));
        assert_eq!(statuses[..2], [Status::Open, Status::Regressed]);
        assert!(statuses[..5].iter().all(|status| needs_action(*status)));
    }
}
