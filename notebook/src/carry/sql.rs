//! Whole rows in and out. The texts are put together from the list of tables, once for each act:
//! written out, they would be two hundred statements that differ in their columns only. Nothing
//! that comes from a row or a file ever enters a text; values are bound.

use std::sync::Arc;

use sqlx::{AssertSqlSafe, ColumnIndex, Decode, Row, Type};

use super::{
    cells::{Cell, Cells, key_words},
    tables::{Column, Kind, Mark, Shape},
};
use crate::{
    db::{Tx, on},
    fault::{Fault, Result},
    id::SAMPLE_FROM,
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

fn safe(text: &Arc<str>) -> AssertSqlSafe<Arc<str>> {
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
        let into = format!(
            "insert into {table} ({names}){} values ",
            if table == super::tables::TRAIL { tx.own_numbers() } else { "" }
        );
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
        let is_trail = self.shape.table.name == super::tables::TRAIL;
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
    let parts = marks.iter().map(|mark| match mark {
        Mark::Number(column) => format!("({column} is null or {column} < {SAMPLE_FROM})"),
        Mark::Slug(column) => format!("{column} not like 'demo-%'"),
        // Things with public ids and slugs say it themselves; others are named by their number alone.
        Mark::Object => format!(
            "object not like 'DEMO-%' and object not like 'demo-%' \
             and not (kind in ('person', 'change', 'import') and length(object) = {} and object >= '{SAMPLE_FROM}')",
            SAMPLE_FROM.to_string().len()
        ),
    });
    let all = parts.collect::<Vec<_>>().join(" and ");
    if all.is_empty() { "1 = 1".into() } else { all }
}

const DOCUMENT: &str = "select document from imports where id = $1";

/// One document; the rows themselves leave it out.
pub async fn document(tx: &mut Tx, id: i64) -> Result<String> {
    let text: Option<String> = on!(tx, c => sqlx::query_scalar(DOCUMENT).bind(id).fetch_optional(c).await)?;
    Ok(text.ok_or_else(|| Fault::bad_row("imports", id, "is gone"))?)
}

const WITHOUT_DOCUMENT: &str = "select id from imports where document = '' order by id limit 100";

pub async fn without_document(tx: &mut Tx) -> Result<Vec<i64>> {
    Ok(on!(tx, c => sqlx::query_scalar(WITHOUT_DOCUMENT).fetch_all(c).await)?)
}

#[derive(sqlx::FromRow)]
pub struct Holdings {
    pub people: i64,
    pub services: i64,
    pub experiments: i64,
    pub others: i64,
    pub sample: i64,
}

const HOLDINGS: &str = "
    select
        (select count(*) from people where id < $1) as people,
        (select count(*) from services where slug not like 'demo-%') as services,
        (select count(*) from experiments where id < $1) as experiments,
        (select count(*) from changes where id < $1) + (select count(*) from imports where id < $1)
            + (select count(*) from findings where id < $1) + (select count(*) from decisions where id < $1) as others,
        (select count(*) from people where id >= $1) + (select count(*) from experiments where id >= $1)
            + (select count(*) from services where slug like 'demo-%') as sample";

/// Whether anybody has written anything here.
pub async fn holdings(tx: &mut Tx) -> Result<Holdings> {
    Ok(on!(tx, c => sqlx::query_as(HOLDINGS).bind(SAMPLE_FROM).fetch_one(c).await)?)
}

/// In an order in which nothing is left referring to what is gone.
const FIRST_THINGS: &[&str] = &[
    "delete from links",
    "delete from login_sessions",
    "delete from login_failures",
    "delete from once_keys",
    "delete from events",
    "delete from environments",
    "delete from settings",
    "delete from counters",
];

/// Takes out what opening a new notebook wrote: first environments, its name, the setup link.
pub async fn take_out_first_things(tx: &mut Tx) -> Result<()> {
    for statement in FIRST_THINGS {
        on!(tx, c => sqlx::query(*statement).execute(c).await.map(|_| ()))?;
    }
    Ok(())
}

/// Lifts the counters above every number that is in use.
pub async fn lift_counters(tx: &mut Tx) -> Result<()> {
    for table in super::tables::TABLES {
        let Some(kind) = table.counter else { continue };
        let text = format!(
            "insert into counters (kind, last)
            select $1, max(id) from {} where id < {SAMPLE_FROM} having max(id) is not null
            on conflict (kind) do update
                set last = case when excluded.last > counters.last then excluded.last else counters.last end",
            table.name
        );
        let text: Arc<str> = text.into();
        on!(tx, c => sqlx::query(safe(&text)).bind(kind).execute(c).await.map(|_| ()))?;
    }
    Ok(())
}

/// Kinds whose counter stands below a number in use, with both.
pub async fn low_counters(tx: &mut Tx) -> Result<Vec<(String, i64, i64)>> {
    let mut low = Vec::new();
    for table in super::tables::TABLES {
        let Some(kind) = table.counter else { continue };
        let text = format!(
            "select
                coalesce((select max(id) from {} where id < {SAMPLE_FROM}), 0),
                coalesce((select last from counters where kind = $1), 0)",
            table.name
        );
        let text: Arc<str> = text.into();
        let (used, last): (i64, i64) = on!(tx, c => sqlx::query_as(safe(&text)).bind(kind).fetch_one(c).await)?;
        if last < used {
            low.push((kind.to_owned(), last, used));
        }
    }
    Ok(low)
}

/// Numbers that should name a row and do not, where the schema itself does not see to it.
const LOOSE: &[(&str, &str)] = &[
    (
        "an experiment's newest revision",
        "select e.id from experiments e
        where not exists (select 1 from revisions r where r.experiment = e.id and r.number = e.revision)
        order by e.id limit 100",
    ),
    (
        "an experiment's approved revision",
        "select e.id from experiments e
        where e.approved is not null
            and not exists (select 1 from revisions r where r.experiment = e.id and r.number = e.approved)
        order by e.id limit 100",
    ),
    (
        "a run's revision",
        "select x.id from runs x
        where not exists (select 1 from revisions r where r.experiment = x.experiment and r.number = x.revision)
        order by x.id limit 100",
    ),
];

pub async fn loose(tx: &mut Tx) -> Result<Vec<(&'static str, i64)>> {
    let mut found = Vec::new();
    for (what, statement) in LOOSE {
        let ids: Vec<i64> = on!(tx, c => sqlx::query_scalar(*statement).fetch_all(c).await)?;
        found.extend(ids.into_iter().map(|id| (*what, id)));
    }
    Ok(found)
}

const LINES_OF_KIND: &str = "select count(*) from events where kind = $1";

pub async fn lines_of_kind(tx: &mut Tx, kind: &str) -> Result<i64> {
    Ok(on!(tx, c => sqlx::query_scalar(LINES_OF_KIND).bind(kind).fetch_one(c).await)?)
}
