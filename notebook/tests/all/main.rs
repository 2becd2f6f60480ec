//! Stories of the acts, each on both engines, in one binary (one link).

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a story that cannot go on fails")]

#[macro_use]
mod each_db;
#[path = "../shared/plan.rs"]
mod plan;
#[path = "../shared/postgres.rs"]
mod postgres;
mod lab;

mod beside;
mod events;
mod carry;
mod experiments;
mod first;
mod once;
mod versions;
mod imports;
mod chaostoolkit;
mod migrations;
mod people;
mod retrials;
mod samples;
mod services;
mod catalogue;
mod slos;
