//! What is due, for programs.

use axum::response::Response;
use notebook::{
    retrials::{
        acts::{DueQueue, due},
        due::DueReason,
    },
    shapes::Param,
};
use schemars::JsonSchema;
use serde::Deserialize;

use super::asked::{self, Asking};
use crate::{
    api::Api,
    operations::{Doors, look},
};

pub fn doors() -> Doors {
    Doors::of("due", "What should be tried, signed or decided again.").read(
        "/due",
        list,
        look("list", "List what is due with its reasons, the most pressing first.")
            .asks::<Asked>()
            .answers::<DueQueue>()
            .more("What keeps data and rarely changes stands first, and what was never tried before what was. `cut` says that the least pressing was left out, `unread` of what something cannot be read, so that what it owes is missing."),
    )
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Asked {
    /// Only what is due for this reason.
    #[schemars(with = "Param<DueReason>")]
    reason: String,
}

async fn list(Asking(asked): Asking<Asked>, api: Api) -> Response {
    let queue = async {
        let reason = asked::word(&asked.reason, "reason", DueReason::named)?;
        due(&api.desk, reason).await
    };
    let queue = queue.await;
    api.answer(queue)
}
