//! Setup, signing in and out, invitations, accounts, one's own profile.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use app::{
    ask::{Returned, ShownOnce},
    look::Theme,
    paths, safe,
};
use axum::{
    Router,
    extract::ConnectInfo,
    http::{HeaderName, HeaderValue, header, request::Parts},
    response::Response,
    routing::{get, post},
};
use notebook::{
    actor::PersonId,
    fault::{Error, Fault, Result},
    people::{self, Account, SetupDraft, acts},
    refusal::Refusal,
    samples,
};
use tower_sessions::Session;

use crate::{
    api::Api,
    cookies,
    guard::Who,
    pages::{self, With, add_cookie},
    reply::{At, Door, KEPT, Kept, session_broke},
    session::{self, known},
    state::AppState,
};

pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/setup", post(set_up))
        .route("/login", post(sign_in))
        .route("/logout", post(sign_out))
        .route("/invite", post(accept))
        .route("/reset", post(reset_password))
        .route("/theme", post(set_theme))
        .route("/people/invite", post(invite))
        .route("/people/invitations/{key}/revoke", post(revoke_invitation))
        .route("/people/solo", post(set_solo))
        .route("/people/{id}/rights", post(set_rights))
        .route("/people/{id}/disable", post(disable))
        .route("/people/{id}/enable", post(enable))
        .route("/people/{id}/reset-link", post(reset_link))
        .route("/people/{id}/end-logins", post(end_all_logins))
        .route("/profile", post(change_profile))
        .route("/profile/password", post(change_password))
        .route("/profile/tokens", post(make_token))
        .route("/profile/tokens/{id}/revoke", post(revoke_token))
        .route("/profile/logins/{key}/end", post(end_login))
        .route("/profile/end-other-logins", post(end_other_logins))
        .route("/api/v1/me", get(me))
        .route("/api/v1/people", get(list))
        .route("/api/v1/people/invite", post(invite))
        .route("/api/v1/people/solo", post(set_solo))
        .route("/api/v1/people/{id}/rights", post(set_rights))
        .route("/api/v1/people/{id}/disable", post(disable))
        .route("/api/v1/people/{id}/enable", post(enable))
        .route("/api/v1/people/{id}/reset-link", post(reset_link))
        .route("/api/v1/people/{id}/end-logins", post(end_all_logins))
}

// --- coming in

async fn set_up(door: Door) -> Response {
    let door = door.page(paths::setup()).open();
    let made = async {
        may_come_in(&door)?;
        let draft: SetupDraft = door.sent.draft()?;
        let account = acts::set_up(&door.desk, &draft).await?;
        let who = begin_session(&door, &account).await?;
        Ok((account, who, draft.begins_with_sample()))
    };
    match made.await {
        Ok((account, who, with_sample)) => {
            remove_setup_token(&door.state).await;
            let sample = if with_sample { first_sample(&door, &who).await } else { "" };
            door.see_other(
                &paths::today(),
                format!("Welcome, {}. You are the admin of this notebook.{sample}", account.name),
            )
        }
        Err(error) => door.refuse(error).await,
    }
}

/// The account is made, whatever becomes of the sample; it can be written later too.
async fn first_sample(door: &Door, who: &Who) -> &'static str {
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
        begin_session(&door, &account).await?;
        Ok(account)
    };
    match made.await {
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
        Ok(_) => door.see_other(&paths::login(""), "Your new password is set. Sign in with it."),
        Err(error) => door.refuse(error).await,
    }
}

/// Counts the try, and refuses to take a password that others could read on its way.
fn may_come_in(door: &Door) -> Result<(), Refusal> {
    let site = &door.state.site;
    if site.is_open_to_readers() && !site.allow_insecure_http {
        let state = "this notebook is served over plain http, and others on the network could read your password; \
                     its operator can serve it over https and set --base-url, or accept the risk with --allow-insecure-http";
        return Err(Refusal::NotNow { act: "sign in".into(), state: state.into() });
    }
    door.state.limiter.check(client(&door.parts))
}

fn client(parts: &Parts) -> IpAddr {
    parts.extensions.get::<ConnectInfo<SocketAddr>>().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |info| info.0.ip())
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

async fn set_theme(door: Door) -> Response {
    let theme = Theme::from_word(door.sent.value("theme"));
    if let Some(theme) = people::Theme::named(theme.as_str()).filter(|_| door.desk.person().is_some())
        && let Err(error) = acts::set_theme(&door.desk, theme).await
    {
        return door.refuse(error).await;
    }
    let mut response = door.see_other(&safe::local_path(door.sent.value("next")), "");
    add_cookie(&mut response, cookies::theme(theme, door.state.site.base.is_https()));
    response
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
                    if *on {
                        "One person may now review their own plans."
                    } else {
                        "Plans need a second person again."
                    },
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

// --- one's own profile

async fn change_profile(door: Door) -> Response {
    door.page(paths::profile())
        .run(
            |desk, draft| async move { acts::change_profile(&desk, &draft).await },
            |_| (paths::profile(), "Profile saved."),
        )
        .await
}

async fn change_password(door: Door) -> Response {
    let session = Who::of(&door.parts).session;
    door.page(paths::profile())
        .run(
            |desk, draft| async move { acts::change_password(&desk, &draft, &session).await },
            |_| (paths::profile(), "Password changed. Your other login sessions ended."),
        )
        .await
}

async fn make_token(door: Door) -> Response {
    door.page(paths::profile())
        .show_once(
            |desk, draft| async move { acts::make_token(&desk, &draft).await },
            |_, (token, text)| ShownOnce {
                label: format!("The token \"{}\". Copy it now: it is shown once.", token.name),
                text,
            },
        )
        .await
}

async fn revoke_token(At(id): At<i64>, door: Door) -> Response {
    door.page(paths::profile())
        .act(|desk| async move { acts::revoke_token(&desk, id).await }, |()| (paths::profile(), "Token revoked."))
        .await
}

async fn end_login(At(key): At<String>, door: Door) -> Response {
    door.page(paths::profile())
        .act(
            |desk| async move { acts::end_session(&desk, &key).await },
            |()| (paths::profile(), "Login session ended."),
        )
        .await
}

async fn end_other_logins(door: Door) -> Response {
    let session = Who::of(&door.parts).session;
    door.page(paths::profile())
        .act(
            |desk| async move { acts::end_other_sessions(&desk, &session).await },
            |ended| (paths::profile(), format!("{ended} other login sessions ended.")),
        )
        .await
}

// --- for programs

async fn me(api: Api) -> Response {
    let own = acts::own(&api.desk).await;
    api.answer(own)
}

async fn list(api: Api) -> Response {
    let list = acts::list(&api.desk).await;
    api.answer(list)
}
