//! Where a fix is deployed, and the forms that record what happened to it. None of them verifies.

use leptos::prelude::*;
use notebook::actor::Act;
use notebook::desk::Desk;
use notebook::fixes::{Deployment, FixFacts};

use crate::form::{Form, FormState};
use crate::parts::disclosure::Disclosure;
use crate::parts::field::{AreaField, Field, SelectField};
use crate::parts::page::Empty;
use crate::parts::table::TableRegion;
use crate::paths;
use crate::times::Times;

/// What can be deployed to, and where it is most wanted.
pub struct Places {
    pub options: Vec<(String, String)>,
    /// The environment of the first finding.
    pub usual: String,
    /// Whether recording a deployment is the next act of this page.
    pub is_next: bool,
}

pub fn section(desk: &Desk, facts: &FixFacts, places: Places, times: &Times) -> AnyView {
    let page = paths::fix(facts.id);
    let list = if facts.deployments.is_empty() {
        view! { <Empty heading="Not deployed yet" sentence="Once it is live somewhere, write down where, as what, and since when."/> }
            .into_any()
    } else {
        table(&facts.deployments, times)
    };
    let open = facts.withdrawn.is_none() && desk.shows(Act::RecordDeployment);
    let live: Vec<(usize, &Deployment)> =
        facts.deployments.iter().enumerate().filter(|(_, deployment)| deployment.rolled_back.is_none()).collect();
    let deploy = open.then(|| deploy(&page, places));
    let roll_back = (open && !live.is_empty()).then(|| roll_back(&page, &live, times));
    view! { <section id="deployments"><h2>"Deployments"</h2>{list}{deploy}{roll_back}</section> }.into_any()
}

fn table(deployments: &[Deployment], times: &Times) -> AnyView {
    let lines = deployments.iter().zip(1..).map(|(deployment, number)| {
        let back = match deployment.rolled_back {
            Some(at) => times.when(at),
            None => view! { <span class="muted">"no"</span> }.into_any(),
        };
        view! {
            <tr>
                <td class="num">{number}</td>
                <td>{deployment.environment.to_string()}</td>
                <td><code>{deployment.reference.clone()}</code></td>
                <td>{times.when(deployment.at)}</td>
                <td>{back}</td>
            </tr>
        }
    });
    let lines = lines.collect_view();
    view! {
        <TableRegion id="deployments-table" caption="Deployments in the order written" unseen_caption=true>
            <thead>
                <tr>
                    <th scope="col">"Number"</th>
                    <th scope="col">"Environment"</th>
                    <th scope="col">"Version or reference"</th>
                    <th scope="col">"Since"</th>
                    <th scope="col">"Rolled back"</th>
                </tr>
            </thead>
            <tbody>{lines}</tbody>
        </TableRegion>
    }
    .into_any()
}

fn deploy(page: &str, places: Places) -> AnyView {
    let form = FormState::of(paths::act(page, "deploy"));
    let class = if places.is_next { "primary" } else { "" };
    let open = places.is_next || form.came_back();
    view! {
        <Disclosure name="Record a deployment" open=open>
            <Form state=form.clone()>
                <SelectField form=form.name.clone() name="environment" label="Environment" options=places.options value=form.value("environment", places.usual) error=form.error("environment") required=true/>
                <Field form=form.name.clone() name="reference" label="Version or reference" value=form.value("reference", "") hint="What is live: a version, a commit, a pull request." error=form.error("reference") required=true max_length=160/>
                <Field form=form.name.clone() name="at" label="Live since" kind="datetime-local" value=form.value("at", "") hint="Empty means now. Only runs that started afterwards can prove anything." error=form.error("at")/>
                <div class="row"><button class=class>"Record deployment"</button></div>
            </Form>
        </Disclosure>
    }
    .into_any()
}

fn roll_back(page: &str, live: &[(usize, &Deployment)], times: &Times) -> AnyView {
    let form = FormState::of(paths::act(page, "roll-back"));
    let option = |(place, deployment): &(usize, &Deployment)| {
        let number = place + 1;
        let words =
            format!("{number}: {} in {}, {}", deployment.reference, deployment.environment, times.day(deployment.at));
        (number.to_string(), words)
    };
    let options = live.iter().rev().map(option).collect();
    let open = form.came_back();
    view! {
        <Disclosure name="Roll a deployment back" open=open>
            <Form state=form.clone()>
                <SelectField form=form.name.clone() name="number" label="Deployment" options=options value=form.value("number", "") error=form.error("number")/>
                <AreaField form=form.name.clone() name="text" label="Why" value=form.value("text", "") error=form.error("text") rows=2 required=true/>
                <Field form=form.name.clone() name="at" label="Rolled back at" kind="datetime-local" value=form.value("at", "") hint="Empty means now." error=form.error("at")/>
                <div class="row"><button>"Record roll-back"</button></div>
            </Form>
        </Disclosure>
    }
    .into_any()
}

/// A closed ticket and giving up.
pub fn other_acts(desk: &Desk, facts: &FixFacts) -> Option<AnyView> {
    if facts.withdrawn.is_some() {
        return None;
    }
    let page = paths::fix(facts.id);
    let ticket = desk.shows(Act::RecordDeployment).then(|| note_closed_ticket(&page));
    let withdraw = desk.shows(Act::WriteFix).then(|| withdraw(&page));
    Some(view! { <section><h2>"Other events"</h2>{ticket}{withdraw}</section> }.into_any())
}

fn note_closed_ticket(page: &str) -> AnyView {
    let form = FormState::of(paths::act(page, "note-closed-ticket"));
    let open = form.came_back();
    view! {
        <Disclosure name="Note a closed ticket" open=open>
            <p>"A closed ticket elsewhere proves nothing here and deploys nothing: the fix waits for its rerun as before."</p>
            <Form state=form.clone()>
                <AreaField form=form.name.clone() name="text" label="Which ticket, closed how" value=form.value("text", "") error=form.error("text") rows=2 required=true/>
                <div class="row"><button>"Note closed ticket"</button></div>
            </Form>
        </Disclosure>
    }
    .into_any()
}

fn withdraw(page: &str) -> AnyView {
    let form = FormState::of(paths::act(page, "withdraw"));
    let open = form.came_back();
    view! {
        <Disclosure name="Withdraw the fix" open=open>
            <p>"Withdrawing is final: a new try is a new fix."</p>
            <Form state=form.clone()>
                <AreaField form=form.name.clone() name="text" label="Why it is given up" value=form.value("text", "") error=form.error("text") rows=2 required=true/>
                <div class="row"><button class="danger">"Withdraw fix"</button></div>
            </Form>
        </Disclosure>
    }
    .into_any()
}
