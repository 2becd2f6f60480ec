//! The tables whose rows hold a document: of other tools, and images that show how runs were.

use super::{
    columns::{Mark, PLAIN, Table, document, json, number, text},
    reads,
};

pub const IMPORTS: Table = Table {
    name: "imports",
    columns: &[
        number("id"),
        text("tool"),
        text("key"),
        number("run").maybe(),
        number("experiment").maybe(),
        json("proposal"),
        document("document"),
        number("person").maybe(),
        number("received_at"),
    ],
    // A document belongs to the run it became.
    marks: &[Mark::Number("run"), Mark::Number("experiment")],
    counter: Some("import"),
    reads: reads::import,
    ..PLAIN
};

pub const PLAN_IMPORTS: Table = Table {
    name: "plan_imports",
    columns: &[
        number("id"),
        text("tool"),
        text("key"),
        number("experiment"),
        text("title"),
        document("document"),
        json("taken_out"),
        number("person").maybe(),
        number("received_at"),
    ],
    marks: &[Mark::Number("experiment")],
    counter: Some("plan_import"),
    ..PLAIN
};

pub const IMAGES: Table = Table {
    name: "evidence",
    columns: &[
        number("id"),
        number("run"),
        text("sha256"),
        text("kind"),
        number("bytes"),
        document("content"),
        number("person").maybe(),
        number("created_at"),
    ],
    marks: &[Mark::Number("run")],
    counter: Some("evidence"),
    reads: reads::image,
    ..PLAIN
};
