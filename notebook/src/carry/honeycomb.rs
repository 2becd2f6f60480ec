//! The tables of what Honeycomb said beside SLOs.

use super::{
    columns::{Mark, PLAIN, Table, flag, json, number, text},
    reads,
};

pub const SOURCES: Table = Table {
    name: "honeycomb_sources",
    columns: &[number("slo"), json("text"), flag("is_on"), number("since"), number("version")],
    marks: &[Mark::Number("slo")],
    parts: true,
    reads: reads::honeycomb_source,
    ..PLAIN
};

pub const OBSERVATIONS: Table = Table {
    name: "honeycomb_observations",
    columns: &[
        number("slo"),
        number("number"),
        text("kind"),
        json("text"),
        text("delivery").maybe(),
        number("person").maybe(),
        number("observed_at"),
        number("seen_at").drifts(),
    ],
    keys: 2,
    marks: &[Mark::Number("slo")],
    reads: reads::honeycomb_observation,
    ..PLAIN
};
