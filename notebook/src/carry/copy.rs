//! Rows on their way into a notebook, out of a file or out of another notebook.

use super::{
    Progress, Tell,
    archive::{self, Archive},
    cells::{Cell, Cells, key_words},
    measure,
    sql::{self, ROWS_INSERTED_TOGETHER, Statements},
};
use crate::{
    db::{Tx, is_busy},
    fault::{Error, Fault, Result},
    refusal::Refusal,
};

/// Where rows come from.
pub enum Source<'a> {
    File(&'a Archive),
    /// Another notebook, through the statements of its own engine.
    Notebook(&'a mut Tx, &'a [Statements]),
}

/// The rows of one table, on their way.
pub enum Rows {
    File(archive::Rows),
    Notebook { table: usize, key: Cells },
}

impl Source<'_> {
    /// The rows of the table with this place.
    pub fn rows(&self, table: usize) -> Rows {
        match self {
            Self::File(archive) => Rows::File(archive.rows(table)),
            Self::Notebook(_, tables) => Rows::Notebook { table, key: tables[table].start() },
        }
    }

    /// The next ones, documents by their names; none at the end.
    pub async fn next(&mut self, rows: &mut Rows, into: &Statements) -> Result<Vec<Cells>> {
        match (self, rows) {
            (Self::Notebook(tx, tables), Rows::Notebook { table, key }) => {
                let table = &tables[*table];
                let mut page = measure::page(tx, table, key).await?;
                for row in &mut page {
                    measure::name_document(tx, table, row).await?;
                }
                Ok(page)
            }
            (_, Rows::File(lines)) => lines.next_together(&into.shape),
            (Self::File(_), Rows::Notebook { .. }) => Ok(Vec::new()),
        }
    }

    /// The row as it is kept: with its document in place of the document's name.
    pub async fn whole(&mut self, into: &Statements, row: &[Cell]) -> Result<Cells> {
        let mut row = row.to_vec();
        let Some(place) = into.shape.document() else { return Ok(row) };
        let text = match (self, &row[..]) {
            (Self::Notebook(tx, _), [Cell::Number(import), ..]) => sql::document(tx, *import).await?,
            (Self::File(archive), row) => match &row[place] {
                Cell::Text(name) => archive.document(name)?,
                _ => String::new(),
            },
            (Self::Notebook(..), _) => String::new(),
        };
        row[place] = Cell::Text(text);
        Ok(row)
    }
}

/// How far a copy has come.
pub struct Pace<'a> {
    pub doing: &'static str,
    pub done: u64,
    pub total: u64,
    pub tell: Tell<'a>,
}

impl Pace<'_> {
    pub fn more(&mut self, rows: usize) {
        self.done += u64::try_from(rows).unwrap_or_default();
        (self.tell)(Progress { doing: self.doing, done: self.done, total: self.total });
    }
}

/// Copies all rows of all tables into a notebook that has none. Returns how many of each table.
pub async fn fill(
    tx: &mut Tx,
    tables: &[Statements],
    source: &mut Source<'_>,
    pace: &mut Pace<'_>,
) -> Result<Vec<u64>> {
    let mut counts = Vec::with_capacity(tables.len());
    for (place, table) in tables.iter().enumerate() {
        let (mut rows, mut count) = (source.rows(place), 0);
        loop {
            let page = source.next(&mut rows, table).await?;
            if page.is_empty() {
                break;
            }
            insert(tx, table, source, &page).await?;
            count += u64::try_from(page.len()).unwrap_or_default();
            pace.more(page.len());
        }
        counts.push(count);
    }
    Ok(counts)
}

/// Inserts rows, many at once where no document makes them long.
pub async fn insert(tx: &mut Tx, table: &Statements, source: &mut Source<'_>, rows: &[Cells]) -> Result<()> {
    if table.shape.document().is_some() {
        for row in rows {
            let whole = source.whole(table, row).await?;
            let done = table.insert_whole(tx, whole).await;
            done.map_err(|trouble| refused(table, row, row, trouble))?;
        }
        return Ok(());
    }
    let many = rows.chunks_exact(ROWS_INSERTED_TOGETHER);
    let rest = many.remainder().chunks(1);
    for part in many.chain(rest) {
        let done = table.insert(tx, part).await;
        done.map_err(|trouble| refused(table, &part[0], &part[part.len() - 1], trouble))?;
    }
    Ok(())
}

/// What the database did not take, by the rows it was among. What only it can see is here: numbers
/// that name nothing, and what is there twice.
pub fn refused(table: &Statements, first: &[Cell], last: &[Cell], trouble: sqlx::Error) -> Error {
    if is_busy(&trouble) {
        return trouble.into();
    }
    let (first, last) = (key_words(&table.shape, first), key_words(&table.shape, last));
    let which = if first == last { first } else { format!("{first} to {last}") };
    match &trouble {
        sqlx::Error::Database(says)
            if says.is_foreign_key_violation() || says.is_unique_violation() || says.is_check_violation() =>
        {
            Refusal::unfit(
                &format!("{} ({which})", table.shape.member()),
                format!("does not fit the rest: {}", says.message()),
            )
            .into()
        }
        _ => Fault::Work(format!("{} ({which}) cannot be written: {trouble}", table.shape.table.name)).into(),
    }
}
