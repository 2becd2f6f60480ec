//! What two pages or more draw with: one file for each part.

pub mod icon;
pub mod badge;
pub mod words;
pub mod page;
pub mod tabs;
pub mod facts;
pub mod answers;
pub mod hypothesis;
pub mod sample;
pub mod stepper;
pub mod sheet;
pub mod chain;
pub mod chain_layout;
pub mod log;
pub mod refresh;
pub mod why;
pub mod because;
pub mod table;
pub mod pager;
pub mod history;
pub mod diff;
pub mod when;
pub mod prose;
pub mod prose_links;
pub mod field;
pub mod choices;
pub mod ticks;
pub mod disclosure;
pub mod meanwhile;
pub mod error_summary;
pub mod unclaimed;
pub mod flash;

#[cfg(test)]
mod contrast;
