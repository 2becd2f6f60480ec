//! One row as it travels: its values in the order of its table's columns.

use std::cmp::Ordering;

use super::tables::{Column, Shape};

/// One value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    Nothing,
    Number(i64),
    Text(String),
    Flag(bool),
}

/// One row, a value for each column of its shape.
pub type Cells = Vec<Cell>;

impl Cell {
    /// The order of keys: numbers as numbers, texts by their bytes, whatever the engine's language.
    fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(one), Self::Number(other)) => one.cmp(other),
            (Self::Text(one), Self::Text(other)) => one.as_bytes().cmp(other.as_bytes()),
            _ => Ordering::Equal,
        }
    }

    /// About how much memory it takes.
    pub fn bytes(&self) -> usize {
        match self {
            Self::Text(text) => text.len() + size_of::<Self>(),
            Self::Nothing | Self::Number(_) | Self::Flag(_) => size_of::<Self>(),
        }
    }
}

/// Which of two rows stands first.
pub fn order(shape: &Shape, one: &[Cell], other: &[Cell]) -> Ordering {
    let pairs = one.iter().zip(other).take(shape.table.keys);
    pairs.map(|(one, other)| one.compare(other)).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
}

/// Whether two rows of one key say the same, apart from what drifts without being recorded.
pub fn same(columns: &[Column], one: &[Cell], other: &[Cell]) -> bool {
    columns.iter().zip(one.iter().zip(other)).all(|(column, (one, other))| column.drifts || one == other)
}

/// The key as people read it: `12`, `zookeeper production zk-1`.
pub fn key_words(shape: &Shape, cells: &[Cell]) -> String {
    let words = cells.iter().take(shape.table.keys).map(|cell| match cell {
        Cell::Number(number) => number.to_string(),
        Cell::Text(text) => text.chars().take(60).collect(),
        Cell::Flag(flag) => flag.to_string(),
        Cell::Nothing => "nothing".into(),
    });
    words.collect::<Vec<_>>().join(" ")
}

pub fn bytes(cells: &[Cell]) -> usize {
    cells.iter().map(Cell::bytes).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_ordered_by_their_bytes() {
        let shape = Shape::all(false).into_iter().find(|shape| shape.table.name == "targets").unwrap();
        let row = |name: &str| ["kafka", "production", name].map(|text| Cell::Text(text.into())).to_vec();
        assert_eq!(order(&shape, &row("Zk"), &row("a")), Ordering::Less);
        assert_eq!(order(&shape, &row("z"), &row("ä")), Ordering::Less);
        assert_eq!(order(&shape, &row("a"), &row("a")), Ordering::Equal);
    }
}
