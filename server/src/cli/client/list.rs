//! `retrial list`: the rows of one word.

use clap::Args;
use serde_json::{Value, json};

use super::{
    Ask,
    connection::{Came, Connection},
    fields,
    names::Word,
    outline::{brief, cell},
};
use crate::cli::{Stopped, out};

#[derive(Debug, Args)]
pub struct List {
    /// teams, services, environments, changes, freezes, slos, experiments, templates, runs, findings, fixes, decisions, gamedays, due, ledger, people, imports, events
    word: String,
    #[command(flatten)]
    wanted: Wanted,
}

/// Which rows, and how they are told.
#[derive(Debug, Args)]
pub struct Wanted {
    /// Filters as name=value, e.g. service=kafka, about=RUN-317; and a query: 'is:open severity:>=high kafka'
    #[arg(value_name = "NAME=VALUE|QUERY")]
    filters: Vec<String>,
    /// Go on to the last page
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    ask: Ask,
}

impl List {
    pub async fn run(self) -> Result<(), Stopped> {
        let word = Word::listed(&self.word)?;
        self.wanted.of(word).await
    }
}

impl Wanted {
    pub fn new(filters: Vec<String>, all: bool, ask: Ask) -> Self {
        Self { filters, all, ask }
    }

    pub async fn of(self, word: &Word) -> Result<(), Stopped> {
        let filters = fields::filters(&self.filters);
        let connection = self.ask.connect()?;
        let mut page = connection.get(word.path, &filters).await?;
        let mut rows = rows_of(&page.value, word);
        let mut next = next_query(&page, word, &rows);
        while self.all && next.is_some() {
            page = self.after(&connection, word, &filters, &page, &rows).await?;
            rows.extend(rows_of(&page.value, word));
            next = next_query(&page, word, &rows);
        }
        self.tell(word, page.value, rows, next.filter(|_| !self.all).as_deref())
    }

    async fn after(
        &self,
        connection: &Connection,
        word: &Word,
        filters: &[(String, String)],
        page: &Came,
        rows: &[Value],
    ) -> Result<Came, Stopped> {
        if let Some(next) = &page.next {
            return connection.get_next(next).await;
        }
        let mut query: Vec<(String, String)> = filters.iter().filter(|(name, _)| name != word.next).cloned().collect();
        query.push((word.next.to_owned(), rows.last().map(|row| name_of(row, word)).unwrap_or_default()));
        connection.get(word.path, &query).await
    }

    fn tell(&self, word: &Word, page: Value, rows: Vec<Value>, next: Option<&str>) -> Result<(), Stopped> {
        if self.ask.json {
            // One answer, whatever it was read in.
            return match page {
                Value::Array(_) => out::json(&rows),
                Value::Object(mut fields) => {
                    fields.insert(word.many.to_owned(), json!(rows));
                    out::json(&fields)
                }
                other => out::json(&other),
            };
        }
        if self.ask.quiet {
            let names: Vec<String> = rows.iter().map(|row| name_of(row, word)).collect();
            return if names.is_empty() { Ok(()) } else { out::print(&names.join("\n")) };
        }
        if rows.is_empty() {
            return out::print(&format!("No {}.", word.many));
        }
        let heads: Vec<&str> = word.columns.iter().map(|(head, _)| *head).collect();
        let cells: Vec<Vec<String>> = rows
            .iter()
            .map(|row| word.columns.iter().map(|(_, at)| row.pointer(at).map(cell).unwrap_or_default()).collect())
            .collect();
        out::print(&out::table(&heads, &cells))?;
        match next {
            // The place at which what was found goes on is nothing to type.
            Some(_) if word.next.is_empty() => eprintln!("There are more: add --all."),
            Some(next) => eprintln!("There are more: add {next}, or --all."),
            None => {}
        }
        Ok(())
    }
}

/// The rows of one page: the answer itself, or its list.
fn rows_of(page: &Value, word: &Word) -> Vec<Value> {
    let list = match page {
        Value::Array(rows) => Some(rows),
        page => page.get(word.many).and_then(Value::as_array),
    };
    list.cloned().unwrap_or_default()
}

fn name_of(row: &Value, word: &Word) -> String {
    word.columns.first().and_then(|(_, at)| row.pointer(at)).map(brief).unwrap_or_default()
}

/// What asks for the next page, if there is one.
fn next_query(page: &Came, word: &Word, rows: &[Value]) -> Option<String> {
    let more = page.next.is_some() || page.value.get("more").and_then(Value::as_bool).unwrap_or_default();
    let last = rows.last().filter(|_| more)?;
    Some(format!("{}={}", word.next, name_of(last, word)))
}
