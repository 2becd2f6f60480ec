//! The doors, one file a word.

mod asked;
pub mod ids;
mod people;
mod profile;
mod inbox;
mod digest;
mod mail;
mod webhooks;
mod teams;
mod services;
mod chef;
mod freezes;
mod slos;
mod slo_sources;
mod honeycomb;
mod slo_worth;
mod experiments;
mod templates;
mod findings;
mod fixes;
mod decisions;
mod search;
mod search_csv;
mod views;
mod due;
mod seen;
mod gamedays;
mod cadences;
mod calendar;
mod gate;
mod ledger;
mod runs;
mod alerts;
mod imports;
mod ingest;
mod sample;
mod chaostoolkit;
mod openslo;
mod backstage;
mod today;
mod events;
mod description;

use crate::operations::{Doors, Table};

/// Everything that is not a page: forms, the API, and short addresses.
pub fn all() -> Doors {
    Doors::default()
        .and(people::doors())
        .and(profile::doors())
        .and(inbox::doors())
        .and(digest::doors())
        .and(mail::doors())
        .and(webhooks::doors())
        .and(teams::doors())
        .and(services::doors())
        .and(chef::doors())
        .and(freezes::doors())
        .and(slos::doors())
        .and(slo_sources::doors())
        .and(honeycomb::doors())
        .and(slo_worth::doors())
        .and(experiments::doors())
        .and(templates::doors())
        .and(gate::doors())
        .and(ledger::doors())
        .and(runs::doors())
        .and(alerts::doors())
        .and(findings::doors())
        .and(fixes::doors())
        .and(decisions::doors())
        .and(search::doors())
        .and(search_csv::doors())
        .and(views::doors())
        .and(due::doors())
        .and(seen::doors())
        .and(gamedays::doors())
        .and(cadences::doors())
        .and(calendar::doors())
        .and(imports::doors())
        .and(chaostoolkit::doors())
        .and(openslo::doors())
        .and(sample::doors())
        .and(today::doors())
        .and(events::doors())
        .and(description::doors())
        .and(ids::doors())
}

/// Doors that take whole documents; they have limits of their own.
pub fn large() -> Doors {
    Doors::default()
        .and(imports::large())
        .and(ingest::large())
        .and(chaostoolkit::large())
        .and(openslo::large())
        .and(backstage::large())
        .and(chef::large())
        .and(honeycomb::large())
        .and(alerts::large())
        .and(runs::large())
}

/// Doors whose answers go on until their readers leave.
pub fn streams() -> Doors {
    runs::streams()
}

/// What all of them can be asked for.
pub fn table() -> Table {
    all().and(large()).and(streams()).table
}
