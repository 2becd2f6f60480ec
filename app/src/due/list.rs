//! The queue of what is due, the most pressing first, whole or for one reason.

use leptos::prelude::*;
use notebook::id::RunId;
use notebook::retrials::acts::{DueQueue, due};
use notebook::retrials::due::{Due, DueReason};

use crate::ask::{page, query};
use crate::frame::{Crumb, Frame};
use crate::parts::because::readable;
use crate::parts::page::{Empty, PageHead};
use crate::parts::prose::Line;
use crate::parts::sample::mark;
use crate::parts::table::TableRegion;
use crate::parts::tabs::{Tab, Tabs};
use crate::parts::words::Word;
use crate::paths;
use crate::safe::PageTitle;
use crate::times::Times;

#[component]
pub fn DuePage() -> impl IntoView {
    page(|desk| async move {
        // A reason nobody knows shows everything: the link may come from a later version.
        let reason = DueReason::named(&query("reason")).ok();
        let queue = due(&desk, None).await?;
        // What was left out of the whole queue may be due for this reason.
        let chosen = match reason {
            Some(reason) if queue.cut => Some(due(&desk, Some(reason)).await?),
            _ => None,
        };
        let times = Times::of(&desk);
        let tabs = tabs(&queue, reason);
        let unread = unread(&queue.unread);
        let crumbs = vec![
            Crumb { label: "Today".into(), href: Some(paths::today()) },
            Crumb { label: "Due".into(), href: None },
        ];
        let content = content(chosen.unwrap_or(queue), reason, &times);
        Ok(view! {
            <Frame crumbs=crumbs>
                <PageTitle text="Due"/>
                <PageHead title="Due"/>
                <div class="stack">
                    <p class="muted">
                        "What keeps data and rarely changes stands first, and what was never tried before what was: nothing exercises it unless somebody does."
                    </p>
                    {unread}
                    {tabs}
                    {content}
                </div>
            </Frame>
        }
        .into_any())
    })
}

/// What is missing in the queue, and where somebody finds out why.
fn unread(ids: &[String]) -> Option<AnyView> {
    if ids.is_empty() {
        return None;
    }
    let links = ids.iter().map(|id| view! { " "<a class="id" href=paths::thing(id)>{id.clone()}</a> }).collect_view();
    let view = view! {
        <p>
            <strong>"What is due here is not all of it."</strong>
            " Something cannot be read of"{links}"; the server's log says what."
        </p>
    };
    Some(view.into_any())
}

/// Everything, and each reason that something is due for.
fn tabs(queue: &DueQueue, chosen: Option<DueReason>) -> Option<AnyView> {
    let count = |reason: DueReason| queue.due.iter().filter(|due| due.reason == reason).count();
    let all = Tab { label: "All".into(), href: paths::due(), current: chosen.is_none(), count: Some(queue.due.len()) };
    let some = DueReason::ALL.iter().copied().filter(|reason| count(*reason) > 0 || chosen == Some(*reason));
    let tabs: Vec<Tab> = std::iter::once(all)
        .chain(some.map(|reason| Tab {
            label: reason.label().to_owned(),
            href: paths::due_for(reason),
            current: chosen == Some(reason),
            count: Some(count(reason)),
        }))
        .collect();
    (!queue.due.is_empty()).then(|| view! { <Tabs label="Reasons" tabs=tabs/> }.into_any())
}

fn content(queue: DueQueue, reason: Option<DueReason>, times: &Times) -> AnyView {
    let cut = queue.cut.then(|| view! { <p>{format!("Only the most pressing {} are shown.", queue.due.len())}</p> });
    let due: Vec<Due> = queue.due.into_iter().filter(|due| reason.is_none_or(|reason| due.reason == reason)).collect();
    if due.is_empty() {
        let sentence = match reason {
            None => "Every verdict is signed, every deployed fix is verified, and all evidence is fresh.",
            Some(_) => "Nothing is due for this reason; other things may be.",
        };
        return view! {
            <Empty heading="Nothing is due" sentence=sentence>
                <a class="button" href=paths::coverage()>"What was never tried"</a>
            </Empty>
        }
        .into_any();
    }
    let lines: Vec<_> = due.into_iter().map(|due| line(due, times)).collect();
    view! {
        {cut}
        <TableRegion id="due" caption="What is due, the most pressing first">
            <thead>
                <tr>
                    <th scope="col">"What"</th>
                    <th scope="col">"Reason"</th>
                    <th scope="col">"Why"</th>
                    <th scope="col">"When"</th>
                    <th scope="col">"Next"</th>
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </TableRegion>
    }
    .into_any()
}

fn line(due: Due, times: &Times) -> AnyView {
    let (sample, badge, weight) = (mark(&due.of), Word::from(due.reason).badge(), due.weight.words());
    let weight = (!weight.is_empty()).then(|| view! { <br/><small class="muted">{weight}</small> });
    let when = due.at.map(|at| times.when(at));
    let says = readable(&due.says, &times.zone);
    let next = next(&due);
    view! {
        <tr>
            <th scope="row">
                <a class="id" href=paths::thing(&due.of)>{due.of.clone()}</a>
                {sample}
                <br/>
                {due.title}
            </th>
            <td>{badge} {weight}</td>
            <td><Line text=says/></td>
            <td>{when}</td>
            <td>{next}</td>
        </tr>
    }
    .into_any()
}

/// Where the thing to do begins.
fn next(due: &Due) -> Option<AnyView> {
    let link = |href: String, words: &'static str| view! { <a href=href>{words}</a> }.into_any();
    match due.reason {
        DueReason::Unverified | DueReason::Stale | DueReason::Overdue => {
            due.experiment.map(|experiment| link(paths::new_run(experiment), "Plan rerun"))
        }
        DueReason::VerdictDue => due.of.parse::<RunId>().ok().map(|run| link(paths::run(run), "Close run")),
        DueReason::Regressed
        | DueReason::FailedVerification
        | DueReason::EvidenceLost
        | DueReason::EvidenceStale
        | DueReason::RiskExpiring
        | DueReason::ReviewDue => Some(link(paths::thing(&due.of), "Look at it")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_is_named_and_only_then() {
        let html = |ids: &[String]| Owner::new().with(|| unread(ids).map(RenderHtml::to_html).unwrap_or_default());
        assert_eq!(html(&[]), "");
        let said = html(&["EXP-2".to_owned()]);
        assert!(said.contains("not all of it") && said.contains("href=\"/EXP-2\""), "{said}");
    }
}
