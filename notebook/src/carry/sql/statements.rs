//! Whole rows in and out. The texts are put together from the list of tables, once for each act:
//! written out, they would be two hundred statements that differ in their columns only. Nothing
//! that comes from a row or a file ever enters a text; values are bound.

use std::sync::Arc;

use sqlx::{AssertSqlSafe, ColumnIndex, Decode, Row, Type};

use super::super::{
    cells::{Cell, Cells, key_words},
    tables::{Column, Kind, Mark, Shape, TRAIL},
};
use crate::{
    belongs,
    db::{Tx, counters::SAMPLE_COUNTER, on},
    fault::{Fault, Result},
    id::{SAMPLE_FROM, SAMPLE_PREFIX},
};

/// Rows that one statement inserts: fewer round trips, and far from any engine's limit of values.
pub const ROWS_INSERTED_TOGETHER: usize = 50;
/// Rows read at once, where they are as long as a line of the trail.
const ROWS_READ_TOGETHER: i64 = 400;
/// The same where one holds a whole plan or proposal.
const LONG_ROWS_READ_TOGETHER: i64 = 20;

/// Which rows are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rows {
    /// All but the sample notebook's.
    Real,
    Every,
}

/// One table's statements.
pub struct Statements {
    pub shape: Shape,
    /// The rows after a key, in order.
    after: Arc<str>,
    count: Arc<str>,
    one: Arc<str>,
    many: Arc<str>,
    save: Arc<str>,
    drop: Arc<str>,
    /// One row's document, and the rows that lost theirs; for tables that have them.
    documents: Option<[Arc<str>; 2]>,
}

/// Binds a row's values, each with its column's type where it is nothing. A row that is given away
/// is not copied.
macro_rules! bound {
    ($query:expr, $columns:expr, $cells:expr) => {{
        let mut query = $query;
        for (column, cell) in $columns.iter().zip($cells) {
            query = match (cell, column.kind) {
                (Cell::Number(number), _) => query.bind(number),
                (Cell::Text(text), _) => query.bind(text),
                (Cell::Flag(flag), _) => query.bind(flag),
                (Cell::Nothing, Kind::Number) => query.bind(None::<i64>),
                (Cell::Nothing, Kind::Flag) => query.bind(None::<bool>),
                (Cell::Nothing, Kind::Text | Kind::Json | Kind::Document) => query.bind(None::<&str>),
            };
        }
        query
    }};
}

pub(super) fn safe(text: &Arc<str>) -> AssertSqlSafe<Arc<str>> {
    AssertSqlSafe(Arc::clone(text))
}

impl Statements {
    pub fn all(tx: &Tx, accounts: bool, rows: Rows) -> Vec<Self> {
        Shape::all(accounts).into_iter().map(|shape| Self::of(tx, shape, rows)).collect()
    }

    fn of(tx: &Tx, shape: Shape, rows: Rows) -> Self {
        let table = shape.table.name;
        let real = match rows {
            Rows::Real => real(shape.table.marks),
            Rows::Every => "1 = 1".into(),
        };
        let chosen = list(&shape.columns, |column| match column.kind {
            // Long; read one by one.
            Kind::Document => format!("cast(null as text) as {}", column.name),
            Kind::Number | Kind::Text | Kind::Flag | Kind::Json => column.name.into(),
        });
        let keys = shape.keys().len();
        let key = list(shape.keys(), ordered);
        let select = format!("select {chosen} from {table} where {real} and ({key}) > ({})", markers(1, keys));
        let names = list(&shape.columns, |column| column.name.into());
        let columns = shape.columns.len();
        let into =
            format!("insert into {table} ({names}){} values ", if table == TRAIL { tx.own_numbers() } else { "" });
        let rows_of = |count: usize| {
            let rows = (0..count).map(|row| format!("({})", markers(1 + row * columns, columns)));
            rows.collect::<Vec<_>>().join(", ")
        };
        let is_it = |first: usize| {
            let parts = shape.keys().iter().zip(first..).map(|(column, n)| format!("{} = ${n}", column.name));
            parts.collect::<Vec<_>>().join(" and ")
        };
        let values = shape.columns[keys..].iter().zip(1..).map(|(column, n)| format!("{} = ${n}", column.name));
        let values = values.collect::<Vec<_>>().join(", ");
        Self {
            after: format!("{select} order by {key} limit ${}", keys + 1).into(),
            count: format!("select count(*) from {table} where {real}").into(),
            one: format!("{into}{}", rows_of(1)).into(),
            many: format!("{into}{}", rows_of(ROWS_INSERTED_TOGETHER)).into(),
            save: format!("update {table} set {values} where {}", is_it(columns - keys + 1)).into(),
            drop: format!("delete from {table} where {}", is_it(1)).into(),
            documents: shape.document().map(|place| {
                let (id, column) = (shape.columns[0].name, shape.columns[place].name);
                let one = format!("select {column} from {table} where {id} = $1");
                let lost = format!("select {id} from {table} where {column} = '' order by {id} limit 100");
                [one.into(), lost.into()]
            }),
            shape,
        }
    }

    /// Before any key.
    pub fn start(&self) -> Cells {
        let least = |column: &Column| match column.kind {
            Kind::Number => Cell::Number(i64::MIN),
            Kind::Text | Kind::Flag | Kind::Json | Kind::Document => Cell::Text(String::new()),
        };
        self.shape.keys().iter().map(least).collect()
    }

    pub async fn count(&self, tx: &mut Tx) -> Result<u64> {
        let count: i64 = on!(tx, c => sqlx::query_scalar(safe(&self.count)).fetch_one(c).await)?;
        Ok(u64::try_from(count).unwrap_or_default())
    }

    /// The next rows after a key; none at the end. Documents are left out.
    pub async fn after(&self, tx: &mut Tx, key: &[Cell]) -> Result<Vec<Cells>> {
        let rows = self.after_as_they_are(tx, key).await?;
        rows.into_iter().map(|row| row.map_err(|bad| self.bad(&bad))).collect()
    }

    /// The same, each row with its trouble if it does not read.
    pub async fn after_as_they_are(&self, tx: &mut Tx, key: &[Cell]) -> Result<Vec<Result<Cells, BadRow>>> {
        let long = self.shape.columns.iter().any(|column| column.kind == Kind::Json);
        let is_trail = self.shape.table.name == TRAIL;
        let limit = if long && !is_trail { LONG_ROWS_READ_TOGETHER } else { ROWS_READ_TOGETHER };
        on!(tx, c => {
            let query = bound!(sqlx::query(safe(&self.after)), self.shape.keys(), key).bind(limit);
            let rows = query.fetch_all(c).await?;
            Ok(rows.iter().map(|row| read(&self.shape, row)).collect())
        })
    }

    /// Inserts exactly [`ROWS_INSERTED_TOGETHER`] rows, or one.
    pub async fn insert(&self, tx: &mut Tx, rows: &[Cells]) -> Result<(), sqlx::Error> {
        let text = if rows.len() == ROWS_INSERTED_TOGETHER { &self.many } else { &self.one };
        on!(tx, c => {
            let mut query = sqlx::query(safe(text));
            for row in rows {
                query = bound!(query, self.shape.columns, row);
            }
            query.execute(c).await.map(|_| ())
        })
    }

    /// Inserts a row with its document, which may be most of the memory there is: it is given away.
    pub async fn insert_whole(&self, tx: &mut Tx, row: Cells) -> Result<(), sqlx::Error> {
        on!(tx, c => {
            bound!(sqlx::query(safe(&self.one)), self.shape.columns, row).execute(c).await.map(|_| ())
        })
    }

    /// One document; the rows themselves leave it out.
    pub async fn document(&self, tx: &mut Tx, id: i64) -> Result<String> {
        let Some([one, _]) = &self.documents else { return Ok(String::new()) };
        let text: Option<String> = on!(tx, c => sqlx::query_scalar(safe(one)).bind(id).fetch_optional(c).await)?;
        Ok(text.ok_or_else(|| Fault::bad_row(self.shape.table.name, id, "is gone"))?)
    }

    /// The first rows whose document is empty.
    pub async fn without_document(&self, tx: &mut Tx) -> Result<Vec<i64>> {
        let Some([_, lost]) = &self.documents else { return Ok(Vec::new()) };
        Ok(on!(tx, c => sqlx::query_scalar(safe(lost)).fetch_all(c).await)?)
    }

    pub async fn save(&self, tx: &mut Tx, row: &[Cell]) -> Result<(), sqlx::Error> {
        let keys = self.shape.keys();
        on!(tx, c => {
            let query = bound!(sqlx::query(safe(&self.save)), self.shape.columns[keys.len()..], &row[keys.len()..]);
            bound!(query, keys, row).execute(c).await.map(|_| ())
        })
    }

    pub async fn drop(&self, tx: &mut Tx, row: &[Cell]) -> Result<(), sqlx::Error> {
        on!(tx, c => bound!(sqlx::query(safe(&self.drop)), self.shape.keys(), row).execute(c).await.map(|_| ()))
    }

    fn bad(&self, row: &BadRow) -> crate::fault::Error {
        Fault::bad_row(self.shape.table.name, &row.key, &row.says).into()
    }
}

/// A row that does not even hold values of its columns' types.
pub struct BadRow {
    pub key: String,
    pub says: String,
}

fn read<R: Row>(shape: &Shape, row: &R) -> Result<Cells, BadRow>
where
    usize: ColumnIndex<R>,
    for<'r> i64: Decode<'r, R::Database> + Type<R::Database>,
    for<'r> bool: Decode<'r, R::Database> + Type<R::Database>,
    for<'r> String: Decode<'r, R::Database> + Type<R::Database>,
{
    let mut cells = Cells::with_capacity(shape.columns.len());
    for (place, column) in shape.columns.iter().enumerate() {
        let cell = match column.kind {
            Kind::Number => row.try_get::<Option<i64>, _>(place).map(|value| value.map(Cell::Number)),
            Kind::Flag => row.try_get::<Option<bool>, _>(place).map(|value| value.map(Cell::Flag)),
            Kind::Text | Kind::Json | Kind::Document => {
                row.try_get::<Option<String>, _>(place).map(|value| value.map(Cell::Text))
            }
        };
        match cell {
            Ok(cell) => cells.push(cell.unwrap_or(Cell::Nothing)),
            Err(trouble) => return Err(BadRow { key: key_words(shape, &cells), says: trouble.to_string() }),
        }
    }
    Ok(cells)
}

fn list(columns: &[Column], write: impl Fn(&Column) -> String) -> String {
    columns.iter().map(write).collect::<Vec<_>>().join(", ")
}

/// Keys in one order on every engine and in every language: texts by their bytes.
fn ordered(column: &Column) -> String {
    match column.kind {
        Kind::Text => format!("{} collate \"C\"", column.name),
        Kind::Number | Kind::Flag | Kind::Json | Kind::Document => column.name.into(),
    }
}

fn markers(first: usize, count: usize) -> String {
    (first..first + count).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ")
}

/// True of a row that is none of the sample notebook's.
fn real(marks: &[Mark]) -> String {
    let slugs = belongs::slugs().map(|slug| format!("'{slug}'")).collect::<Vec<_>>().join(", ");
    let parts = marks.iter().map(|mark| match mark {
        Mark::Number(column) => format!("({column} is null or {column} < {SAMPLE_FROM})"),
        Mark::Slug(column) => format!("{column} not in ({slugs})"),
        Mark::Counter => format!("substr(kind, 1, {}) <> '{SAMPLE_COUNTER}'", SAMPLE_COUNTER.len()),
        Mark::Object => real_object(&slugs),
    });
    let all = parts.collect::<Vec<_>>().join(" and ");
    if all.is_empty() { "1 = 1".into() } else { all }
}

/// Public ids and slugs say it themselves; other things are named by their number alone.
fn real_object(slugs: &str) -> String {
    format!(
        "substr(object, 1, {}) <> '{SAMPLE_PREFIX}'
        and not (kind in ('service', 'environment', 'team') and object in ({slugs}))
        and not (kind in ('person', 'change', 'freeze') and length(object) = {} and object >= '{SAMPLE_FROM}')
        and not (kind = 'import' and object in (
            select cast(i.id as text) from imports i
            where i.run >= {SAMPLE_FROM} or i.experiment >= {SAMPLE_FROM}))
        and not (kind = 'plan_import' and object in (
            select cast(i.id as text) from plan_imports i where i.experiment >= {SAMPLE_FROM}))",
        SAMPLE_PREFIX.len(),
        SAMPLE_FROM.to_string().len()
    )
}
