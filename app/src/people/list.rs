//! Who is here, what they may do, and who is invited.

use leptos::prelude::*;
use notebook::actor::{Act, Role};
use notebook::desk::Desk;
use notebook::fault::Result;
use notebook::limits::{QUORUM_ELSEWHERE, QUORUM_PRODUCTION};
use notebook::people::acts::Solo;
use notebook::people::{Account, Invitation, acts};

use super::fields;
use crate::ask::page;
use crate::form::{Form, FormState};
use crate::frame::{Crumb, Frame};
use crate::parts::badge::{Badge, Family};
use crate::parts::choices::CheckField;
use crate::parts::icon::IconName;
use crate::parts::page::PageHead;
use crate::parts::table::TableRegion;
use crate::paths;
use crate::safe::PageTitle;
use crate::times::Times;

#[component]
pub fn PeoplePage() -> impl IntoView {
    page(|desk| async move {
        let people = acts::list(&desk).await?;
        let times = Times::of(&desk);
        let administers = desk.shows(Act::ManagePeople);
        let for_admins = if administers { Some(administration(&desk, &times).await?) } else { None };
        Ok(view! {
            <Frame crumbs=vec![Crumb { label: "People".into(), href: None }]>
                <PageTitle text="People"/>
                <PageHead title="People"/>
                <div class="stack">
                    {administers.then(|| view! { <p><a href=paths::mail()>"What became of e-mail to people"</a></p> })}
                    {fields::shown_once()}
                    {table(people, administers, &times)}
                    {for_admins}
                </div>
            </Frame>
        }
        .into_any())
    })
}

fn table(people: Vec<Account>, administers: bool, times: &Times) -> AnyView {
    let rows: Vec<_> = people.into_iter().map(|account| row(account, administers, times)).collect();
    view! {
        <TableRegion id="people" caption="Everybody with an account">
            <thead>
                <tr>
                    <th scope="col">"Name"</th>
                    <th scope="col">"E-mail"</th>
                    <th scope="col">"Role"</th>
                    <th scope="col">"Since"</th>
                    {administers.then(|| view! { <th scope="col">"Account"</th> })}
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </TableRegion>
    }
    .into_any()
}

fn row(account: Account, administers: bool, times: &Times) -> AnyView {
    let rights = if administers { rights_form(&account) } else { rights_words(&account) };
    let disabled =
        account.disabled.then(|| view! { <Badge icon=IconName::Ban word="Disabled" family=Family::Neutral/> });
    let since = times.when(account.created_at);
    let acts = administers.then(|| view! { <td>{account_acts(&account)}</td> });
    view! {
        <tr>
            <td>{account.name} " " {disabled}</td>
            <td>{account.email}</td>
            <td>{rights}</td>
            <td>{since}</td>
            {acts}
        </tr>
    }
    .into_any()
}

fn rights_words(account: &Account) -> AnyView {
    let reverts = account.can_revert.then_some(", can revert");
    view! { {fields::title(account.role)} {reverts} }.into_any()
}

fn rights_form(account: &Account) -> AnyView {
    let state = FormState::of(paths::act(&paths::person(account.id), "rights"));
    let words = rights_words(account);
    let version = account.version.to_string();
    let (role, can_revert) = (account.role, account.can_revert);
    view! {
        <details>
            <summary>{words}</summary>
            <Form state=state.clone()>
                {fields::hidden("version", version)}
                {fields::role(&state, role)}
                <CheckField
                    form=state.name.clone()
                    name="can_revert"
                    value="on"
                    label="Can revert"
                    hint="May be counted on to end a fault by hand."
                    checked=state.ticked("can_revert", can_revert)
                />
                <div class="row"><button>"Save rights"</button></div>
            </Form>
        </details>
    }
    .into_any()
}

fn account_acts(account: &Account) -> AnyView {
    let person = paths::person(account.id);
    let button = |act: &str, words: &'static str, class: Option<&'static str>| {
        let state = FormState::of(paths::act(&person, act));
        view! { <Form state><button class=class>{words}</button></Form> }.into_any()
    };
    let acts = if account.disabled {
        vec![button("enable", "Enable", None)]
    } else {
        vec![
            button("reset-link", "Make password link", Some("quiet")),
            button("end-logins", "End login sessions", Some("quiet")),
            button("disable", "Disable", Some("danger")),
        ]
    };
    view! { <div class="row">{acts}</div> }.into_any()
}

/// The switch is on, and there is a second person all the same.
fn not_alone(people: i64) -> String {
    format!(
        "Working alone is switched on and does not hold: {people} people have open accounts that can do more than look, so a second person is asked. A run in production takes {QUORUM_PRODUCTION} people who are present, elsewhere {QUORUM_ELSEWHERE}."
    )
}

async fn administration(desk: &Desk, times: &Times) -> Result<AnyView> {
    let invitations = acts::invitations(desk).await?;
    let solo = acts::solo_now(desk).await?;
    Ok(view! {
        <section class="card stack">
            <h2>"Invite a colleague"</h2>
            {invite_form()}
            {(!invitations.is_empty()).then(|| invited(invitations, times))}
        </section>
        <section class="card stack">
            <h2>"Working alone"</h2>
            {solo_form(solo)}
        </section>
        <section class="card stack">
            <h2>"Sample notebook"</h2>
            <p>"An invented company\u{2019}s experiments, to look at and to try things on. "<a href=paths::sample()>"Write or remove the sample"</a></p>
        </section>
    }
    .into_any())
}

fn invite_form() -> AnyView {
    let state = FormState::of(paths::act(&paths::people(), "invite"));
    view! {
        <Form state=state.clone()>
            {fields::email(&state, "", "off")}
            {fields::role(&state, Role::Contributor)}
            <div class="row"><button class="primary">"Make invitation link"</button></div>
        </Form>
    }
    .into_any()
}

fn invited(invitations: Vec<Invitation>, times: &Times) -> AnyView {
    let rows: Vec<_> = invitations
        .into_iter()
        .map(|invitation| {
            let revoke = FormState::of(format!("{}/invitations/{}/revoke", paths::people(), invitation.key));
            view! {
                <tr>
                    <td>{invitation.email}</td>
                    <td>{fields::title(invitation.role)}</td>
                    <td>{invitation.made_by.unwrap_or_else(|| "the operator".to_owned())}</td>
                    <td>{times.when(invitation.expires_at)}</td>
                    <td><Form state=revoke><button class="quiet">"Revoke"</button></Form></td>
                </tr>
            }
        })
        .collect();
    view! {
        <TableRegion id="invitations" caption="Invitations not yet taken up">
            <thead>
                <tr>
                    <th scope="col">"E-mail"</th>
                    <th scope="col">"Role"</th>
                    <th scope="col">"Invited by"</th>
                    <th scope="col">"Ends"</th>
                    <th scope="col"><span class="unseen">"Revoke"</span></th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </TableRegion>
    }
    .into_any()
}

fn solo_form(solo: Solo) -> AnyView {
    let state = FormState::of(paths::act(&paths::people(), "solo"));
    let (now, value, button) = match (solo.is_on, solo.holds()) {
        (true, true) => ("One person may review their own plans here.".into(), "", "Ask for a second person again"),
        (true, false) => (not_alone(solo.people), "", "Ask for a second person again"),
        (false, _) => (
            "A plan is reviewed by somebody who did not write it.".into(),
            "on",
            "Let one person review their own plans",
        ),
    };
    view! {
        <p>{now}</p>
        <Form state=state>
            {fields::hidden("solo", value.to_owned())}
            <div class="row"><button>{button}</button></div>
        </Form>
    }
    .into_any()
}
