//! What a query finds, by names and titles alone: asked again at every few letters that somebody types.

use super::{Found, Query, meaning::tree_of, sql};
use crate::{
    actor::Act,
    desk::Desk,
    events::acts::About,
    fault::{Fault, Result},
    limits::SEARCH_RANKED_MAX,
    paging::Rows,
};

/// A thing that was found. What it amounts to is left to its page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Titled {
    pub kind: Found,
    /// `RUN-317`, or a slug.
    pub object: String,
    /// Empty for what has none.
    pub title: String,
}

/// The best matches of the words of a query that asks for no state.
pub async fn titles(desk: &Desk, query: &Query, rows: Rows) -> Result<Vec<Titled>> {
    desk.may(Act::Look)?;
    let tree = tree_of(desk, query).await?;
    let mut tx = desk.begin_search().await?;
    let (_, floor) = sql::newest(&mut tx, &tree, SEARCH_RANKED_MAX).await?;
    let Some(floor) = floor else { return Ok(Vec::new()) };
    let found = sql::best(&mut tx, &tree, floor, (i64::MAX, 0), rows.and_one()).await?;
    rows.page(found).0.into_iter().map(titled).collect()
}

/// The things with these ids and slugs, in their order. What is none is left out.
pub async fn called(desk: &Desk, names: &[&str]) -> Result<Vec<Titled>> {
    desk.may(Act::Look)?;
    let mut tx = desk.begin_search().await?;
    let mut all = Vec::with_capacity(names.len());
    for name in names {
        if let Some(About { kind, object }) = About::named(name)
            && let Some(row) = sql::named(&mut tx, kind, &object).await?
        {
            all.push(titled(row)?);
        }
    }
    Ok(all)
}

fn titled(row: sql::Row) -> Result<Titled> {
    let kind = Found::named(&row.kind).map_err(|what| Fault::bad_row("search_entries", row.id, what))?;
    Ok(Titled { kind, object: row.object, title: row.title })
}
