//! The real router in process, on SQLite in a folder of its own; one binary (one link).

#![expect(clippy::unwrap_used, reason = "a story that cannot go on fails")]

mod world;
#[path = "../../../notebook/tests/shared/migrated.rs"]
mod migrated;
#[path = "../../../notebook/tests/shared/plan.rs"]
mod plan;
#[path = "../../../notebook/tests/shared/gate.rs"]
mod ready;
mod story;
mod described;
mod postgres;
mod program;
mod process;
mod tool;
mod history;
mod watching;
mod receiver;

mod accounts;
mod assets;
mod conditions;
mod carry;
mod errors;
mod forms;
mod headers;
mod logins;
mod once;
mod origins;
mod programs;
mod speed;
mod runs;
mod notes;
mod watch;
mod gate;
mod live;
mod findings;
mod fixes;
mod decisions;
mod calendar;
mod icalendar;
mod gamedays;
mod services;
mod catalogue;
mod teams;
mod templates;
mod go;
mod slos;
mod ledger;
mod search;
mod shown;
mod due;
mod seen;
mod experiments;
mod compared;
mod first;
mod sample;
mod imports;
mod ingest;
mod api;
mod walked;
mod walk_api;
mod walk_command_line;
mod command_line;
#[cfg(target_os = "linux")]
mod exec;
#[cfg(target_os = "linux")]
mod outage;
mod chaos;
mod chaostoolkit;
mod openslo;
mod pull;
mod honeycomb;
mod alerts;
mod alertmanager;
mod webhooks;
mod mail;
mod prometheus;
mod sampling;
