//! A table with the columns that travel this time.

use super::tables::{Column, Kind, TABLES, Table};

/// One table with the columns that travel this time.
#[derive(Clone)]
pub struct Shape {
    pub table: &'static Table,
    pub columns: Vec<Column>,
}

impl Shape {
    fn of(table: &'static Table, accounts: bool) -> Self {
        let columns = table.columns.iter().copied().filter(|column| accounts || !column.opens_door);
        Self { table, columns: columns.collect() }
    }

    /// All tables that travel, in their order; with `accounts` also what opens doors.
    pub fn all(accounts: bool) -> Vec<Self> {
        let tables = TABLES.iter().filter(|table| accounts || !table.opens_doors);
        tables.map(|table| Self::of(table, accounts)).collect()
    }

    pub fn keys(&self) -> &[Column] {
        &self.columns[..self.table.keys]
    }

    /// The archive's member.
    pub fn member(&self) -> String {
        format!("{}.jsonl", self.table.name)
    }

    pub fn place_of(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|known| known.name == column)
    }

    /// Where the document's name stands, if rows have one.
    pub fn document(&self) -> Option<usize> {
        self.columns.iter().position(|column| column.kind == Kind::Document)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_opens_doors_stays_unless_accounts_travel() {
        let names = |accounts: bool| Shape::all(accounts).iter().map(|s| s.table.name).collect::<Vec<_>>();
        for table in ["links", "tokens"] {
            assert!(names(true).contains(&table) && !names(false).contains(&table), "{table}");
        }
        let people = |accounts: bool| Shape::all(accounts).into_iter().find(|s| s.table.name == "people").unwrap();
        assert!(people(true).place_of("password_hash").is_some());
        assert!(people(false).place_of("password_hash").is_none());
        for stays in super::super::tables::STAYS {
            assert!(!names(true).contains(stays), "{stays}");
        }
    }

    #[test]
    fn keys_come_first_and_hold_something() {
        for shape in Shape::all(true) {
            assert!(shape.table.keys > 0 && shape.keys().iter().all(|key| !key.maybe), "{}", shape.table.name);
        }
    }
}
