//! Stories of the acts, each on both engines, in one binary (one link).

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a story that cannot go on fails")]

#[macro_use]
mod each_db;
#[path = "../shared/migrated.rs"]
mod migrated;
#[path = "../shared/gate.rs"]
mod ready;
#[path = "../shared/plan.rs"]
mod plan;
#[path = "../shared/postgres.rs"]
mod postgres;
mod lab;
mod growth;
mod found;

mod beside;
mod events;
mod watching;
mod carry;
mod experiments;
mod first;
mod gate;
mod gate_rules;
mod preflight;
mod lists;
mod notes;
mod prompts;
mod probes;
mod steady;
mod exit_codes;
mod once;
mod versions;
mod imports;
mod ledger;
mod left;
mod chaostoolkit;
mod openslo;
mod migrations;
mod people;
mod retrials;
mod lineage;
mod due;
mod seen;
mod samples;
mod search;
mod searched;
mod indexed;
mod views;
mod named;
mod asked;
mod relevance;
mod sample_gate;
mod services;
mod catalogue;
mod covering;
mod slos;
mod teams;
mod templates;
mod tokens;
mod slo_hours;
mod slo_sources;
mod honeycomb;
mod alerts;
mod cadences;
mod feeds;
mod promised;
mod today;
mod moving;
mod scenarios;
mod from_history;
mod gamedays;
mod notifications;
mod mail;
mod reminders;
mod digests;
