//! The tables of recurring reruns, and of the addresses under which calendars are read.

use super::{
    columns::{Mark, PLAIN, Table, json, number, text},
    reads,
};

pub const CADENCES: Table = Table {
    name: "cadences",
    columns: &[
        number("id"),
        number("experiment"),
        json("rule"),
        number("since_at"),
        number("until_at").maybe(),
        number("person").maybe(),
    ],
    marks: &[Mark::Number("id"), Mark::Number("experiment")],
    counter: Some("cadence"),
    reads: reads::cadence,
    ..PLAIN
};

pub const SLOTS: Table = Table {
    name: "cadence_slots",
    columns: &[
        number("experiment"),
        text("date"),
        number("due_at"),
        number("at"),
        json("body"),
        number("run").maybe(),
        number("version"),
        number("changed_at"),
    ],
    keys: 2,
    marks: &[Mark::Number("experiment")],
    reads: reads::cadence_slot,
    ..PLAIN
};

pub const SUBSCRIPTIONS: Table = Table {
    name: "subscriptions",
    columns: &[
        number("id"),
        number("person"),
        text("kind"),
        text("slug").maybe(),
        text("key"),
        number("created_at"),
        number("revoked_at").maybe(),
    ],
    marks: &[Mark::Number("person")],
    opens_doors: true,
    counter: Some("subscription"),
    reads: reads::subscription,
    ..PLAIN
};
