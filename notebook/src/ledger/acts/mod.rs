//! Reading the ledger: what one run cost, what all runs of a quarter cost, and what a budget should be
//! spent on.

mod costs;
mod quarters;
mod suggesting;

pub(crate) use self::costs::costs_of;
pub use self::{
    costs::{of_run, on_slo},
    quarters::{Entry, Ledger, Total, newest, quarter},
    suggesting::suggestion,
};
