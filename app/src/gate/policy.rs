//! The policy: the limits that hold, the versions people agreed on, and the form for the next one.

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::desk::Desk;
use notebook::gate::acts::{Policies, policies};
use notebook::gate::drafts::PolicyDraft;
use notebook::gate::policy::{KeptPolicy, Policy, PolicyEvent};

use crate::ask::page;
use crate::form::{Form, FormState};
use crate::frame::{Crumb, Frame};
use crate::kept::{self, Overtaken, Present};
use crate::parts::facts::{Fact, Facts};
use crate::parts::history::{Done, History};
use crate::parts::page::PageHead;
use crate::parts::table::TableRegion;
use crate::paths;
use crate::runs::fields::line;
use crate::safe::PageTitle;
use crate::times::Times;

#[component]
pub fn PolicyPage() -> impl IntoView {
    page(|desk| async move {
        let policies = policies(&desk).await?;
        let times = Times::of(&desk);
        let read = |entry: &notebook::events::Entry| {
            let (did, text) = said(&entry.read()?);
            Ok(Done::of(entry, did, text))
        };
        let lines = policies.history.iter().map(read).collect::<notebook::fault::Result<Vec<_>>>()?;
        let crumbs = vec![Crumb { label: "Gate policy".into(), href: None }];
        Ok(view! {
            <Frame crumbs=crumbs>
                <PageTitle text="Gate policy"/>
                <PageHead title="Gate policy"/>
                <div class="page">
                    <div class="stack">
                        {proposal(&desk, &policies)}
                        {write(&desk, &policies)}
                        {versions(&policies, &times)}
                        <section>
                            <h2>"History"</h2>
                            <History label="History of the policy" lines=lines times=times.clone()/>
                        </section>
                    </div>
                    <aside class="stack">{in_force(&desk, &policies.in_force)}</aside>
                </div>
            </Frame>
        }
        .into_any())
    })
}

fn said(event: &PolicyEvent) -> (String, Option<String>) {
    match event {
        PolicyEvent::Written { policy } => (format!("wrote version {}", policy.version), Some(words(policy))),
        PolicyEvent::Approved { version, no_second_person } => {
            let alone = if *no_second_person { " (no second person)" } else { "" };
            (format!("approved version {version}{alone}"), None)
        }
    }
}

/// Every limit in one line.
fn words(policy: &Policy) -> String {
    format!(
        "{} of each budget in reserve; {}; steady state at most {} min old; revert rehearsed within {} days",
        policy.reserve.words(),
        at_once_words(policy),
        policy.steady_state_minutes,
        policy.rehearsal_days
    )
}

fn at_once_words(policy: &Policy) -> String {
    policy.at_once_max.map_or_else(|| "no limit to targets at once".into(), |most| format!("at most {most} at once"))
}

/// The limits that hold.
fn in_force(desk: &Desk, policy: &Policy) -> AnyView {
    let version = if policy.version == 0 {
        "the usual limits; nobody approved others".to_owned()
    } else {
        format!("version {}", policy.version)
    };
    let today = desk.now().civil(&desk.zone()).date();
    let due = policy
        .is_due(today)
        .then(|| view! { <p class="error">"The day to look at it again has come. Until then it holds."</p> });
    let revisit = policy.revisit_on.map(|day| view! { <Fact term="Look again on">{day.to_string()}</Fact> });
    let (reserve, at_once) = (policy.reserve.words(), at_once_words(policy));
    let (minutes, days) = (format!("{} min", policy.steady_state_minutes), format!("{} days", policy.rehearsal_days));
    view! {
        <section class="card">
            <h2>"In force"</h2>
            {due}
            <Facts>
                <Fact term="Policy">{version}</Fact>
                <Fact term="Reserve">{reserve}</Fact>
                <Fact term="At once">{at_once}</Fact>
                <Fact term="Steady state">{minutes}</Fact>
                <Fact term="Rehearsal">{days}</Fact>
                {revisit}
            </Facts>
        </section>
    }
    .into_any()
}

/// The newest version, while it waits for approval.
fn proposal(desk: &Desk, policies: &Policies) -> Option<AnyView> {
    let newest = policies.all.first().filter(|kept| kept.approved_at.is_none())?;
    let version = newest.policy.version;
    let form = FormState::of(paths::act(&paths::policy(), "approve"));
    let says =
        format!("Version {version} waits for approval by somebody who did not write it: {}.", words(&newest.policy));
    let button = (desk.shows(Act::ApprovePolicy) || form.came_back()).then(|| {
        view! {
            <Form state=form>
                <input type="hidden" name="version" value=version.to_string()/>
                <div class="row"><button>{format!("Approve version {version}")}</button></div>
            </Form>
        }
    });
    Some(view! { <section class="card"><h2>"Approval"</h2><p>{says}</p>{button}</section> }.into_any())
}

fn write(desk: &Desk, policies: &Policies) -> Option<AnyView> {
    if !desk.shows(Act::WritePolicy) {
        return None;
    }
    let action = paths::act(&paths::policy(), "write");
    let form = FormState::of(action.clone());
    let newest = policies.all.first().map_or(policies.in_force, |kept| kept.policy);
    let own = PolicyDraft::of(&newest, policies.newest());
    let present = texts(&own).into_iter().map(|(name, label, text, _)| Present::one(name, label, text)).collect();
    let version = kept::version(&form, &own.version);
    let fields =
        texts(&own).into_iter().map(|(name, label, text, hint)| line(&form, name, label, text, hint)).collect_view();
    Some(
        view! {
            <section>
                <h2>"Next version"</h2>
                <Overtaken action=action present=present/>
                <Form state=form.clone()>
                    <input type="hidden" name="version" value=version/>
                    {fields}
                    <div class="row"><button class="primary">"Save version"</button></div>
                </Form>
            </section>
        }
        .into_any(),
    )
}

type Text = (&'static str, &'static str, String, &'static str);

fn texts(draft: &PolicyDraft) -> Vec<Text> {
    let PolicyDraft { reserve, at_once_max, steady_state_minutes, rehearsal_days, revisit_on, version: _ } = draft;
    vec![
        ("reserve", "Reserve of each budget", reserve.clone(), "A share such as 10 %."),
        (
            "at_once_max",
            "Targets at once, at most",
            at_once_max.clone(),
            "Empty for no limit; more than one is still asked about.",
        ),
        ("steady_state_minutes", "Age of a held steady state, minutes", steady_state_minutes.clone(), "Usually 15."),
        ("rehearsal_days", "Rehearsal of the revert within, days", rehearsal_days.clone(), "Usually 90."),
        ("revisit_on", "Look again on", revisit_on.clone(), "A date such as 2027-03-31."),
    ]
}

fn versions(policies: &Policies, times: &Times) -> Option<AnyView> {
    if policies.all.is_empty() {
        return None;
    }
    let by = |name: &str| if name.is_empty() { "the operator".to_owned() } else { name.to_owned() };
    let rows = policies.all.iter().map(|kept: &KeptPolicy| {
        let approved = kept.approved_at.map(|at| view! { {times.when(at)}" by "{by(&kept.approver_name)} });
        view! {
            <tr>
                <th scope="row" class="num">{kept.policy.version}</th>
                <td>{words(&kept.policy)}</td>
                <td>{times.when(kept.written_at)}" by "{by(&kept.author_name)}</td>
                <td>{approved}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    Some(
        view! {
            <section>
                <h2>"Versions"</h2>
                <TableRegion id="policy-versions" caption="Versions of the policy" unseen_caption=true>
                    <thead>
                        <tr>
                            <th scope="col">"Version"</th>
                            <th scope="col">"Limits"</th>
                            <th scope="col">"Written"</th>
                            <th scope="col">"Approved"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </TableRegion>
            </section>
        }
        .into_any(),
    )
}
