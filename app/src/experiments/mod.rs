//! Pages of experiments: the plan, its revisions, and what its runs have shown.

pub mod list;
pub mod one;
pub mod form;
pub mod revision;

mod actions;
pub mod chain;
mod compare;
mod confidence;
mod differences;
mod findings_view;
mod history_view;
mod observed;
pub(crate) mod plan_view;
mod review_form;
mod runs_view;
mod step;
mod tool_view;
mod typed;
