//! The table of what Alertmanager told. In which stretches it was heard of is what one installation knows.

use super::{
    columns::{PLAIN, Table, json, number, text},
    reads,
};

pub const ALERTS: Table = Table {
    name: "alerts",
    columns: &[
        number("id"),
        text("environment"),
        text("service").maybe(),
        text("fingerprint"),
        text("name"),
        json("body"),
        number("starts_at"),
        number("ended_at").maybe(),
        number("received_at"),
    ],
    counter: Some("alert"),
    reads: reads::alert,
    ..PLAIN
};
