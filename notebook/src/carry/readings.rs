//! The table of what the queries of plans were answered.

use super::{
    columns::{Mark, PLAIN, Table, number, text},
    reads,
};

pub const READINGS: Table = Table {
    name: "probe_readings",
    columns: &[number("run"), number("at"), number("probe"), text("value").maybe(), text("why").maybe()],
    keys: 3,
    marks: &[Mark::Number("run")],
    // No line of the trail speaks of a reading: the run it belongs to is further on, or it is not.
    parts: true,
    reads: reads::reading,
    ..PLAIN
};
