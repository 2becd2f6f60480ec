//! The table of saved views.

use super::{
    columns::{Mark, PLAIN, Table, flag, number, text},
    reads,
};

pub const VIEWS: Table = Table {
    name: "saved_views",
    columns: &[
        number("id"),
        text("name"),
        text("query"),
        number("owner"),
        text("team").maybe(),
        flag("pinned"),
        flag("home"),
        number("created_at"),
        number("dropped_at").maybe(),
        text("list").maybe(),
        text("shows").maybe(),
        text("grouped").maybe(),
        number("version"),
    ],
    marks: &[Mark::Number("owner")],
    counter: Some("view"),
    reads: reads::view,
    ..PLAIN
};
