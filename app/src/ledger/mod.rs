//! The ledger: what the runs of a quarter cost, and what they gave for it.

mod one;

pub use one::LedgerPage;
