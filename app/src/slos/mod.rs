//! Pages of SLOs: what is promised, where its budget stands, and what was measured.

pub mod budgets;
pub mod edit;
pub mod list;
pub mod new;
pub mod of_service;
pub mod one;

mod acts;
mod bars;
mod burndown;
mod compliance;
mod drawing;
mod entering;
mod fields;
mod honeycomb;
mod measured;
mod numbers;
mod source;
mod suggestion;
mod trail;
