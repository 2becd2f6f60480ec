//! Asking the index.

use std::collections::BTreeMap;

use serde::Serialize;

pub use super::standing::State;
use super::{
    Expr, Found, Query, Sort, Trouble,
    engine::{Tree, looked_for},
    marks::value_of,
    meaning::{meaning, tree_of},
    measured::Beyond,
    parse::parse,
    rest::Rest,
    snippet::{Piece, marked, snippet},
    sql,
    standing::{Judge, Judged},
    told::{because, name, observation, parts},
};
use crate::{
    actor::Act,
    db::Tx,
    desk::Desk,
    events::{about, acts::About},
    fault::{Error, Fault, Result},
    limits::{SEARCH_JUDGED_MAX, SEARCH_RANKED_MAX},
    paging::Rows,
    refusal::Refusal,
    time::Moment,
};

/// What is asked, and which page of it.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    pub query: Query,
    pub after: Option<Place>,
    pub rows: Rows,
    /// Whether the matches are counted by what they are and belong to.
    pub facets: bool,
}

/// The last thing on the page before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    score: i64,
    entry: i64,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}_{}", self.score, self.entry)
    }
}

impl std::str::FromStr for Place {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (score, entry) = text.split_once('_').ok_or(())?;
        Ok(Self { score: score.parse().map_err(|_| ())?, entry: entry.parse().map_err(|_| ())? })
    }
}

/// One thing that was found.
#[derive(Debug, Clone)]
pub struct Hit {
    pub kind: Found,
    /// `RUN-317`, a slug, or `RUN-317#o4` for an observation.
    pub object: String,
    /// Empty for what has none.
    pub title: Vec<Piece>,
    pub snippet: Vec<Piece>,
    pub state: Option<State>,
    /// What was measured, in words.
    pub shows: Option<String>,
    /// Whether only a part of what was measured is as asked.
    pub possible: bool,
    /// Whether something of it cannot be read, so that nobody can say where it stands, nor whether it stands as asked.
    pub unreadable: bool,
    pub created_at: Moment,
}

/// How many of the matches are or belong to something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[schemars(rename = "SearchFacet")]
pub struct Facet {
    /// As a qualifier: `type`, `service` or `env`.
    pub key: &'static str,
    pub value: String,
    pub count: usize,
}

/// One page of what was found.
#[derive(Debug, Clone)]
pub struct Finds {
    pub hits: Vec<Hit>,
    /// Behind which the next page begins, where there is one.
    pub next: Option<Place>,
    /// How many match, up to those that are ranked; at most so many where things are judged.
    pub matches: i64,
    /// Whether there are more matches than are ranked and counted.
    pub bounded: bool,
    /// Whether there may be more than was looked at, because what things amount to is asked for.
    pub unjudged: bool,
    pub facets: Vec<Facet>,
}

/// Reads a query; what is not understood is a trouble of the field `q`.
pub fn read(text: &str) -> Result<Query, Refusal> {
    parse(text).map_err(|trouble: Trouble| Refusal::unfit_at("q", trouble.at, trouble.clause()))
}

/// One page of what a query finds.
pub async fn search(desk: &Desk, asked: &Asked) -> Result<Finds> {
    desk.may(Act::Look)?;
    let meant = meaning(desk, &asked.query).await?;
    let tree = &meant.0;
    let mut tx = desk.begin_search().await?;
    let (matches, floor) = sql::newest(&mut tx, tree, SEARCH_RANKED_MAX + 1).await?;
    let Some(floor) = floor else { return Ok(Finds::nothing()) };
    let (hits, next, unjudged) = Box::pin(hits(desk, &mut tx, asked, &meant, floor)).await?;
    let facets = if asked.facets { facets(&sql::marks(&mut tx, tree, floor).await?) } else { Vec::new() };
    let bounded = matches > SEARCH_RANKED_MAX;
    Ok(Finds { hits, next, matches: matches.min(SEARCH_RANKED_MAX), bounded, unjudged, facets })
}

/// Names of what a query finds, behind the thing with this kind and name; the last one that was looked at, where there
/// may be more; and how many of those that were looked at cannot be read.
pub(super) async fn objects(
    desk: &Desk,
    query: Query,
    behind: Option<(&str, String)>,
    rows: Rows,
) -> Result<(Vec<String>, Option<String>, usize)> {
    desk.may(Act::Look)?;
    let mut after = None;
    if let Some((kind, object)) = behind {
        let mut tx = desk.begin_read().await?;
        let Some(row) = sql::named(&mut tx, kind, &object).await? else { return Ok((Vec::new(), None, 0)) };
        let score = match query.order() {
            Sort::Changed | Sort::Unchanged => sql::changed_at(&mut tx, &row).await?,
            Sort::Relevance | Sort::Created | Sort::Oldest => 0,
        };
        after = Some(Place { score, entry: row.id });
    }
    let asked = Asked { query, after, rows, facets: false };
    if !asked.query.is_judged() {
        let (names, next) = names(desk, &asked).await?;
        return Ok((names, next, 0));
    }
    let found = search(desk, &asked).await?;
    let mut next = None;
    if let Some(place) = found.next {
        let mut tx = desk.begin_read().await?;
        next = sql::object(&mut tx, place.entry).await?;
    }
    // A list shows each with where it stands.
    let (unreadable, readable): (Vec<Hit>, Vec<Hit>) = found.hits.into_iter().partition(|hit| hit.unreadable);
    Ok((readable.into_iter().map(|hit| hit.object).collect(), next, unreadable.len()))
}

/// The same along time where nothing is computed: what the index gives is what is found.
async fn names(desk: &Desk, asked: &Asked) -> Result<(Vec<String>, Option<String>)> {
    let tree = tree_of(desk, &asked.query).await?;
    let mut tx = desk.begin_search().await?;
    let (rows, more) = asked.rows.page(page(&mut tx, asked, &tree, 0, asked.after).await?);
    let next = rows.last().filter(|_| more).map(|row| row.object.clone());
    Ok((rows.into_iter().map(|row| row.object).collect(), next))
}

impl Finds {
    const fn nothing() -> Self {
        Self { hits: Vec::new(), next: None, matches: 0, bounded: false, unjudged: false, facets: Vec::new() }
    }
}

/// The page, where the next one begins, and whether not everything could be judged.
async fn hits(
    desk: &Desk,
    tx: &mut Tx,
    asked: &Asked,
    (tree, rest): &(Tree, Rest),
    floor: i64,
) -> Result<(Vec<Hit>, Option<Place>, bool)> {
    let looked_for = looked_for(asked.query.wanted.as_ref());
    let mut judge = Judge::new(desk, rest);
    let mut found: Vec<(Hit, Place)> = Vec::new();
    let mut seen = Vec::new();
    if let Some(row) = direct(tx, &asked.query).await? {
        seen.push(row.id);
        if asked.after.is_none() {
            // It stands before the first place.
            let place = Place { score: i64::MAX, entry: i64::MAX };
            found.extend(hit(&mut judge, tx, &row, &looked_for).await?.map(|(hit, _)| (hit, place)));
        }
    }
    let (mut place, mut judged, mut left) = (asked.after, 0, false);
    loop {
        let rows = page(tx, asked, tree, floor, place).await?;
        let more = asked.rows.is_full(&rows);
        judge.look(tx, tree, &rows).await?;
        for row in &rows {
            if asked.rows.is_full(&found) {
                break;
            }
            judged += 1;
            place = Some(Place { score: row.score, entry: row.id });
            if !seen.contains(&row.id) {
                found.extend(hit(&mut judge, tx, row, &looked_for).await?);
            }
        }
        if !more || asked.rows.is_full(&found) {
            break;
        }
        if judged >= SEARCH_JUDGED_MAX {
            left = true;
            break;
        }
    }
    let (page, more) = asked.rows.page(found);
    let next = if more { page.last().map(|(_, place)| *place) } else { place.filter(|_| left) };
    Ok((page.into_iter().map(|(hit, _)| hit).collect(), next, left))
}

/// The thing whose id is all that is asked for; along time it stands in its own place.
async fn direct(tx: &mut Tx, query: &Query) -> Result<Option<sql::Row>> {
    if query.order() != Sort::Relevance {
        return Ok(None);
    }
    let Some(Expr::Word { text, open: false }) = &query.wanted else { return Ok(None) };
    if let Some(object) = observation(text) {
        return sql::named(tx, Found::Observation.word(), &object).await;
    }
    match About::named(text) {
        Some(named) if named.kind != about::SERVICE => sql::named(tx, named.kind, &named.object).await,
        _ => Ok(None),
    }
}

async fn page(tx: &mut Tx, asked: &Asked, tree: &Tree, floor: i64, after: Option<Place>) -> Result<Vec<sql::Row>> {
    let rows = asked.rows.and_one();
    let behind = |first: i64| after.map_or((first, 0), |place| (place.score, place.entry));
    match asked.query.order() {
        Sort::Relevance => sql::best(tx, tree, floor, behind(i64::MAX), rows).await,
        Sort::Changed => sql::changed(tx, tree, behind(i64::MAX), rows).await,
        Sort::Unchanged => sql::unchanged(tx, tree, behind(i64::MIN), rows).await,
        Sort::Created => sql::down(tx, tree, after.map_or(i64::MAX, |place| place.entry), rows).await,
        Sort::Oldest => sql::up(tx, tree, after.map_or(0, |place| place.entry), rows).await,
    }
}

/// The thing with what it amounts to, unless that is not what is asked for.
async fn hit(
    judge: &mut Judge<'_>,
    tx: &mut Tx,
    row: &sql::Row,
    looked_for: &[(String, bool)],
) -> Result<Option<(Hit, Place)>> {
    let kind = Found::named(&row.kind).map_err(|what| Fault::bad_row("search_entries", row.id, what))?;
    let judged = readable(row, judge.judge(tx, kind, row).await)?;
    let unreadable = judged.is_none();
    let judged = judged.unwrap_or(Judged { state: None, shows: None, fits: Beyond::Surely });
    if judged.fits == Beyond::No {
        return Ok(None);
    }
    let title = marked(&row.title, looked_for);
    let hit = Hit {
        kind,
        object: name(&row.object),
        snippet: why(row, &title, looked_for),
        title,
        state: judged.state,
        shows: judged.shows,
        possible: judged.fits == Beyond::Possibly,
        unreadable,
        created_at: Moment::from_micros(row.created_at),
    };
    Ok(Some((hit, Place { score: row.score, entry: row.id })))
}

/// What is known of a thing. One that cannot be read any more hides no other.
fn readable(row: &sql::Row, judged: Result<Judged>) -> Result<Option<Judged>> {
    match judged {
        Err(Error::Broken(fault @ Fault::BadRow { .. })) => {
            tracing::warn!(of = %row.object, error = %fault, "nobody can say where it stands");
            Ok(None)
        }
        judged => judged.map(Some),
    }
}

/// The text around what was looked for; where its own words do not hold that, what it is about.
fn why(row: &sql::Row, title: &[Piece], looked_for: &[(String, bool)]) -> Vec<Piece> {
    let (written, about) = parts(&row.body, &row.object, &row.marks);
    let around = snippet(written, looked_for);
    let is_shown = title.iter().chain(&around).any(|piece| piece.marked);
    let mut pieces = if is_shown { Vec::new() } else { because(&about, looked_for) };
    if !pieces.is_empty() && !around.is_empty() {
        pieces.push(Piece { text: " ".to_owned(), marked: false });
    }
    pieces.extend(around);
    pieces
}

/// Counts by kind, service and environment, the most frequent first.
fn facets(marks: &[String]) -> Vec<Facet> {
    let mut all = Vec::new();
    for key in ["type", "service", "env"] {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for value in marks.iter().flat_map(|line| line.split(' ')).filter_map(|mark| value_of(key, mark)) {
            *counts.entry(value).or_default() += 1;
        }
        let mut counts: Vec<(String, usize)> = counts.into_iter().filter(|(value, _)| value != "none").collect();
        counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        all.extend(counts.into_iter().map(|(value, count)| Facet { key, value, count }));
    }
    all
}
