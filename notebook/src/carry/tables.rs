//! What travels: every table with its columns, in an order in which nothing refers to a later one.
//!
//! Rows travel, not words: a row leaves and arrives exactly as it is kept, so no rule of a word can
//! change one on the way. A test compares this list with the schema of both engines; a new table or
//! column must choose whether it travels.

use super::{
    alerts, cadences, chef,
    columns::{PLAIN, flag, json, number, text},
    documents, gamedays, honeycomb, readings, reads, templates, views,
};
pub use super::{
    columns::{Column, Kind, Mark, STAYS, Table},
    shape::Shape,
};

pub const TABLES: &[Table] = &[
    Table { name: "counters", columns: &[text("kind"), number("last")], marks: &[Mark::Counter], ..PLAIN },
    Table { name: "settings", columns: &[text("name"), text("value")], parts: true, ..PLAIN },
    Table {
        name: "people",
        columns: &[
            number("id"),
            text("email"),
            text("name"),
            text("role"),
            flag("can_revert"),
            text("zone"),
            text("theme"),
            text("password_hash").maybe().opens_door(),
            number("disabled_at").maybe(),
            number("created_at"),
            number("version"),
        ],
        marks: &[Mark::Number("id")],
        counter: Some("person"),
        reads: reads::person,
        ..PLAIN
    },
    Table {
        name: "links",
        columns: &[
            text("key"),
            text("purpose"),
            text("email").maybe(),
            text("role").maybe(),
            number("person").maybe(),
            number("made_by").maybe(),
            number("created_at"),
            number("expires_at"),
            number("used_at").maybe().drifts(),
        ],
        marks: &[Mark::Number("person"), Mark::Number("made_by")],
        opens_doors: true,
        parts: true,
        reads: reads::link,
        ..PLAIN
    },
    Table {
        name: "tokens",
        columns: &[
            number("id"),
            number("person"),
            text("name"),
            text("key"),
            text("ending"),
            text("scope"),
            number("created_at"),
            number("expires_at").maybe(),
            number("used_at").maybe().drifts(),
            number("revoked_at").maybe(),
        ],
        marks: &[Mark::Number("id"), Mark::Number("person")],
        opens_doors: true,
        counter: Some("token"),
        reads: reads::token,
        ..PLAIN
    },
    Table {
        name: "environments",
        columns: &[text("slug"), text("name"), text("class"), number("created_at"), number("version")],
        marks: &[Mark::Slug("slug")],
        reads: reads::environment,
        ..PLAIN
    },
    Table {
        name: "teams",
        columns: &[
            text("slug"),
            text("name"),
            text("zone"),
            json("week"),
            json("holidays"),
            flag("solo"),
            number("created_at"),
            number("version"),
        ],
        marks: &[Mark::Slug("slug")],
        reads: reads::team,
        ..PLAIN
    },
    Table {
        name: "services",
        columns: &[
            text("slug"),
            text("name"),
            text("owner").maybe(),
            text("description").maybe(),
            flag("stateful"),
            flag("single_point"),
            text("tier").maybe(),
            json("links"),
            number("checked_at").maybe(),
            number("checked_by").maybe(),
            number("created_at"),
            number("version"),
            text("team").maybe(),
        ],
        marks: &[Mark::Slug("slug")],
        reads: reads::service,
        ..PLAIN
    },
    Table {
        name: "service_dependencies",
        columns: &[text("service"), text("needs")],
        keys: 2,
        marks: &[Mark::Slug("service"), Mark::Slug("needs")],
        parts: true,
        ..PLAIN
    },
    Table {
        name: "service_sources",
        columns: &[
            text("service"),
            text("tool"),
            text("entity"),
            text("link").maybe(),
            text("lifecycle").maybe(),
            number("person").maybe(),
            number("synced_at"),
        ],
        reads: reads::service_source,
        ..PLAIN
    },
    Table {
        name: "targets",
        columns: &[text("service"), text("environment"), text("name"), text("role").maybe()],
        keys: 3,
        marks: &[Mark::Slug("service"), Mark::Slug("environment")],
        parts: true,
        reads: reads::target,
        ..PLAIN
    },
    Table {
        name: "changes",
        columns: &[
            number("id"),
            text("kind"),
            text("summary"),
            text("reference").maybe(),
            text("environment"),
            number("at"),
            number("recorded_at"),
            number("person").maybe(),
        ],
        marks: &[Mark::Number("id")],
        counter: Some("change"),
        reads: reads::change,
        ..PLAIN
    },
    Table {
        name: "change_services",
        columns: &[number("change"), text("service")],
        keys: 2,
        marks: &[Mark::Number("change")],
        parts: true,
        ..PLAIN
    },
    Table {
        name: "freezes",
        columns: &[
            number("id"),
            text("team").maybe(),
            text("service").maybe(),
            text("environment").maybe(),
            number("from_at"),
            number("until_at").maybe(),
            text("why"),
            number("person"),
            number("ended_at").maybe(),
            number("ended_by").maybe(),
            text("ended_why").maybe(),
            number("created_at"),
        ],
        marks: &[Mark::Number("id")],
        counter: Some("freeze"),
        reads: reads::freeze,
        ..PLAIN
    },
    chef::MAPPINGS,
    chef::CONVERGES,
    chef::CHANGES,
    Table {
        name: "slos",
        columns: &[
            number("id"),
            text("title"),
            text("service"),
            text("environment"),
            number("revision"),
            number("approved").maybe(),
            number("retired_at").maybe(),
            number("created_at"),
            number("version"),
        ],
        marks: &[Mark::Number("id")],
        counter: Some("slo"),
        reads: reads::slo,
        ..PLAIN
    },
    Table {
        name: "slo_revisions",
        columns: &[number("slo"), number("number"), json("text"), number("author").maybe(), number("created_at")],
        keys: 2,
        marks: &[Mark::Number("slo")],
        reads: reads::slo_revision,
        ..PLAIN
    },
    Table {
        name: "slo_measurements",
        columns: &[
            number("slo"),
            number("number"),
            number("start_at"),
            number("end_at"),
            text("said"),
            number("good"),
            number("bad"),
            text("source"),
            number("person").maybe(),
            text("reason").maybe(),
            number("recorded_at"),
        ],
        keys: 2,
        marks: &[Mark::Number("slo")],
        reads: reads::slo_measurement,
        ..PLAIN
    },
    Table {
        name: "gate_policies",
        columns: &[
            number("id"),
            text("reserve"),
            number("at_once_max").maybe(),
            number("steady_state_minutes"),
            number("rehearsal_days"),
            text("revisit_on"),
            number("author").maybe(),
            number("written_at"),
            number("approved_by").maybe(),
            number("approved_at").maybe(),
        ],
        counter: Some("policy"),
        reads: reads::policy,
        ..PLAIN
    },
    Table {
        name: "slo_sources",
        columns: &[number("slo"), json("text"), flag("is_on"), number("since"), number("version")],
        marks: &[Mark::Number("slo")],
        parts: true,
        reads: reads::slo_source,
        ..PLAIN
    },
    honeycomb::SOURCES,
    honeycomb::OBSERVATIONS,
    alerts::ALERTS,
    Table {
        name: "experiments",
        columns: &[
            number("id"),
            text("title"),
            text("stage"),
            number("owner").maybe(),
            number("revision"),
            number("approved").maybe(),
            number("created_at"),
            number("updated_at"),
            number("version"),
        ],
        marks: &[Mark::Number("id")],
        counter: Some("experiment"),
        reads: reads::experiment,
        ..PLAIN
    },
    Table {
        name: "revisions",
        columns: &[
            number("experiment"),
            number("number"),
            text("state"),
            number("author").maybe(),
            text("reason").maybe(),
            json("plan"),
            text("fingerprint"),
            number("created_at"),
            number("version"),
        ],
        keys: 2,
        marks: &[Mark::Number("experiment")],
        reads: reads::revision,
        ..PLAIN
    },
    Table {
        name: "experiment_services",
        columns: &[number("experiment"), text("service")],
        keys: 2,
        marks: &[Mark::Number("experiment")],
        parts: true,
        ..PLAIN
    },
    templates::TEMPLATES,
    templates::VERSIONS,
    templates::USES,
    Table {
        name: "runs",
        columns: &[
            number("id"),
            number("experiment"),
            number("revision"),
            text("environment"),
            text("execution"),
            number("planned_at").maybe(),
            text("zone"),
            number("started_at").maybe(),
            number("ended_at").maybe(),
            number("closed_at").maybe(),
            number("created_at"),
            number("version"),
        ],
        marks: &[Mark::Number("id")],
        counter: Some("run"),
        reads: reads::run,
        ..PLAIN
    },
    readings::READINGS,
    documents::IMAGES,
    Table {
        name: "findings",
        columns: &[
            number("id"),
            text("title"),
            text("kind"),
            text("severity"),
            number("experiment").maybe(),
            number("origin").maybe(),
            text("environment"),
            json("body"),
            number("created_at"),
            number("version"),
        ],
        marks: &[Mark::Number("id")],
        counter: Some("finding"),
        reads: reads::finding,
        ..PLAIN
    },
    Table {
        name: "finding_services",
        columns: &[number("finding"), text("service")],
        keys: 2,
        marks: &[Mark::Number("finding")],
        parts: true,
        ..PLAIN
    },
    Table {
        name: "fixes",
        columns: &[number("id"), text("title"), json("body"), number("created_at"), number("version")],
        marks: &[Mark::Number("id")],
        counter: Some("fix"),
        reads: reads::fix,
        ..PLAIN
    },
    Table {
        name: "fix_findings",
        columns: &[number("fix"), number("finding")],
        keys: 2,
        marks: &[Mark::Number("fix")],
        parts: true,
        ..PLAIN
    },
    Table {
        name: "decisions",
        columns: &[
            number("id"),
            text("kind"),
            text("title"),
            json("body"),
            number("run").maybe(),
            number("supersedes").maybe(),
            number("until_at").maybe(),
            number("review_at").maybe(),
            number("created_at"),
            number("version"),
        ],
        marks: &[Mark::Number("id")],
        counter: Some("decision"),
        reads: reads::decision,
        ..PLAIN
    },
    Table {
        name: "decision_claims",
        columns: &[number("decision"), number("experiment"), text("snapshot")],
        keys: 2,
        marks: &[Mark::Number("decision")],
        ..PLAIN
    },
    gamedays::GAMEDAYS,
    gamedays::RUNS,
    cadences::CADENCES,
    cadences::SLOTS,
    cadences::SUBSCRIPTIONS,
    views::VIEWS,
    documents::IMPORTS,
    documents::PLAN_IMPORTS,
    Table {
        name: "events",
        columns: &[
            number("seq"),
            number("at"),
            number("recorded_at"),
            number("person").maybe(),
            text("via"),
            text("kind"),
            text("object"),
            text("act"),
            json("body"),
        ],
        marks: &[Mark::Object, Mark::Number("person")],
        reads: reads::line,
        ..PLAIN
    },
];

/// The trail: what decides which of two states of a notebook is the earlier one.
pub const TRAIL: &str = "events";
