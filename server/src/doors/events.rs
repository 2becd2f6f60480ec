//! The trail for programs: everything that was done, oldest first, to be read on from where one stopped.

use axum::{Router, extract::Query, response::Response, routing::get};
use notebook::{
    actor::Via,
    events::{
        Entry,
        acts::{self, About, Filter},
    },
    fault::{Fault, Result},
    refusal::Refusal,
    time::Moment,
};
use serde::{Deserialize, Serialize};

use crate::{api::Api, state::AppState};

pub fn routes() -> Router<AppState> {
    Router::new().route("/api/v1/events", get(list))
}

/// `?after=` the last number known, `?about=` an id, a service's slug or `kind:name`, `?limit=` how many.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    after: String,
    about: String,
    limit: String,
}

impl Asked {
    /// A word nobody knows is refused, not passed over: a longer list than asked for misleads.
    fn filter(&self) -> Result<Filter, Refusal> {
        let mut filter = Filter::default();
        if !self.after.trim().is_empty() {
            let after = self.after.trim().parse().ok().filter(|seq| *seq >= 0);
            filter.after = after.ok_or_else(|| Refusal::unfit("after", "is no line's number"))?;
        }
        if !self.about.trim().is_empty() {
            let about = About::named(&self.about);
            let says = "names nothing; write an id, a service's slug, or a kind and a name like environment:production";
            filter.about = Some(about.ok_or_else(|| Refusal::unfit("about", says))?);
        }
        if !self.limit.trim().is_empty() {
            filter.rows = self.limit.trim().parse().map_err(|_| Refusal::unfit("limit", "is no number"))?;
        }
        Ok(filter)
    }
}

#[derive(Serialize)]
struct Line {
    /// Rising without regard to clocks.
    seq: i64,
    /// When it was so; microseconds since 1970 UTC, like every instant here.
    at: Moment,
    /// When it was written down.
    recorded_at: Moment,
    /// The person's name; empty for the notebook itself and its operator.
    by: String,
    via: Via,
    kind: String,
    object: String,
    act: String,
    /// Its form belongs to the act.
    body: serde_json::Value,
}

impl Line {
    fn of(entry: Entry) -> Result<Self> {
        let body = serde_json::from_str(&entry.body).map_err(|e| Fault::bad_row("events", entry.seq, e))?;
        let Entry { seq, at, recorded_at, name, via, kind, object, act, .. } = entry;
        Ok(Self { seq, at, recorded_at, by: name, via, kind, object, act, body })
    }
}

#[derive(Serialize)]
struct Listed {
    events: Vec<Line>,
    /// Whether there are later ones.
    more: bool,
}

async fn list(Query(asked): Query<Asked>, api: Api) -> Response {
    let listed = async {
        let (entries, more) = acts::list(&api.desk, &asked.filter()?).await?;
        Ok(Listed { events: entries.into_iter().map(Line::of).collect::<Result<_>>()?, more })
    };
    let listed = listed.await;
    api.answer(listed)
}
