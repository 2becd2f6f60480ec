//! Retrial without a web.
//!
//! A team asks a question about a **service**, writes it as an **experiment** with a plan,
//! starts a **run**, writes **findings**, deploys **fixes**, and reruns the same experiment.
//! Only that rerun makes a fix *verified*; a **decision** keeps the evidence it rests on.
//!
//! Modules stand in the order of that story, and a word never uses a later one's SQL.

#![forbid(unsafe_code)]

pub mod actor;
pub mod answer;
pub mod belongs;
pub mod foreign;
pub mod id;
pub mod interval;
pub mod limits;
pub mod naming;
pub mod nearest;
pub mod paging;
pub mod refusal;
pub mod text;
pub mod time;
pub mod version;

#[cfg(feature = "store")]
pub mod db;
#[cfg(feature = "store")]
pub mod desk;
#[cfg(feature = "store")]
pub mod fault;
#[cfg(feature = "store")]
mod remembered;
#[cfg(feature = "store")]
pub mod once;
#[cfg(feature = "store")]
pub mod shapes;

#[cfg(feature = "store")]
pub mod events;
pub mod people;
pub mod calendar;
pub mod teams;
pub mod services;
pub mod freezes;
pub mod slos;
pub mod experiments;
pub mod templates;
pub mod runs;
#[cfg(feature = "store")]
pub mod watching;
pub mod gate;
pub mod alerts;
pub mod findings;
pub mod fixes;
pub mod decisions;
pub mod gamedays;
pub mod cadences;
pub mod retrials;
pub mod subscriptions;
pub mod ledger;
#[cfg(feature = "store")]
pub mod reports;
pub mod notifications;
pub mod imports;
pub mod search;
pub mod views;
#[cfg(feature = "store")]
pub mod samples;
#[cfg(feature = "store")]
pub mod carry;
