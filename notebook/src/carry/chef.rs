//! The tables of what Chef told.

use super::{
    columns::{PLAIN, Table, flag, json, number, text},
    reads,
};

pub const MAPPINGS: Table = Table {
    name: "chef_mappings",
    columns: &[
        text("kind"),
        text("name"),
        text("service"),
        text("environment"),
        number("person").maybe(),
        number("created_at"),
    ],
    keys: 3,
    parts: true,
    reads: reads::chef_mapping,
    ..PLAIN
};

pub const CONVERGES: Table = Table {
    name: "chef_converges",
    columns: &[
        text("run"),
        text("node"),
        text("status"),
        number("started_at"),
        number("ended_at"),
        json("body"),
        flag("mapped"),
        number("person").maybe(),
        number("received_at"),
    ],
    reads: reads::chef_converge,
    ..PLAIN
};

pub const CHANGES: Table = Table { name: "chef_changes", columns: &[text("run"), number("change")], keys: 2, ..PLAIN };
