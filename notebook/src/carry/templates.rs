//! The tables of templates. Those that come with the program have no rows, so a use may name one of them.

use super::{
    columns::{Mark, PLAIN, Table, json, number, text},
    reads,
};

pub const TEMPLATES: Table = Table {
    name: "templates",
    columns: &[text("slug"), number("version"), number("retired_at").maybe(), number("created_at")],
    reads: reads::template,
    ..PLAIN
};

pub const VERSIONS: Table = Table {
    name: "template_versions",
    columns: &[text("template"), number("version"), json("text"), number("person").maybe(), number("created_at")],
    keys: 2,
    reads: reads::template_version,
    ..PLAIN
};

/// An experiment of the sample may have begun from any template.
pub const USES: Table = Table {
    name: "template_uses",
    columns: &[number("experiment"), text("template"), number("version")],
    marks: &[Mark::Number("experiment")],
    reads: reads::template_use,
    ..PLAIN
};
