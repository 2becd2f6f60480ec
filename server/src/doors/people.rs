//! Setup, signing in and out, invitations, accounts.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use app::{
    ask::{Returned, ShownOnce},
    paths, safe,
};
use axum::{
    Json,
    extract::ConnectInfo,
    http::{Extensions, HeaderName, HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use notebook::{
    actor::{Act, PersonId},
    fault::{Error, Fault, Result},
    people::{AcceptDraft, Account, Invitation, InviteDraft, ResetDraft, RightsDraft, SetupDraft, SoloDraft, acts},
    refusal::Refusal,
    samples,
    shapes::{Limit, Param},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tower_sessions::Session;

use super::asked::{self, Asking};
use crate::{
    api::Api,
    guard::{Who, is_api},
    operations::{Doors, Twin, act, look, open},
    pages::{self, With},
    paging::List,
    reply::{At, Door, KEPT, Kept, session_broke},
    session::{self, known},
    state::AppState,
};

pub fn doors() -> Doors {
    let link = "The answer's text is a link that works once. It is shown in this answer and nowhere again.";
    Doors::of("people", "Accounts, invitations, and how people come in.")
        .names::<PersonId>("id", "A person's number.")
        .names::<String>("key", "The invitation's key.")
        .and(coming_in())
        .read(
            "/people",
            list,
            look("list", "List everybody by name, disabled accounts among them.").pages::<Asked>().answers::<Listed>(),
        )
        .read("/people/{id}", show, look("show", "Show one person's account.").versioned::<Account>())
        .read(
            "/people/invitations",
            invitations,
            act("list_invitations", Act::ManagePeople, "List invitations that can still be taken up.")
                .answers::<Invitations>(),
        )
        .act(
            "/people/invite",
            invite,
            act("invite", Act::ManagePeople, "Invite somebody by mail address and role.")
                .takes::<InviteDraft>()
                .shows_once::<Shown>()
                .more(link),
        )
        .act(
            "/people/invitations/{key}/revoke",
            revoke_invitation,
            act("revoke_invitation", Act::ManagePeople, "Take an invitation back."),
        )
        .act(
            "/people/{id}/rights",
            set_rights,
            act("rights", Act::ManagePeople, "Give a person another role.").takes::<RightsDraft>().edits::<Account>(),
        )
        .act(
            "/people/{id}/disable",
            disable,
            act("disable", Act::ManagePeople, "Shut a person out; what they did stays.").answers::<Account>(),
        )
        .act(
            "/people/{id}/enable",
            enable,
            act("enable", Act::ManagePeople, "Let a disabled person in again.").answers::<Account>(),
        )
        .act(
            "/people/{id}/reset-link",
            reset_link,
            act("reset_link", Act::ManagePeople, "Make a link with which a person sets a new password.")
                .shows_once::<Shown>()
                .more(link),
        )
        .act(
            "/people/{id}/end-logins",
            end_all_logins,
            act("end_logins", Act::ManagePeople, "End all login sessions of a person; the answer says how many.")
                .answers::<u64>(),
        )
        .and(settings())
}

fn coming_in() -> Doors {
    let session = "a login session belongs to a browser; a program brings a token";
    Doors::of("people", "")
        .act(
            "/setup",
            set_up,
            open("set_up", "Make the first account, with the token of the setup link.")
                .takes::<SetupDraft>()
                .answers::<Account>(),
        )
        .act(
            "/invite",
            accept,
            open("accept", "Take up an invitation with its token.").takes::<AcceptDraft>().answers::<Account>(),
        )
        .act(
            "/reset",
            reset_password,
            open("reset_password", "Set a new password with the token of a reset link.")
                .takes::<ResetDraft>()
                .answers::<Account>(),
        )
        .form("/login", sign_in, Twin::None(session))
        .form("/logout", sign_out, Twin::None(session))
}

fn settings() -> Doors {
    Doors::of("settings", "The notebook's own switches.")
        .read("/settings", show_settings, look("show", "Show the notebook's switches.").answers::<Settings>())
        .act(
            "/people/solo",
            set_solo,
            act("solo", Act::ManageSettings, "Say whether one person works alone; the answer is how it stands now.")
                .takes::<SoloDraft>()
                .answers::<bool>()
                .more("Then they may review their own plans, and the record says that there was no second person."),
        )
}

// --- coming in

async fn set_up(door: Door) -> Response {
    let door = door.page(paths::setup()).open();
    let made = async {
        may_come_in(&door)?;
        let draft: SetupDraft = door.sent.draft()?;
        let account = acts::set_up(&door.desk, &draft).await?;
        remove_setup_token(&door.state).await;
        let sample = if draft.begins_with_sample() { first_sample(&door, &account).await } else { "" };
        greet(&door, &account).await?;
        Ok((account, sample))
    };
    match made.await {
        Ok((account, _)) if is_program(&door) => Json(account).into_response(),
        Ok((account, sample)) => {
            let welcome = format!("Welcome, {}. You are the admin of this notebook.{sample}", account.name);
            door.see_other(&paths::today(), welcome)
        }
        Err(error) => door.refuse(error).await,
    }
}

/// The account is made, whatever becomes of the sample; it can be written later too.
async fn first_sample(door: &Door, account: &Account) -> &'static str {
    let who = Who::signed_in(account, String::new());
    match samples::acts::write(&who.desk(&door.state.notebook)).await {
        Ok(_) => "",
        Err(error) => {
            tracing::error!(%error, "the sample is not written");
            " The sample could not be written; try again under People."
        }
    }
}

/// The file has done its work; a stale one only confuses.
async fn remove_setup_token(state: &AppState) {
    let file = state.site.setup_token_file();
    if let Err(trouble) = tokio::fs::remove_file(&file).await
        && trouble.kind() != std::io::ErrorKind::NotFound
    {
        tracing::warn!(%trouble, file = %file.display(), "the used setup token stays");
    }
}

async fn sign_in(mut door: Door) -> Response {
    // A form kept on the sign-in page stays there when the password is wrong.
    if let Some(kept) = door.sent.hidden(KEPT).map(str::to_owned) {
        door.sent.values.push((KEPT.to_owned(), kept));
    }
    let door = door.page(paths::login("")).open();
    let come = async {
        may_come_in(&door)?;
        let account = acts::sign_in(&door.desk, door.sent.value("email"), door.sent.value("password")).await?;
        begin_session(&door, &account).await
    };
    match come.await {
        Ok(who) => go_on(door, who).await,
        Err(error) => {
            tracing::info!(request = %crate::api::request_id(&door.parts.extensions), %error, "sign-in refused");
            door.refuse(error).await
        }
    }
}

/// To where they were going; a form they had sent comes back filled, and is not sent by itself.
async fn go_on(mut door: Door, who: Who) -> Response {
    let kept = door.sent.hidden(KEPT).and_then(|text| serde_json::from_str::<Kept>(text).ok());
    let Some(kept) = kept else {
        return door.see_other(&safe::local_path(door.sent.value("next")), "");
    };
    door.parts.extensions.insert(who);
    let note = Some("You were signed out. Nothing was sent yet: check and send again.".to_owned());
    let returned = Some(Returned { action: kept.action, values: kept.values, refusal: None, note });
    pages::render(&door.state, &door.parts, &kept.page, With { returned, ..With::default() }).await
}

async fn sign_out(door: Door) -> Response {
    if let Some(session) = door.parts.extensions.get::<Session>()
        && let Err(trouble) = session.flush().await
    {
        return door.refuse(session_broke(trouble)).await;
    }
    let mut response = door.see_other(&paths::login(""), "You are signed out.");
    // Drafts the browser keeps are not for whoever sits here next.
    response.headers_mut().insert(HeaderName::from_static("clear-site-data"), HeaderValue::from_static("\"storage\""));
    response
}

async fn accept(door: Door) -> Response {
    let page = paths::invitation(door.sent.value("token"));
    let door = door.page(page).open();
    let made = async {
        may_come_in(&door)?;
        let account = acts::accept(&door.desk, &door.sent.draft()?).await?;
        greet(&door, &account).await?;
        Ok(account)
    };
    match made.await {
        Ok(account) if is_program(&door) => Json(account).into_response(),
        Ok(account) => door.see_other(&paths::today(), format!("Welcome, {}.", account.name)),
        Err(error) => door.refuse(error).await,
    }
}

async fn reset_password(door: Door) -> Response {
    let page = paths::reset(door.sent.value("token"));
    let door = door.page(page).open();
    let set = async {
        may_come_in(&door)?;
        acts::reset_password(&door.desk, &door.sent.draft()?).await
    };
    match set.await {
        Ok(account) if is_program(&door) => Json(account).into_response(),
        Ok(_) => door.see_other(&paths::login(""), "Your new password is set. Sign in with it."),
        Err(error) => door.refuse(error).await,
    }
}

/// Whether JSON was sent. Programs get no login session: each of their requests brings a token.
fn is_program(door: &Door) -> bool {
    is_api(door.parts.uri.path())
}

/// A browser is signed in with its new account.
async fn greet(door: &Door, account: &Account) -> Result<()> {
    if !is_program(door) {
        begin_session(door, account).await?;
    }
    Ok(())
}

/// Counts the try, and refuses to take a password that others could read on its way.
fn may_come_in(door: &Door) -> Result<(), Refusal> {
    let site = &door.state.site;
    if site.is_open_to_readers() && !site.allow_insecure_http {
        let state = "this notebook is served over plain http, and others on the network could read your password; \
                     its operator can serve it over https and set --base-url, or accept the risk with --allow-insecure-http";
        return Err(Refusal::NotNow { act: "sign in".into(), state: state.into() });
    }
    door.state.limiter.check(client(&door.parts.extensions))
}

/// Who asks; what a request says of that in its headers anybody can write.
pub(super) fn client(extensions: &Extensions) -> IpAddr {
    extensions.get::<ConnectInfo<SocketAddr>>().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |info| info.0.ip())
}

/// A new login session under a new id, whatever cookie the browser came with.
pub(super) async fn begin_session(door: &Door, account: &Account) -> Result<Who> {
    let session = door.parts.extensions.get::<Session>().ok_or_else(|| Fault::Work("no session layer".into()))?;
    let agent = door.parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let begun = async {
        session.cycle_id().await?;
        session.insert(known::PERSON, account.id.0).await?;
        session.insert(known::AGENT, agent).await?;
        session.insert(known::SEEN, door.desk.now().micros()).await?;
        session.save().await
    };
    begun.await.map_err(session_broke)?;
    let id = session.id().ok_or_else(|| Error::Broken(Fault::Work("a saved session has no id".into())))?;
    tracing::info!(person = account.id.0, request = %crate::api::request_id(&door.parts.extensions), "signed in");
    Ok(Who::signed_in(account, session::key(id)))
}

// --- people

async fn invite(door: Door) -> Response {
    door.page(paths::people())
        .show_once(
            |desk, draft| async move { acts::invite(&desk, &draft).await },
            |door, token| ShownOnce {
                label: "Give this link to the person you invite. It is shown once and works for 7 days.".into(),
                text: door.state.site.base.with(&paths::invitation(&token)),
            },
        )
        .await
}

async fn revoke_invitation(At(key): At<String>, door: Door) -> Response {
    door.page(paths::people())
        .act(
            |desk| async move { acts::revoke_invitation(&desk, &key).await },
            |()| (paths::people(), "Invitation revoked."),
        )
        .await
}

async fn set_solo(door: Door) -> Response {
    door.page(paths::people())
        .run(
            |desk, draft| async move { acts::set_solo(&desk, &draft).await },
            |on| {
                (
                    paths::people(),
                    if *on { "One person may now review their own plans." } else { "Plans need a second person." },
                )
            },
        )
        .await
}

async fn set_rights(At(id): At<PersonId>, door: Door) -> Response {
    door.page(paths::people())
        .run(
            |desk, draft| async move { acts::set_rights(&desk, id, &draft).await },
            |account| (paths::people(), format!("Rights of {} saved.", account.name)),
        )
        .await
}

async fn disable(At(id): At<PersonId>, door: Door) -> Response {
    door.page(paths::people())
        .act(
            |desk| async move { acts::disable(&desk, id).await },
            |account| (paths::people(), format!("{} can no longer sign in.", account.name)),
        )
        .await
}

async fn enable(At(id): At<PersonId>, door: Door) -> Response {
    door.page(paths::people())
        .act(
            |desk| async move { acts::enable(&desk, id).await },
            |account| (paths::people(), format!("{} can sign in again.", account.name)),
        )
        .await
}

async fn reset_link(At(id): At<PersonId>, door: Door) -> Response {
    door.page(paths::people())
        .show_once(
            |desk, crate::reply::NoDraft {}| async move { acts::reset_link(&desk, id).await },
            |door, token| ShownOnce {
                label: "Give this link to its person: it sets a new password. It is shown once and works for 24 hours."
                    .into(),
                text: door.state.site.base.with(&paths::reset(&token)),
            },
        )
        .await
}

async fn end_all_logins(At(id): At<PersonId>, door: Door) -> Response {
    door.page(paths::people())
        .act(
            |desk| async move { acts::end_all_sessions(&desk, Some(id)).await },
            |ended| (paths::people(), format!("{ended} login sessions ended.")),
        )
        .await
}

// --- for programs

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Asked {
    /// The number of the last person on the page before.
    #[schemars(with = "Param<PersonId>")]
    after: String,
    /// People on the page.
    #[schemars(with = "Param<Limit>")]
    limit: String,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "People")]
struct Listed {
    people: Vec<Account>,
    /// Whether there is a next page.
    more: bool,
}

async fn list(Asking(asked): Asking<Asked>, list: List) -> Response {
    let listed = async {
        let after = asked::id(&asked.after, "after", "is no person's number")?.map(PersonId);
        let (people, more) = acts::page(list.desk(), after, asked::rows(&asked.limit)?).await?;
        let last = people.last().filter(|_| more).map(|person| person.id.0.to_string());
        Ok((Listed { people, more }, last))
    };
    let listed = listed.await;
    list.answer("after", listed)
}

async fn show(At(id): At<PersonId>, api: Api) -> Response {
    let account = acts::load(&api.desk, id).await;
    api.thing(account, |account| account.version)
}

/// A secret that is shown once.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "a shape for the description; the answer is written by `show_once`")]
pub(super) struct Shown {
    /// What it is and how long it works.
    label: String,
    text: String,
}

#[derive(Serialize, JsonSchema)]
struct Invitations {
    /// Oldest first.
    invitations: Vec<Invitation>,
}

async fn invitations(api: Api) -> Response {
    let open = acts::invitations(&api.desk).await.map(|invitations| Invitations { invitations });
    api.answer(open)
}

#[derive(Serialize, JsonSchema)]
struct Settings {
    /// Whether one person works alone here: switched on, and nobody else has an open account that can do
    /// more than look.
    solo: bool,
}

async fn show_settings(api: Api) -> Response {
    let settings = acts::solo(&api.desk).await.map(|solo| Settings { solo });
    api.answer(settings)
}
