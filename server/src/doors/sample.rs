//! The sample notebook comes and goes; and the one-time door of the throw-away demo.

use app::paths;
use axum::response::Response;
use notebook::{
    actor::Act,
    refusal::Refusal,
    samples::{Counts, Shown, acts},
};

use super::people::begin_session;
use crate::{
    api::Api,
    operations::{Doors, act, look},
    reply::Door,
};

pub fn doors() -> Doors {
    Doors::of("sample", "The sample notebook, which comes and goes as a whole.")
        .read("/sample", show, look("show", "Show whether the sample is here, and how much of it.").answers::<Shown>())
        .act(
            "/sample/write",
            write,
            act("write", Act::ManageSample, "Write the sample beside what is here.").answers::<Counts>(),
        )
        .act(
            "/sample/remove",
            remove,
            act("remove", Act::ManageSample, "Remove the sample, and what people wrote on it.").answers::<Counts>(),
        )
        .file("/enter", enter)
}

async fn write(door: Door) -> Response {
    door.page(paths::sample())
        .act(
            |desk| async move { acts::write(&desk).await },
            |_| (paths::today(), "The sample is written. It is marked everywhere, and counts in no number of yours."),
        )
        .await
}

async fn remove(door: Door) -> Response {
    door.page(paths::sample())
        .act(
            |desk| async move { acts::remove(&desk).await },
            |_| (paths::today(), "The sample is removed. Only your own records are left."),
        )
        .await
}

async fn show(api: Api) -> Response {
    let shown = acts::show(&api.desk).await;
    api.answer(shown)
}

/// Signs in whoever holds the link that `retrial demo` printed, once. Elsewhere there is no such link.
async fn enter(door: Door) -> Response {
    let door = door.page(paths::login("")).open();
    let token = door.parts.uri.query().unwrap_or_default().split('&').find_map(|pair| pair.strip_prefix("token="));
    let account = door.state.entrance.as_ref().zip(token).and_then(|(entrance, token)| entrance.open(token));
    let Some(account) = account else {
        let refusal = Refusal::NotNow {
            act: "come in by this link".into(),
            state: "it is unknown or was used already; the demo prints a new one when it is started again".into(),
        };
        return door.refuse(refusal.into()).await;
    };
    match begin_session(&door, &account).await {
        Ok(_) => door.see_other(&paths::today(), format!("Welcome, {}. Nothing you do here is kept.", account.name)),
        Err(error) => door.refuse(error).await,
    }
}
