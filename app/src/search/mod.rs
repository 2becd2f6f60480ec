//! The page that finds everything that was ever learnt.

mod hit;
mod page;
mod views;

pub use page::SearchPage;
