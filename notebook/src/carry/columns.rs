//! What a table that travels looks like: what each column holds, and what marks a row as the sample's;
//! and which tables stay.

use super::reads::{Said, Seen};

/// What never travels: login sessions and wrong passwords belong to one installation, and the keys
/// of repeated requests are forgotten within days. People sign in again. How asking a source goes is
/// what one installation knows, and so is what it told whom: another one would tell it again. What the clock
/// told is looked at anew. What is searched, and which services a revision names, is written from what travels.
pub const STAYS: &[&str] = &[
    "login_sessions",
    "login_failures",
    "once_keys",
    "slo_pulls",
    "slo_hours",
    "slo_packings",
    "honeycomb_polls",
    "probe_turns",
    "alert_hearings",
    "watchers",
    "search_entries",
    "search_changed",
    "tellings",
    "telling_cursor",
    "outbox",
    "notices",
    "notice_choices",
    "notice_mutes",
    "webhooks",
    "webhook_secrets",
    "deliveries",
    "delivery_tries",
    "delivery_turns",
    "digests",
    "mail_announced",
    "seen_aside",
    "revision_services",
];

/// One table and how it travels.
pub struct Table {
    pub name: &'static str,
    pub columns: &'static [Column],
    /// So many of the first columns tell its rows apart.
    pub keys: usize,
    /// What marks a row as one of the sample notebook, which stays.
    pub marks: &'static [Mark],
    /// Whether it opens doors, and so travels only with accounts.
    pub opens_doors: bool,
    /// Whether its rows are parts of other things and go when those change.
    pub parts: bool,
    /// The counter its first column is numbered by.
    pub counter: Option<&'static str>,
    /// Whether this version understands a row.
    pub reads: fn(&Seen<'_>) -> Said,
}

/// A table with nothing to say of it.
pub const PLAIN: Table = Table {
    name: "",
    columns: &[],
    keys: 1,
    marks: &[],
    opens_doors: false,
    parts: false,
    counter: None,
    reads: |_| Ok(()),
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    pub name: &'static str,
    pub kind: Kind,
    /// Whether it may hold nothing.
    pub maybe: bool,
    /// Whether it opens a door, and so travels only with accounts.
    pub opens_door: bool,
    /// Whether it changes without a line in the trail, so that a difference says nothing.
    pub drifts: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Number,
    Text,
    Flag,
    /// A text that holds JSON.
    Json,
    /// A long text that travels as an attachment, named by its SHA-256.
    Document,
}

/// By which column sample rows are told.
pub enum Mark {
    /// A number from `id::SAMPLE_FROM` on.
    Number(&'static str),
    /// A slug of the sample's closed list.
    Slug(&'static str),
    /// A counter of the sample's own numbers.
    Counter,
    /// What a line of the trail is about.
    Object,
}

const fn column(name: &'static str, kind: Kind) -> Column {
    Column { name, kind, maybe: false, opens_door: false, drifts: false }
}
pub const fn number(name: &'static str) -> Column {
    column(name, Kind::Number)
}
pub const fn text(name: &'static str) -> Column {
    column(name, Kind::Text)
}
pub const fn flag(name: &'static str) -> Column {
    column(name, Kind::Flag)
}
pub const fn json(name: &'static str) -> Column {
    column(name, Kind::Json)
}
pub const fn document(name: &'static str) -> Column {
    column(name, Kind::Document)
}

impl Column {
    #[must_use]
    pub const fn maybe(self) -> Self {
        Self { maybe: true, ..self }
    }

    #[must_use]
    pub const fn opens_door(self) -> Self {
        Self { opens_door: true, ..self }
    }

    #[must_use]
    pub const fn drifts(self) -> Self {
        Self { drifts: true, ..self }
    }
}
