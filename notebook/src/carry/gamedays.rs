//! The tables of game days.

use super::{
    columns::{Mark, PLAIN, Table, json, number, text},
    reads,
};

pub const GAMEDAYS: Table = Table {
    name: "gamedays",
    columns: &[
        number("id"),
        text("title"),
        text("zone"),
        number("from_at"),
        number("until_at"),
        json("body"),
        number("cancelled_at").maybe(),
        number("changed_at"),
        number("created_at"),
        number("version"),
    ],
    marks: &[Mark::Number("id")],
    counter: Some("gameday"),
    reads: reads::gameday,
    ..PLAIN
};

pub const RUNS: Table = Table {
    name: "gameday_runs",
    columns: &[number("gameday"), number("run")],
    keys: 2,
    marks: &[Mark::Number("gameday")],
    parts: true,
    ..PLAIN
};
