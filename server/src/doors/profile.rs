//! One's own account: profile, password, tokens for programs, login sessions.

use app::{ask::ShownOnce, keys::Singles, look::Theme, paths, reading, safe};
use axum::response::Response;
use notebook::{
    actor::Act,
    people::{self, Account, LoginSession, PasswordDraft, ProfileDraft, Token, TokenDraft, acts},
    time::Zone,
};
use schemars::JsonSchema;
use serde::Serialize;

use super::people::Shown;
use crate::{
    api::Api,
    cookies,
    guard::Who,
    operations::{Doors, Twin, act, look},
    pages::add_cookie,
    reply::{At, Door},
};

pub fn doors() -> Doors {
    Doors::of("profile", "One's own account.")
        .read("/me", me, look("show", "Show the account this token belongs to.").versioned::<Account>())
        .act(
            "/profile",
            change_profile,
            act("edit", Act::ChangeOwnProfile, "Change your own name, zone and theme.")
                .takes::<ProfileDraft>()
                .edits::<Account>(),
        )
        .act(
            "/profile/password",
            change_password,
            act("change_password", Act::ChangeOwnProfile, "Change your own password; your login sessions end.")
                .takes::<PasswordDraft>()
                .answers::<Account>()
                .counts_tries(),
        )
        .form("/theme", set_theme, Twin::Operation("profile_edit"))
        .form(
            reading::ADDRESS,
            set_reading,
            Twin::None("one browser's own way of reading pages; programs read instants in UTC"),
        )
        .and(tokens())
        .and(logins())
}

fn tokens() -> Doors {
    Doors::of("tokens", "Tokens for one's own programs.")
        .names::<i64>("id", "The token's number.")
        .read(
            "/profile/tokens",
            list_tokens,
            act("list", Act::MakeToken, "List your tokens with scope, end and last use.").answers::<Tokens>(),
        )
        .act(
            "/profile/tokens",
            make_token,
            act("make", Act::MakeToken, "Make a token.")
                .takes::<TokenDraft>()
                .shows_once::<Shown>()
                .more("The answer's text is the token. It is shown in this answer and nowhere again."),
        )
        .act(
            "/profile/tokens/{id}/revoke",
            revoke_token,
            act("revoke", Act::MakeToken, "Make one of your tokens useless."),
        )
}

fn logins() -> Doors {
    Doors::of("logins", "Browsers in which one is signed in.")
        .names::<String>("key", "The login session's key.")
        .read(
            "/profile/logins",
            list_logins,
            act("list", Act::ChangeOwnProfile, "List your login sessions, the last seen first.").answers::<Logins>(),
        )
        .act(
            "/profile/logins/{key}/end",
            end_login,
            act("end", Act::ChangeOwnProfile, "End one of your login sessions."),
        )
        .act(
            "/profile/end-other-logins",
            end_other_logins,
            act(
                "end_others",
                Act::ChangeOwnProfile,
                "End all your login sessions but the one that asks; the answer says how many.",
            )
            .answers::<u64>(),
        )
}

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

/// What is sent of how this browser reads: the zone of times in runs, whether single keys act, or how closely rows stand.
async fn set_reading(door: Door) -> Response {
    let mut response = door.see_other(&safe::local_path(door.sent.value("next")), "");
    let secure = door.state.site.base.is_https();
    match door.sent.value("keys") {
        reading::ON => add_cookie(&mut response, cookies::keys(Singles::Always, secure)),
        reading::HELD => add_cookie(&mut response, cookies::keys(Singles::Held, secure)),
        reading::OFF => add_cookie(&mut response, cookies::keys(Singles::Never, secure)),
        _ => {}
    }
    match door.sent.value("density") {
        reading::COMPACT => add_cookie(&mut response, cookies::density(true, secure)),
        reading::COMFORTABLE => add_cookie(&mut response, cookies::density(false, secure)),
        _ => {}
    }
    match door.sent.value("zone") {
        "" => {}
        zone => add_cookie(&mut response, cookies::zone(Zone::named(zone).as_ref(), secure)),
    }
    response
}

// --- for programs

async fn me(api: Api) -> Response {
    let own = acts::own(&api.desk).await;
    api.thing(own, |own| own.version)
}

#[derive(Serialize, JsonSchema)]
struct Tokens {
    /// Oldest first.
    tokens: Vec<Token>,
}

async fn list_tokens(api: Api) -> Response {
    let own = acts::tokens(&api.desk).await.map(|tokens| Tokens { tokens });
    api.answer(own)
}

#[derive(Serialize, JsonSchema)]
struct Logins {
    logins: Vec<LoginSession>,
}

async fn list_logins(api: Api) -> Response {
    let own = acts::sessions(&api.desk).await.map(|logins| Logins { logins });
    api.answer(own)
}
