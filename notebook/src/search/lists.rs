//! The lists of each word in the language of the search page: what a query finds among the things of one kind, as
//! their own list shows it. An empty query is the list as it is.

use std::collections::BTreeSet;

use super::{Amount, Expr, Found, Query, Sort, acts::objects, keys::Key};
use crate::{
    decisions,
    desk::Desk,
    experiments,
    fault::Result,
    findings, fixes, gamedays,
    id::{DecisionId, ExperimentId, FindingId, FixId, GameDayId, Id, Kind, RunId, SloId},
    paging::Rows,
    refusal::Refusal,
    retrials::{
        self,
        acts::{DecisionRow, FindingRow, FixRow},
    },
    runs, services, slos,
    text::Slug,
};

/// The rows of one page; behind which thing the next page begins, where there is one; and how many things are left out
/// because something of them cannot be read, so that nobody can say whether they are asked for.
pub type Page<T, I> = (Vec<T>, Option<I>, usize);

pub async fn experiments(
    desk: &Desk,
    query: &Query,
    filter: &experiments::acts::Filter,
) -> Result<Page<experiments::acts::Row, ExperimentId>> {
    if query.is_everything() {
        let (rows, more) = experiments::acts::list(desk, filter).await?;
        let last = rows.last().map(|row| row.experiment.id).filter(|_| more);
        return Ok((rows, last, 0));
    }
    let (ids, next, unreadable) = ids(desk, of_experiments(query, filter)?, filter.before, filter.rows).await?;
    let mut rows = experiments::acts::rows_of(desk, &ids).await?;
    rows.retain(|row| filter.newest.is_none_or(|newest| row.newest == newest));
    Ok((rows, next, unreadable))
}

/// What the list shows, all of it, as a query of the search page. So has each of the others.
pub fn of_experiments(query: &Query, filter: &experiments::acts::Filter) -> Result<Query, Refusal> {
    let stage = filter.stage.map(|stage| is(Key::Stage, stage.word()));
    let narrowed = narrowed(query, Found::Experiment, [of_service(filter.service.as_ref())])?;
    Ok(stage.into_iter().fold(narrowed, Query::and))
}

pub async fn runs(desk: &Desk, query: &Query, filter: &runs::acts::Filter) -> Result<Page<runs::acts::Row, RunId>> {
    if query.is_everything() {
        let (rows, more) = runs::acts::list(desk, filter).await?;
        let last = rows.last().map(|row| row.run.id).filter(|_| more);
        return Ok((rows, last, 0));
    }
    let (ids, next, unreadable) = ids(desk, of_runs(query, filter)?, filter.before, filter.rows).await?;
    Ok((runs::acts::rows_of(desk, &ids).await?, next, unreadable))
}

pub fn of_runs(query: &Query, filter: &runs::acts::Filter) -> Result<Query, Refusal> {
    let execution = filter.execution.map(|execution| is(Key::Is, execution.word()));
    let narrowed = narrowed(query, Found::Run, [of(Key::Experiment, filter.experiment)])?;
    Ok(execution.into_iter().fold(narrowed, Query::and))
}

pub async fn findings(
    desk: &Desk,
    query: &Query,
    filter: &findings::acts::Filter,
) -> Result<Page<FindingRow, FindingId>> {
    if query.is_everything() {
        let (rows, more) = retrials::acts::findings(desk, filter).await?;
        let last = rows.last().map(|row| row.finding.id).filter(|_| more);
        return Ok((rows, last, 0));
    }
    let (ids, next, unreadable) = ids(desk, of_findings(query, filter)?, filter.before, filter.rows).await?;
    Ok((retrials::acts::findings_of(desk, &ids).await?, next, unreadable))
}

pub fn of_findings(query: &Query, filter: &findings::acts::Filter) -> Result<Query, Refusal> {
    let service = of_service(filter.service.as_ref());
    narrowed(query, Found::Finding, [service, of(Key::Experiment, filter.experiment), of(Key::Run, filter.origin)])
}

/// The same and one of these statuses.
#[must_use]
pub fn with_status(query: Query, statuses: &[findings::Status]) -> Query {
    let states = statuses.iter().map(|status| status.word().to_owned()).collect();
    query.and(Expr::Amount(Amount::Is { key: Key::Status, states }))
}

pub async fn fixes(desk: &Desk, query: &Query, filter: &fixes::acts::Filter) -> Result<Page<FixRow, FixId>> {
    if query.is_everything() {
        let (rows, more) = retrials::acts::fixes(desk, filter).await?;
        let last = rows.last().map(|row| row.fix.id).filter(|_| more);
        return Ok((rows, last, 0));
    }
    let (ids, next, unreadable) = ids(desk, of_fixes(query)?, filter.before, filter.rows).await?;
    Ok((retrials::acts::fixes_of(desk, &ids).await?, next, unreadable))
}

pub fn of_fixes(query: &Query) -> Result<Query, Refusal> {
    narrowed(query, Found::Fix, [])
}

pub async fn decisions(
    desk: &Desk,
    query: &Query,
    filter: &decisions::acts::Filter,
) -> Result<Page<DecisionRow, DecisionId>> {
    if query.is_everything() {
        let (rows, more) = retrials::acts::decisions(desk, filter).await?;
        let last = rows.last().map(|row| row.decision.id).filter(|_| more);
        return Ok((rows, last, 0));
    }
    let (ids, next, unreadable) = ids(desk, of_decisions(query, filter)?, filter.before, filter.rows).await?;
    Ok((retrials::acts::decisions_of(desk, &ids).await?, next, unreadable))
}

pub fn of_decisions(query: &Query, filter: &decisions::acts::Filter) -> Result<Query, Refusal> {
    narrowed(query, Found::Decision, [of(Key::Run, filter.run), of(Key::Experiment, filter.experiment)])
}

pub async fn slos(desk: &Desk, query: &Query, filter: &slos::acts::Filter) -> Result<Page<slos::kept::Kept, SloId>> {
    if query.is_everything() {
        let (rows, more) = slos::acts::list(desk, filter).await?;
        let last = rows.last().map(|row| row.id).filter(|_| more);
        return Ok((rows, last, 0));
    }
    let (ids, next, unreadable) = ids(desk, of_slos(query, filter)?, filter.before, filter.rows).await?;
    Ok((slos::acts::rows_of(desk, &ids).await?, next, unreadable))
}

pub fn of_slos(query: &Query, filter: &slos::acts::Filter) -> Result<Query, Refusal> {
    narrowed(query, Found::Slo, [of_service(filter.service.as_ref())])
}

pub async fn gamedays(
    desk: &Desk,
    query: &Query,
    filter: &gamedays::acts::Filter,
) -> Result<Page<gamedays::GameDay, GameDayId>> {
    if query.is_everything() {
        let (rows, more) = gamedays::acts::list(desk, filter).await?;
        let last = rows.last().map(|row| row.id).filter(|_| more);
        return Ok((rows, last, 0));
    }
    let (ids, next, unreadable) = ids(desk, of_gamedays(query)?, filter.before, filter.rows).await?;
    Ok((gamedays::acts::rows_of(desk, &ids).await?, next, unreadable))
}

pub fn of_gamedays(query: &Query) -> Result<Query, Refusal> {
    narrowed(query, Found::GameDay, [])
}

/// By slug, as the list of services always is.
pub async fn services(
    desk: &Desk,
    query: &Query,
    filter: &services::acts::Filter,
) -> Result<Page<services::acts::Row, Slug>> {
    let (found, unreadable) = if query.is_everything() {
        (None, 0)
    } else {
        slugs(desk, query).await.map(|(all, left)| (Some(all), left))?
    };
    let mut read = filter.clone();
    let mut rows = Vec::new();
    loop {
        let (page, more) = services::acts::list(desk, &read).await?;
        read.after = page.last().map(|row| row.service.slug.clone());
        let is_found =
            |row: &services::acts::Row| found.as_ref().is_none_or(|found| found.contains(row.service.slug.as_str()));
        rows.extend(page.into_iter().filter(is_found));
        if !more || filter.rows.is_full(&rows) {
            let (rows, left) = filter.rows.page(rows);
            let last = rows.last().map(|row| row.service.slug.clone()).filter(|_| more || left);
            return Ok((rows, last, unreadable));
        }
        if found.is_none() {
            return Ok((rows, read.after, unreadable));
        }
        read.rows = Rows::most();
    }
}

/// Names of all services that a query finds, and how many things cannot be read.
async fn slugs(desk: &Desk, query: &Query) -> Result<(BTreeSet<String>, usize)> {
    if let Some(sort) = query.sort {
        let sort = sort.word();
        let says = format!("asks for `sort:{sort}`; this list runs by name, so ask for that on the search page");
        return Err(Refusal::unfit("q", says).into());
    }
    let query = of_services(query)?;
    let (mut all, mut behind, mut unreadable) = (BTreeSet::new(), None, 0);
    loop {
        let (found, next, left) = objects(desk, query.clone(), behind, Rows::most()).await?;
        all.extend(found);
        unreadable += left;
        behind = next.map(|object| (Found::Service.word(), object));
        if behind.is_none() {
            return Ok((all, unreadable));
        }
    }
}

pub fn of_services(query: &Query) -> Result<Query, Refusal> {
    narrowed(query, Found::Service, [])
}

async fn ids<K: Kind>(desk: &Desk, query: Query, before: Option<Id<K>>, rows: Rows) -> Result<Page<Id<K>, Id<K>>> {
    let before = before.map(|id| (K::NOUN, id.to_string()));
    let (found, next, unreadable) = objects(desk, query, before, rows).await?;
    let ids = found.iter().filter_map(|object| object.parse().ok()).collect();
    Ok((ids, next.and_then(|object| object.parse().ok()), unreadable))
}

/// The query with what the list narrows itself to. A list runs along time, so that a page can begin behind a thing.
fn narrowed(query: &Query, kind: Found, conditions: impl IntoIterator<Item = Option<Expr>>) -> Result<Query, Refusal> {
    let sort = match query.sort {
        Some(Sort::Relevance) => {
            let says = "asks for the best match first; a list runs along time, so ask for that on the search page";
            return Err(Refusal::unfit("q", says));
        }
        Some(sort) => sort,
        None => Sort::Created,
    };
    if let Some(says) = query.asks_for_others(kind) {
        return Err(Refusal::unfit("q", format!("asks for what is not here: {says}")));
    }
    if let Some(key) = query.misfit(&[kind]) {
        return Err(Refusal::unfit("q", format!("asks for what these do not know: {}", key.known_where())));
    }
    let all = conditions.into_iter().flatten().chain([Expr::only(Key::Type, kind.word())]);
    Ok(Query { sort: Some(sort), ..all.fold(query.clone(), Query::and) })
}

fn of<K: Kind>(key: Key, id: Option<Id<K>>) -> Option<Expr> {
    id.map(|id| Expr::only(key, &id.to_string()))
}

fn of_service(slug: Option<&Slug>) -> Option<Expr> {
    slug.map(|slug| Expr::only(Key::Service, slug.as_str()))
}

fn is(key: Key, word: &str) -> Expr {
    Expr::Amount(Amount::Is { key, states: vec![word.to_owned()] })
}
