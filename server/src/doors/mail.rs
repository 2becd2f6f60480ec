//! What became of e-mail: one's own for everybody, and for admins whether it went to whom.

use app::paths;
use axum::response::Response;
use notebook::{
    actor::Act,
    notifications::acts::{self, Channels, MailTo, OwnMail},
};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{
    api::Api,
    operations::{Doors, act},
    reply::{At, Door},
    state::AppState,
};

pub fn doors() -> Doors {
    Doors::of("mail", "What became of e-mail.")
        .names::<i64>("id", "The e-mail's number.")
        .read(
            "/profile/mail",
            list,
            act("list", Act::ChangeOwnProfile, "List your newest e-mails with every try.").answers::<OwnListed>(),
        )
        .act(
            "/profile/mail/{id}/resend",
            resend,
            act("resend", Act::ChangeOwnProfile, "Send an e-mail of yours again.")
                .more("It keeps the name it had. Tests and what is sent again are at most five in an hour."),
        )
        .read(
            "/mail",
            list_all,
            act(
                "list_all",
                Act::ManagePeople,
                "List the newest e-mails to anybody with every try, without what they say.",
            )
            .answers::<Listed>(),
        )
        .act(
            "/mail/{id}/resend",
            resend_to,
            act("resend_to", Act::ManagePeople, "Send somebody's e-mail again, outside of their quiet hours.")
                .more("It keeps the name it had. What is sent again to one person is at most five in an hour."),
        )
}

/// What the server sends with.
pub fn channels(state: &AppState) -> Channels {
    Channels { origin: state.site.base.origin().to_owned(), mail: state.mail }
}

async fn resend(At(id): At<i64>, door: Door) -> Response {
    let channels = channels(&door.state);
    door.page(paths::own_mail())
        .act(
            |desk| async move { acts::resend_own_mail(&desk, &channels, id).await },
            |()| (paths::own_mail(), "It is sent again, under the name it had."),
        )
        .await
}

async fn resend_to(At(id): At<i64>, door: Door) -> Response {
    let channels = channels(&door.state);
    door.page(paths::mail())
        .act(
            |desk| async move { acts::resend_mail(&desk, &channels, id).await },
            |()| (paths::mail(), "It is sent again, under the name it had."),
        )
        .await
}

// --- for programs

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "OwnMails")]
struct OwnListed {
    /// The newest first.
    mails: Vec<OwnMail>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Mails")]
struct Listed {
    /// The newest first.
    mails: Vec<MailTo>,
}

async fn list(api: Api) -> Response {
    let listed = acts::own_mail(&api.desk).await.map(|mails| OwnListed { mails });
    api.answer(listed)
}

async fn list_all(api: Api) -> Response {
    let listed = acts::all_mail(&api.desk).await.map(|mails| Listed { mails });
    api.answer(listed)
}
