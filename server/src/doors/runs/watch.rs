//! A run as it goes on: its trail as server-sent events.

use std::convert::Infallible;

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, header, request::Parts},
    response::{IntoResponse as _, Response},
};
use futures_util::{StreamExt as _, stream::unfold};
use notebook::{fault::Result, id::RunId, refusal::Refusal, shapes::Param};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    doors::asked::Asking,
    feed::Watch,
    guard::Who,
    operations::{Doors, look},
    reply::{self, At},
    state::AppState,
};

const STREAM: &str = "text/event-stream";
const LAST: HeaderName = HeaderName::from_static("last-event-id");
const TYPE: (HeaderName, HeaderValue) = (header::CONTENT_TYPE, HeaderValue::from_static(STREAM));
const FRESH: (HeaderName, HeaderValue) = (header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
/// A proxy that gathers an answer before it passes it on would hold every line back.
const UNBUFFERED: (HeaderName, HeaderValue) =
    (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));

pub fn doors() -> Doors {
    super::of_runs().read(
        "/runs/{id}/events",
        watch,
        look("watch", "Watch a run: lines of its trail as they are written, as server-sent events.")
            .asks::<Asked>()
            .answers_text(STREAM)
            .counts_tries()
            .more(
                "Each message is a line as `GET /api/v1/events` lists it, under its number, in order and without a hole. \
                 `Last-Event-ID`, or `after`, is the last line you know: what was written since comes first. Events with a \
                 name have no number: `beat` every 15 s, `people` who have the page open, `look` when something else \
                 changed that the run's page shows, `gap` when you know a line that is not there (read the run again), \
                 `end` when you are signed out. The stream also ends when the server stops or you fall behind; come back.",
            ),
    )
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Asked {
    /// The number of the last line you know; nothing means from now on. The header `Last-Event-ID` comes first.
    #[schemars(with = "Param<i64>")]
    after: String,
}

impl Asked {
    fn after(&self, headers: &HeaderMap) -> Result<Option<i64>, Refusal> {
        let last = headers.get(LAST).map(|last| last.to_str().unwrap_or("?"));
        let text = last.unwrap_or(&self.after).trim();
        if text.is_empty() {
            return Ok(None);
        }
        let after = text.parse::<i64>().ok().filter(|seq| *seq >= 0);
        after.map(Some).ok_or_else(|| Refusal::unfit("after", "is no line's number"))
    }
}

async fn watch(
    At(id): At<RunId>,
    Asking(asked): Asking<Asked>,
    State(state): State<AppState>,
    parts: Parts,
) -> Response {
    match opened(&state, &parts, id, &asked).await {
        Ok(watch) => {
            let events = unfold(watch, |mut watch| async move {
                let bytes = watch.next().await?;
                Some((Ok::<_, Infallible>(bytes), watch))
            });
            ([TYPE, FRESH, UNBUFFERED], Body::from_stream(events.fuse())).into_response()
        }
        Err(error) => reply::stopped(&state, &parts, error).await,
    }
}

async fn opened(state: &AppState, parts: &Parts, id: RunId, asked: &Asked) -> Result<Watch> {
    let who = Who::of(parts);
    let after = asked.after(&parts.headers)?;
    state.feed.watch(who.desk(&state.notebook), &who, id, after).await
}
