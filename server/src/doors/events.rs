//! The trail for programs: everything that was done, oldest first, to be read on from where one stopped.

use axum::response::Response;
use notebook::{
    events::acts::{self, About, Filter},
    fault::Result,
    refusal::Refusal,
    shapes::{Limit, Param},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::asked::{self, Asking};
use crate::{
    feed::Line,
    operations::{Doors, look},
    paging::List,
};

pub fn doors() -> Doors {
    Doors::of("events", "The trail: what was done, by whom, through which door.").read(
        "/events",
        list,
        look("list", "List what was done, oldest first.").pages::<Asked>().answers::<Listed>(),
    )
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Asked {
    /// The number of the last line on the page before.
    #[schemars(with = "Param<i64>")]
    after: String,
    /// Only lines about one thing: an id, a service's slug, or kind and name like `environment:production`.
    about: String,
    /// Lines on the page.
    #[schemars(with = "Param<Limit>")]
    limit: String,
}

impl Asked {
    /// A word nobody knows is refused, not passed over: a longer list than asked for misleads.
    fn filter(&self) -> Result<Filter, Refusal> {
        let mut filter = Filter { rows: asked::rows(&self.limit)?, ..Filter::default() };
        if !self.after.trim().is_empty() {
            let after = self.after.trim().parse().ok().filter(|seq| *seq >= 0);
            filter.after = after.ok_or_else(|| Refusal::unfit("after", "is no line's number"))?;
        }
        if !self.about.trim().is_empty() {
            let about = About::named(&self.about);
            let says = "names nothing; write an id, a service's slug, or a kind and a name like environment:production";
            filter.about = Some(about.ok_or_else(|| Refusal::unfit("about", says))?);
        }
        Ok(filter)
    }
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Events")]
struct Listed {
    events: Vec<Line>,
    /// Whether there are later ones.
    more: bool,
}

async fn list(Asking(asked): Asking<Asked>, list: List) -> Response {
    let listed = async {
        let (entries, more) = acts::list(list.desk(), &asked.filter()?).await?;
        let events = entries.into_iter().map(Line::of).collect::<Result<Vec<_>>>()?;
        let last = events.last().filter(|_| more).map(|line| line.seq.to_string());
        Ok((Listed { events, more }, last))
    };
    let listed = listed.await;
    list.answer("after", listed)
}
