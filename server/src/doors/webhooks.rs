//! Webhooks of other tools.

use app::{ask::ShownOnce, paths};
use axum::response::Response;
use notebook::{
    actor::Act,
    notifications::{
        Delivery,
        acts::{self, Shown},
        webhooks::{Draft, Kept, SecretMade},
    },
    refusal::Refusal,
    time::Moment,
};
use schemars::JsonSchema;
use serde::Serialize;

use super::people::Shown as ShownSecret;
use crate::{
    api::Api,
    openapi::in_words,
    operations::{Doors, act},
    reply::{At, Door, NoDraft},
};

pub fn doors() -> Doors {
    Doors::of("webhooks", "Where messages about this notebook go, and what became of them.")
        .names::<i64>("id", "The webhook's number.")
        .names::<i64>("delivery", "The delivery's number.")
        .read("/webhooks", list, act("list", Act::ManageWebhooks, "List all webhooks.").answers::<Listed>())
        .read(
            "/webhooks/{id}",
            show,
            act("show", Act::ManageWebhooks, "Show a webhook with its secrets' numbers and newest deliveries.")
                .answers::<Whole>(),
        )
        .act(
            "/webhooks",
            add,
            act("add", Act::ManageWebhooks, "Add a webhook.").takes::<Draft>().without(&["version"]).creates::<Told>(),
        )
        .act(
            "/webhooks/{id}/edit",
            edit,
            act("edit", Act::ManageWebhooks, "Change a webhook, or turn it on or off.").takes::<Draft>().edits::<Told>(),
        )
        .act(
            "/webhooks/{id}/delete",
            delete,
            act("delete", Act::ManageWebhooks, "Delete a webhook with its secrets.")
                .more("What waits for it is sent no more; the trail keeps what was done to it."),
        )
        .act(
            "/webhooks/{id}/make-secret",
            make_secret,
            act("make_secret", Act::ManageWebhooks, "Make a signing secret for a webhook.")
                .shows_once::<ShownSecret>()
                .more("The answer's text is the secret. Earlier secrets sign as well until they are retired, so a receiver can take up the new one without missing anything."),
        )
        .act(
            "/webhooks/{id}/retire-secrets",
            retire_secrets,
            act("retire_secrets", Act::ManageWebhooks, "Let all secrets of a webhook but the newest sign no more.")
                .answers::<u64>(),
        )
        .act("/webhooks/{id}/test", test, act("test", Act::ManageWebhooks, "Send a test to a webhook."))
        .read(
            "/webhooks/{id}/deliveries",
            list_deliveries,
            act("list_deliveries", Act::ManageWebhooks, "List the newest deliveries of a webhook with every try.")
                .answers::<Deliveries>(),
        )
        .act(
            "/webhooks/{id}/deliveries/{delivery}/resend",
            resend,
            act("resend", Act::ManageWebhooks, "Send a message again, under the name it had."),
        )
}

async fn add(door: Door) -> Response {
    door.page(paths::new_webhook())
        .make(
            |desk, draft: Draft| async move { acts::add(&desk, &draft).await.map(Told::from) },
            |told| (paths::webhook(told.id), "The webhook is added."),
        )
        .await
}

async fn edit(At(id): At<i64>, door: Door) -> Response {
    door.page(paths::webhook(id))
        .run(
            |desk, draft: Draft| async move { acts::edit(&desk, id, &draft).await.map(Told::from) },
            |told| (paths::webhook(told.id), "The webhook is saved."),
        )
        .await
}

async fn delete(At(id): At<i64>, door: Door) -> Response {
    door.page(paths::webhook(id))
        .act(|desk| async move { acts::delete(&desk, id).await }, |()| (paths::webhooks(), "The webhook is deleted."))
        .await
}

async fn make_secret(At(id): At<i64>, door: Door) -> Response {
    let keys = door.state.keys.clone();
    door.page(paths::webhook(id))
        .show_once(
            |desk, NoDraft {}| async move {
                desk.may(Act::ManageWebhooks)?;
                let key = keys.key().map_err(|says| Refusal::not_now(Act::ManageWebhooks, says))?;
                acts::make_secret(&desk, id, &key).await
            },
            |_, (kept, secret)| ShownOnce {
                label: format!("The signing secret of \"{}\". Copy it now: it is shown once.", kept.webhook.name),
                text: secret.shown(),
            },
        )
        .await
}

async fn retire_secrets(At(id): At<i64>, door: Door) -> Response {
    door.page(paths::webhook(id))
        .act(
            |desk| async move { acts::retire_secrets(&desk, id).await },
            |retired| (paths::webhook(id), format!("{retired} earlier secrets sign no more.")),
        )
        .await
}

async fn test(At(id): At<i64>, door: Door) -> Response {
    let origin = door.state.site.base.origin().to_owned();
    door.page(paths::webhook(id))
        .act(
            |desk| async move { acts::test(&desk, id, &origin).await },
            |()| (paths::webhook(id), "A test is on its way; what becomes of it stands under Deliveries."),
        )
        .await
}

async fn resend(At((id, delivery)): At<(i64, i64)>, door: Door) -> Response {
    door.page(paths::webhook(id))
        .act(
            |desk| async move { acts::resend(&desk, id, delivery).await },
            |()| (paths::webhook(id), "It is sent again, under the name it had."),
        )
        .await
}

// --- for programs

/// Where messages go.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Webhook")]
struct Told {
    id: i64,
    /// In the words in which it is sent.
    #[schemars(schema_with = "in_words::<Draft>")]
    text: Draft,
    /// Why it was turned off by itself.
    off_because: Option<String>,
    created_at: Moment,
    version: i64,
}

impl From<Kept> for Told {
    fn from(kept: Kept) -> Self {
        Self {
            text: Draft::of(&kept),
            id: kept.id,
            off_because: kept.off_because,
            created_at: kept.created_at,
            version: kept.version,
        }
    }
}

/// A secret that signs; its text is shown when it is made and never again.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "WebhookSecret")]
struct Signs {
    number: i64,
    made_at: Moment,
}

impl From<SecretMade> for Signs {
    fn from(secret: SecretMade) -> Self {
        Self { number: secret.number, made_at: secret.made_at }
    }
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Webhooks")]
struct Listed {
    webhooks: Vec<Told>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "WebhookWhole")]
struct Whole {
    webhook: Told,
    /// Those that sign, the newest first.
    secrets: Vec<Signs>,
    /// The newest first.
    deliveries: Vec<Delivery>,
}

#[derive(Serialize, JsonSchema)]
struct Deliveries {
    /// The newest first.
    deliveries: Vec<Delivery>,
}

async fn list(api: Api) -> Response {
    let listed = acts::list(&api.desk).await.map(|all| Listed { webhooks: all.into_iter().map(Told::from).collect() });
    api.answer(listed)
}

async fn show(At(id): At<i64>, api: Api) -> Response {
    let whole = acts::show(&api.desk, id).await.map(|Shown { kept, secrets, deliveries, .. }| Whole {
        webhook: kept.into(),
        secrets: secrets.into_iter().map(Signs::from).collect(),
        deliveries,
    });
    api.answer(whole)
}

async fn list_deliveries(At(id): At<i64>, api: Api) -> Response {
    let listed = acts::deliveries(&api.desk, id).await.map(|deliveries| Deliveries { deliveries });
    api.answer(listed)
}
