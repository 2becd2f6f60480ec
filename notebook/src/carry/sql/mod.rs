//! Whole rows in and out, and questions about all of them.

mod questions;
mod statements;

pub use questions::{
    Holdings, holdings, lift_counters, lines_of_kind, loose, low_counters, services_kept, take_out_first_things,
};
pub use statements::{ROWS_INSERTED_TOGETHER, Rows, Statements};
