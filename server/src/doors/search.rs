//! Searching, for programs.

use axum::response::Response;
use notebook::{
    search::{
        Found,
        acts::{self, Facet, Hit},
        snippet::Piece,
    },
    shapes::{Limit, Param, Tick},
    time::Moment,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::asked::{self, Asking};
use crate::{
    operations::{Doors, look},
    paging::List,
};

pub fn doors() -> Doors {
    Doors::of("search", "Everything that was ever learnt, asked in one language.").read(
        "/search",
        search,
        look("find", "Search services, SLOs, experiments, runs, observations, findings, fixes, decisions and game days.")
            .pages::<Asked>()
            .answers::<Listed>()
            .more("`q` joins words, \"phrases\", beginnings (`elect*`) and qualifiers (`type:finding service:kafka is:open created:>2026-10-01`) by AND, OR, NOT and brackets. What is not understood is refused with its place, and so are a person, a service, an environment or a team that nobody knows here. With words the best of the newest 2,000 matches come first; `sort:-created` asks for the newest, `sort:-updated` for what changed last. `is:open`, `has:fix`, `updated:<7d` and the like are looked up of each match, wherever they stand; then nobody counts what is found (`at_most`). What takes longer than five seconds is cut off (`too_long`)."),
    )
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct Asked {
    /// What to look for; nothing is everything.
    #[schemars(with = "Param<String>")]
    q: String,
    /// Whether the matches are counted by kind, service and environment: `on`.
    #[schemars(with = "Param<Tick>")]
    facets: String,
    /// The place at which the page before ended, as its `Link` says.
    #[schemars(with = "Param<String>")]
    after: String,
    /// Things on the page.
    #[schemars(with = "Param<Limit>")]
    limit: String,
}

/// One thing that was found.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "SearchHit")]
struct Line {
    /// `RUN-317`, a service's slug, or `RUN-317#o4` for the fourth observation of a run.
    id: String,
    kind: Found,
    title: String,
    /// Where it stands, the telling word first.
    states: Vec<&'static str>,
    /// What was measured, in words, where a finding is about a check.
    measured: Option<String>,
    /// `measured:` holds for a part of the interval only.
    possible: bool,
    /// Something of it cannot be read, so that nobody can say where it stands, nor whether it stands as asked.
    unreadable: bool,
    /// The text around what was looked for.
    snippet: Vec<Piece>,
    created_at: Moment,
}

impl From<Hit> for Line {
    fn from(hit: Hit) -> Self {
        Self {
            id: hit.object,
            kind: hit.kind,
            title: hit.title.into_iter().map(|piece| piece.text).collect(),
            states: hit.state.map(acts::State::words).unwrap_or_default(),
            measured: hit.shows,
            possible: hit.possible,
            unreadable: hit.unreadable,
            snippet: hit.snippet,
            created_at: hit.created_at,
        }
    }
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "SearchFound")]
#[expect(clippy::struct_excessive_bools, reason = "each says something else of what was found")]
struct Listed {
    /// The query as it is always written.
    query: String,
    hits: Vec<Line>,
    /// Whether there are more.
    more: bool,
    /// How many match, up to those that are ranked and counted.
    matches: i64,
    /// Things are looked at one by one, because states, days, targets, measured values or what they have are asked
    /// for: at most so many match as are counted, also by facets.
    at_most: bool,
    /// There are more matches than that.
    bounded: bool,
    /// Only a part was looked at, because each thing is; the next page goes on.
    unjudged: bool,
    facets: Vec<Facet>,
}

async fn search(Asking(asked): Asking<Asked>, list: List) -> Response {
    let listed = async {
        let query = asked::query(list.desk(), &asked.q).await?;
        let (text, at_most) = (query.to_string(), query.is_judged());
        let after = asked::id(&asked.after, "after", "is no place in what was found")?;
        let (rows, facets) = (asked::rows(&asked.limit)?, asked::flag(&asked.facets, "facets")?);
        let found = acts::search(list.desk(), &acts::Asked { query, after, rows, facets }).await?;
        let next = found.next.map(|place| place.to_string());
        let answer = Listed {
            query: text,
            hits: found.hits.into_iter().map(Line::from).collect(),
            more: next.is_some(),
            matches: found.matches,
            at_most,
            bounded: found.bounded,
            unjudged: found.unjudged,
            facets: found.facets,
        };
        Ok((answer, next))
    };
    let listed = listed.await;
    list.answer("after", listed)
}
