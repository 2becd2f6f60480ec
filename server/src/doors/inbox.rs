//! One's own inbox, and what one wants to be told.

use app::paths;
use axum::response::Response;
use notebook::{
    actor::Act,
    notifications::{
        Notice,
        acts::{self, Filter, MuteDraft},
        choices::{Chosen, Draft},
    },
    shapes::{Limit, Param, Tick},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    asked::{self, Asking},
    mail::channels,
};
use crate::{
    api::Api,
    openapi::in_words,
    operations::{Doors, act},
    paging::List,
    reply::{At, Door},
};

pub fn doors() -> Doors {
    Doors::of("inbox", "What one was told, and why.")
        .names::<i64>("id", "The entry's number.")
        .read(
            "/inbox",
            list,
            act("list", Act::ChangeOwnProfile, "List the entries of your inbox, newest first.")
                .pages::<Asked>()
                .answers::<Listed>(),
        )
        .act("/inbox/{id}/done", done, act("done", Act::ChangeOwnProfile, "Mark an entry of your inbox done."))
        .act(
            "/inbox/done-all",
            done_all,
            act("done_all", Act::ChangeOwnProfile, "Mark all entries of your inbox done; the answer says how many.")
                .answers::<u64>(),
        )
        .act("/inbox/mute", mute, act("mute", Act::ChangeOwnProfile, "Hear no more of one thing.").takes::<MuteDraft>())
        .act(
            "/inbox/unmute",
            unmute,
            act("unmute", Act::ChangeOwnProfile, "Hear of a muted thing again.").takes::<MuteDraft>(),
        )
        .and(choices())
}

fn choices() -> Doors {
    Doors::of("notifications", "What one is told, and how.")
        .read(
            "/profile/notifications",
            show,
            act("show", Act::ChangeOwnProfile, "Show what you are told, and how.").answers::<Told>(),
        )
        .act(
            "/profile/notifications",
            choose,
            act("edit", Act::ChangeOwnProfile, "Change what you are told, and how.")
                .takes::<Draft>()
                .edits::<Told>()
                .more("Topics that are not named in `inbox` or `mail` are not told there. Version 0 is what everybody begins with."),
        )
        .act(
            "/profile/notifications/test",
            test_mail,
            act("test", Act::ChangeOwnProfile, "Send a test e-mail to your own address.")
                .more("Tests and what is sent again are at most five in an hour."),
        )
}

async fn done(At(id): At<i64>, door: Door) -> Response {
    door.page(paths::inbox())
        .act(|desk| async move { acts::done(&desk, id).await }, |()| (paths::inbox(), "Done."))
        .await
}

async fn done_all(door: Door) -> Response {
    door.page(paths::inbox())
        .act(|desk| async move { acts::done_all(&desk).await }, |done| (paths::inbox(), format!("{done} marked done.")))
        .await
}

async fn mute(door: Door) -> Response {
    door.page(paths::inbox())
        .run(
            |desk, draft: MuteDraft| async move { acts::mute(&desk, &draft).await },
            |()| (paths::inbox(), "Muted: you hear no more of it."),
        )
        .await
}

async fn unmute(door: Door) -> Response {
    door.page(paths::inbox())
        .run(
            |desk, draft: MuteDraft| async move { acts::unmute(&desk, &draft).await },
            |()| (paths::inbox(), "You hear of it again."),
        )
        .await
}

async fn choose(door: Door) -> Response {
    door.page(paths::notifications())
        .run(
            |desk, draft: Draft| async move { acts::choose(&desk, &draft).await.map(Told::from) },
            |_| (paths::notifications(), "Saved."),
        )
        .await
}

async fn test_mail(door: Door) -> Response {
    let channels = channels(&door.state);
    door.page(paths::notifications())
        .act(
            |desk| async move { acts::test_mail(&desk, &channels).await },
            |()| (paths::notifications(), "A test is on its way to your address."),
        )
        .await
}

// --- for programs

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Asked {
    /// Whether entries that are done are listed, too.
    #[schemars(with = "Param<Tick>")]
    done: String,
    /// The number of the last entry on the page before.
    #[schemars(with = "Param<i64>")]
    before: String,
    /// Entries on the page.
    #[schemars(with = "Param<Limit>")]
    limit: String,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Inbox")]
struct Listed {
    notices: Vec<Notice>,
    /// Whether there are older ones.
    more: bool,
    /// How many entries are not done, on all pages.
    open: i64,
    /// Ids of what you hear no more of.
    muted: Vec<String>,
}

async fn list(Asking(asked): Asking<Asked>, list: List) -> Response {
    let listed = async {
        let filter = Filter {
            before: asked::id(&asked.before, "before", "is no entry's number")?,
            with_done: asked::flag(&asked.done, "done")?,
            rows: asked::rows(&asked.limit)?,
        };
        let inbox = acts::read(list.desk(), &filter).await?;
        let last = inbox.notices.last().filter(|_| inbox.more).map(|notice| notice.id.to_string());
        let acts::Inbox { notices, more, open, muted } = inbox;
        Ok((Listed { notices, more, open, muted }, last))
    };
    let listed = listed.await;
    list.answer("before", listed)
}

/// What one chose to be told.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "NotificationChoices")]
struct Told {
    /// In the words in which it is sent.
    #[schemars(schema_with = "in_words::<Draft>")]
    text: Draft,
    /// 0 before anything was chosen.
    version: i64,
}

impl From<Chosen> for Told {
    fn from(chosen: Chosen) -> Self {
        Self { text: Draft::of(&chosen), version: chosen.version }
    }
}

async fn show(api: Api) -> Response {
    let told = acts::chosen(&api.desk).await.map(Told::from);
    api.answer(told)
}
